use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;
use testkit::{TestDb, databases};

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn ten_failed_attempts_close_an_account_to_an_address_for_a_while() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        shop.register("ada@example.org").await;
        shop.register("haru@example.org").await;
        for attempt in 1..=10 {
            let failed = shop.sign_in("ada@example.org", "a wrong guess").await;
            assert_eq!(failed.status, 401, "attempt {attempt}");
        }

        let closed = shop.sign_in("ada@example.org", PASSWORD).await;
        let other = shop.sign_in("haru@example.org", PASSWORD).await;
        shop.clock.advance(TimeDelta::minutes(15));
        let later = shop.sign_in("ada@example.org", PASSWORD).await;

        assert_eq!((closed.status, closed.code()), (429, "too-many-attempts"));
        assert!((1..=900).contains(&closed.header("retry-after").parse::<u32>().unwrap()));
        assert_eq!((other.status, later.status), (201, 201));
    }
}

#[tokio::test]
async fn an_unknown_account_closes_as_a_known_one_does() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    for _ in 1..=10 {
        shop.sign_in("nobody@example.org", "a wrong guess").await;
    }

    let closed = shop.sign_in("nobody@example.org", "a wrong guess").await;

    assert_eq!((closed.status, closed.code()), (429, "too-many-attempts"));
}

#[tokio::test]
async fn guesses_made_at_once_count_as_much_as_one_after_the_other() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        shop.register("ada@example.org").await;

        let guesses = (0..30).map(|_| shop.sign_in("ada@example.org", "a wrong guess"));
        let answers = join_all(guesses).await;

        let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
        let refused = answers.iter().filter(|answer| answer.status == 429).count();
        assert_eq!((looked_at, refused), (10, 20));
    }
}

#[tokio::test]
async fn signing_in_forgets_the_failed_attempts_before_it() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    shop.register("ada@example.org").await;

    for round in 0..3 {
        for _ in 0..9 {
            shop.sign_in("ada@example.org", "a wrong guess").await;
        }
        let signed_in = shop.sign_in("ada@example.org", PASSWORD).await;
        assert_eq!(signed_in.status, 201, "round {round}");
    }
}

#[tokio::test]
async fn an_address_is_counted_as_a_trusted_proxy_tells_it() {
    let shop =
        TestApp::start_with(TestDb::sqlite(), &[("limits.trusted_proxies", "127.0.0.0/8")]).await;
    shop.register("ada@example.org").await;
    let guess = json!({ "email": "ada@example.org", "password": "a wrong guess" });
    let right = json!({ "email": "ada@example.org", "password": PASSWORD });
    for _ in 0..11 {
        shop.post_from("203.0.113.9", "/sessions", guess.clone()).await;
    }

    let from_there = shop.post_from("203.0.113.9", "/sessions", right.clone()).await;
    let from_home = shop.post_from("198.51.100.7", "/sessions", right).await;

    assert_eq!((from_there.status, from_home.status), (429, 201));
}

#[tokio::test]
async fn a_stranger_cannot_choose_the_address_it_is_counted_by() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let guess = json!({ "email": "ada@example.org", "password": "a wrong guess" });

    let mut statuses = Vec::new();
    for host in 0..11 {
        let client = format!("203.0.113.{host}");
        statuses.push(shop.post_from(&client, "/sessions", guess.clone()).await.status);
    }

    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn registrations_and_guests_are_limited_per_address() {
    for db in databases().await {
        let limits = [("limits.registrations_per_hour", "2"), ("limits.guests_per_minute", "3")];
        let shop = TestApp::start_with(db, &limits).await;

        let mut registrations = Vec::new();
        for number in 0..3 {
            registrations.push(shop.register(&format!("ada{number}@example.org")).await.status);
        }
        let mut guests = Vec::new();
        for _ in 0..4 {
            guests.push(shop.post("/guests", json!({})).await.status);
        }
        shop.clock.advance(TimeDelta::minutes(1));
        guests.push(shop.post("/guests", json!({})).await.status);

        assert_eq!(registrations, [201, 201, 429]);
        assert_eq!(guests, [201, 201, 201, 429, 201]);
    }
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_turned_away_and_everything_else_goes_on() {
    let narrow = [("hashing.concurrent", "1"), ("hashing.wait_ms", "1")];
    let shop = TestApp::start_with(TestDb::sqlite(), &narrow).await;
    let registered = shop.register("ada@example.org").await;
    let session = shop.sign_in("ada@example.org", PASSWORD).await;

    let emails: Vec<_> = (0..40).map(|number| format!("guess{number}@example.org")).collect();
    let flood = join_all(emails.iter().map(|email| shop.sign_in(email, "a wrong guess")));
    let token = session.text("access_token");
    let (flood, me) = tokio::join!(flood, shop.get("/customers/me", &token));

    assert_eq!((registered.status, session.status, me.status), (201, 201, 200));
    let busy: Vec<_> = flood.iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty());
    assert!(busy.iter().all(|answer| answer.code() == "passwords-busy"));
    assert!(busy.iter().all(|answer| answer.header("retry-after") == "1"));
    assert!(flood.iter().all(|answer| matches!(answer.status, 401 | 503)));
}

#[tokio::test]
async fn an_attempt_that_was_turned_away_is_no_failed_one() {
    let narrow = [("hashing.concurrent", "1"), ("hashing.wait_ms", "0")];
    let shop = TestApp::start_with(TestDb::sqlite(), &narrow).await;
    shop.register("ada@example.org").await;

    let flood = join_all((0..60).map(|_| shop.sign_in("ada@example.org", PASSWORD))).await;
    let after = shop.sign_in("ada@example.org", PASSWORD).await;

    // More than ten at once may be refused for now, but nothing is left of it.
    assert!(flood.iter().all(|answer| matches!(answer.status, 201 | 429 | 503)));
    assert_eq!(after.status, 201);
}
