use std::sync::Arc;

use identity::seed::{ADA, DEMO, OPERATOR};
use identity::{Application, Config};
use shop_kernel::SystemClock;
use testkit::{TestDb, databases};

use crate::support::{TestApp, config};

#[tokio::test]
async fn without_the_seed_no_account_is_there() {
    let shop = TestApp::start(TestDb::sqlite()).await;

    for account in DEMO {
        let refused = shop.sign_in(account.email, account.password).await;
        assert_eq!(refused.status, 401, "{}", account.email);
    }
    assert!(shop.column("SELECT email FROM customers").await.is_empty());
}

#[tokio::test]
async fn with_the_seed_the_demo_accounts_sign_in_after_every_start() {
    for db in databases().await {
        let shop = TestApp::start_with(db, &[("seed.enabled", "true")]).await;
        let again =
            Application::build(config(&shop.db, &[("seed.enabled", "true")]), shop.clock.clone());
        again.await.unwrap().stop().await;

        for account in DEMO {
            let session = shop.sign_in(account.email, account.password).await;
            assert_eq!(session.status, 201, "{}", account.email);
            assert_eq!(session.body["customer"]["id"], account.id.to_string());
        }
        let operator = shop.sign_in(OPERATOR.email, OPERATOR.password).await;
        let audit = shop.get("/ops/audit", &operator.text("access_token")).await;
        assert_eq!((audit.status, &audit.body["customers"]), (200, &serde_json::json!(3)));
        let me = shop.get("/customers/me", &operator.text("access_token")).await;
        assert_eq!(me.body["role"], "operator");
    }
}

#[tokio::test]
async fn the_first_operator_comes_from_the_settings() {
    let operator =
        [("operator.email", "boss@example.org"), ("operator.password", "long enough, boss")];
    let shop = TestApp::start_with(TestDb::sqlite(), &operator).await;

    let session = shop.sign_in("boss@example.org", "long enough, boss").await;
    let keys = shop.get("/ops/keys", &session.text("access_token")).await;

    assert_eq!((session.status, keys.status), (201, 200));
}

#[tokio::test]
async fn an_unsafe_setting_refuses_the_start_and_says_what_to_do() {
    for (settings, says) in [
        (&[("service_secrets.order", "short")][..], "service_secrets.order is shorter than 16"),
        (&[("operator.email", "boss@example.org")], "must be given together"),
        (
            &[("operator.email", "boss@example.org"), ("operator.password", "weak")],
            "boss@example.org",
        ),
        (&[("limits.trusted_proxies", "proxy")], "limits.trusted_proxies"),
    ] {
        let db = TestDb::sqlite();
        let refused = Application::build(config(&db, settings), Arc::new(SystemClock)).await;
        let message = format!("{:#}", refused.unwrap_err());
        assert!(message.contains(says), "{message}");
    }
}

#[tokio::test]
async fn without_service_secrets_it_starts_only_when_told_to() {
    let db = TestDb::sqlite();
    let bare = |authenticated: &str| -> Config {
        let settings = [
            ("http.bind", "127.0.0.1:0"),
            ("database.url", db.url()),
            ("services.authenticated", authenticated),
        ];
        chassis::config::load_from(identity::SERVICE.defaults, &settings).unwrap()
    };

    let refused = Application::build(bare("true"), Arc::new(SystemClock)).await;
    let allowed = Application::build(bare("false"), Arc::new(SystemClock)).await;

    let message = refused.unwrap_err().to_string();
    assert!(message.contains("SHOP_SERVICE_SECRETS__ORDER"), "{message}");
    assert!(allowed.is_ok());
}

#[tokio::test]
async fn a_service_is_ready_once_its_store_answers_and_its_keys_are_loaded() {
    let shop = TestApp::start(TestDb::sqlite()).await;

    let ready = shop.send(reqwest::Method::GET, "/health/ready", None, None).await;

    assert_eq!((ready.status, ready.text("status")), (200, "ready".to_owned()));
    assert_eq!(ADA.email, "ada@example.org");
}
