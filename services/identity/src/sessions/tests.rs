use shop_kernel::ManualClock;
use testkit::TestDb;

use super::*;
use crate::accounts::Registration;

struct House {
    sessions: Sessions,
    hasher: Arc<Hasher>,
    _db: TestDb,
}

async fn house() -> House {
    let db = TestDb::sqlite();
    let store = db.open(crate::migration::all).await;
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::default());
    let hasher = Arc::new(Hasher::new(2, std::time::Duration::from_secs(60)).unwrap());
    let accounts = Accounts::new(store.clone(), hasher.clone(), clock.clone());
    let ada = Registration {
        email: email("ada"),
        name: "Ada".to_owned(),
        locale: shop_kernel::Locale::En,
        password: "correct horse".into(),
    };
    accounts.register(ada).await.unwrap();
    let limiter = Limiter::new(store.clone(), clock.clone());
    House {
        sessions: Sessions::new(store, accounts, hasher.clone(), limiter, clock),
        hasher,
        _db: db,
    }
}

fn email(name: &str) -> EmailAddress {
    format!("{name}@example.org").parse().unwrap()
}

#[tokio::test]
async fn every_attempt_costs_one_hash_whoever_it_is_for() {
    let house = house().await;

    for (name, password) in [("ada", "correct horse"), ("ada", "wrong"), ("eve", "wrong")] {
        let before = house.hasher.performed();
        drop(house.sessions.sign_in(&email(name), password.into(), "here").await);
        assert_eq!(house.hasher.performed() - before, 1, "{name} {password}");
    }
}

#[tokio::test]
async fn an_attempt_that_is_refused_costs_none() {
    let house = house().await;
    for _ in 0..FAILED_SIGN_INS.max {
        drop(house.sessions.sign_in(&email("ada"), "wrong".into(), "here").await);
    }

    let before = house.hasher.performed();
    let refused = house.sessions.sign_in(&email("ada"), "correct horse".into(), "here").await;

    assert!(matches!(refused, Err(SignInError::TooMany { .. })));
    assert_eq!(house.hasher.performed(), before);
}

#[tokio::test]
async fn a_session_of_another_is_not_ended() {
    let house = house().await;
    let open = house.sessions.sign_in(&email("ada"), "correct horse".into(), "here").await.unwrap();

    house.sessions.sign_out(CustomerId::generate(), open.session).await.unwrap();

    assert!(house.sessions.refresh(&open.refresh_token).await.is_ok());
}

#[tokio::test]
async fn what_has_expired_is_dropped() {
    let house = house().await;
    let open = house.sessions.sign_in(&email("ada"), "correct horse".into(), "here").await.unwrap();
    let late = ManualClock::default();
    late.advance(LIFETIME);
    let later = Sessions { clock: Arc::new(late), ..house.sessions.clone() };

    later.sweep().await.unwrap();

    let left = refresh_token::Entity::find().all(&house.sessions.db).await.unwrap();
    assert!(left.is_empty());
    assert!(matches!(
        house.sessions.refresh(&open.refresh_token).await,
        Err(RefreshError::Invalid)
    ));
}
