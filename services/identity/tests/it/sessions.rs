use chrono::TimeDelta;
use futures::future::join_all;
use reqwest::Method;
use testkit::{TestDb, databases};

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    shop.register("ada@example.org").await;

    let wrong = shop.sign_in("ada@example.org", "not her password").await;
    let unknown = shop.sign_in("eve@example.org", "not her password").await;

    assert_eq!((wrong.status, wrong.code()), (401, "wrong-credentials"));
    assert_eq!(wrong.told(), unknown.told());
}

#[tokio::test]
async fn an_answer_with_tokens_is_not_kept_by_anyone_between() {
    let shop = TestApp::start(TestDb::sqlite()).await;

    let session = shop.ada().await;

    assert_eq!(session.header("cache-control"), "no-store");
    assert_eq!(session.body["token_type"], "Bearer");
    assert_eq!(session.body["expires_in"], 600);
}

#[tokio::test]
async fn refreshing_yields_a_new_pair_that_works() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let first = shop.ada().await;

        let second = shop.refresh(&first.text("refresh_token")).await;
        let third = shop.refresh(&second.text("refresh_token")).await;

        assert_eq!((second.status, third.status), (200, 200));
        assert_ne!(first.text("refresh_token"), second.text("refresh_token"));
        assert_ne!(second.text("refresh_token"), third.text("refresh_token"));
        let me = shop.get("/customers/me", &third.text("access_token")).await;
        assert_eq!(me.status, 200);
    }
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_session_for_everyone() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let first = shop.ada().await.text("refresh_token");
        let second = shop.refresh(&first).await.text("refresh_token");
        let third = shop.refresh(&second).await.text("refresh_token");

        let thief = shop.refresh(&first).await;
        let owner = shop.refresh(&third).await;

        assert_eq!((thief.status, thief.code()), (401, "refresh-token-invalid"));
        assert_eq!((owner.status, owner.code()), (401, "refresh-token-invalid"));
        let fresh = shop.sign_in("ada@example.org", PASSWORD).await;
        assert_eq!(fresh.status, 201);
    }
}

#[tokio::test]
async fn the_token_before_the_newest_yields_the_same_pair_for_ten_seconds() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let first = shop.ada().await.text("refresh_token");

        let one_tab = shop.refresh(&first).await;
        shop.clock.advance(TimeDelta::seconds(9));
        let other_tab = shop.refresh(&first).await;

        assert_eq!(other_tab.status, 200);
        assert_eq!(one_tab.text("refresh_token"), other_tab.text("refresh_token"));
        let next = shop.refresh(&one_tab.text("refresh_token")).await;
        assert_eq!(next.status, 200);
    }
}

#[tokio::test]
async fn the_token_before_the_newest_is_an_old_one_after_ten_seconds() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let first = shop.ada().await.text("refresh_token");
        let second = shop.refresh(&first).await.text("refresh_token");

        shop.clock.advance(TimeDelta::seconds(11));
        let late = shop.refresh(&first).await;

        assert_eq!(late.status, 401);
        assert_eq!(shop.refresh(&second).await.status, 401);
    }
}

#[tokio::test]
async fn many_tabs_that_refresh_at_once_stay_signed_in_together() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let token = shop.ada().await.text("refresh_token");

        let tabs = join_all((0..8).map(|_| shop.refresh(&token))).await;

        let mut successors: Vec<_> = tabs.iter().map(|tab| tab.text("refresh_token")).collect();
        successors.dedup();
        assert!(tabs.iter().all(|tab| tab.status == 200));
        assert_eq!(successors.len(), 1);
        assert_eq!(shop.refresh(&successors[0]).await.status, 200);
    }
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let here = shop.ada().await;
        let there = shop.sign_in("ada@example.org", PASSWORD).await;
        let token = here.text("access_token");
        let sign_out = || shop.send(Method::DELETE, "/sessions/current", Some(&token), None);

        let (first, again) = (sign_out().await, sign_out().await);

        assert_eq!((first.status, again.status), (204, 204));
        assert_eq!(shop.refresh(&here.text("refresh_token")).await.status, 401);
        assert_eq!(shop.refresh(&there.text("refresh_token")).await.status, 200);
    }
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_often_it_was_refreshed() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let first = shop.ada().await.text("refresh_token");
        shop.clock.advance(TimeDelta::days(29));
        let second = shop.refresh(&first).await;
        shop.clock.advance(TimeDelta::days(1));

        let late = shop.refresh(&second.text("refresh_token")).await;

        assert_eq!((second.status, late.status), (200, 401));
    }
}

#[tokio::test]
async fn an_access_token_ends_after_ten_minutes() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let token = shop.ada().await.text("access_token");

    shop.clock.advance(TimeDelta::minutes(11));
    let late = shop.get("/customers/me", &token).await;

    assert_eq!((late.status, late.code()), (401, "token-expired"));
}

#[tokio::test]
async fn one_kind_of_token_is_not_taken_for_the_other() {
    let shop = TestApp::start(TestDb::sqlite()).await;
    let session = shop.ada().await;

    let refreshed = shop.refresh(&session.text("access_token")).await;
    let read = shop.get("/customers/me", &session.text("refresh_token")).await;

    assert_eq!((refreshed.status, refreshed.code()), (401, "refresh-token-invalid"));
    assert_eq!((read.status, read.code()), (401, "token-invalid"));
    assert_eq!(shop.refresh(&session.text("refresh_token")).await.status, 200);
}

#[tokio::test]
async fn no_refresh_token_is_kept_as_it_is() {
    for db in databases().await {
        let shop = TestApp::start(db).await;
        let first = shop.ada().await.text("refresh_token");
        let second = shop.refresh(&first).await.text("refresh_token");

        let mut kept = shop.column("SELECT hash FROM refresh_tokens").await;
        kept.extend(shop.column("SELECT salt FROM refresh_tokens WHERE salt IS NOT NULL").await);

        assert_eq!(kept.len(), 3);
        for token in [first, second] {
            let digits = token.trim_start_matches("rft_");
            assert!(kept.iter().all(|kept| !kept.contains(digits)));
        }
    }
}
