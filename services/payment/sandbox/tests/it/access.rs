//! Who may call what.

use chassis::auth::Role;
use reqwest::Method;

use crate::support::*;

#[tokio::test]
async fn money_moves_for_the_shops_key_only() {
    let provider = Provider::start().await;
    for path in ["/v1/tokens", "/v1/charges", "/v1/refunds"] {
        let strangers = provider.ask(Method::POST, path).json(&card("4242424242424242"));
        let forgers = strangers.try_clone().unwrap().bearer_auth("another key");

        let stranger = code_of(strangers.send().await.unwrap()).await;
        let forger = code_of(forgers.send().await.unwrap()).await;

        let refused = (401, "api-key-invalid".to_owned());
        assert_eq!((stranger, forger), (refused.clone(), refused), "{path}");
    }
}

#[tokio::test]
async fn the_switches_are_the_operators_and_the_ledger_is_not_for_customers() {
    let provider = Provider::start().await;
    let customer = provider.token(&[Role::Customer]);
    for (method, path) in [
        (Method::PUT, "/sandbox/mode"),
        (Method::PUT, "/sandbox/charges/pay_1/refunds-allowed"),
        (Method::GET, "/v1/ledger"),
    ] {
        let ask = provider.ask(method, path).json(&serde_json::json!({ "mode": "down" }));
        let known = ask.try_clone().unwrap().bearer_auth(&customer);

        let stranger = ask.send().await.unwrap().status();
        let customer = known.send().await.unwrap().status();

        assert_eq!((stranger.as_u16(), customer.as_u16()), (401, 403), "{path}");
    }
}
