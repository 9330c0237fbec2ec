//! Charges and refunds.

use reqwest::Method;
use serde_json::Value;

use crate::support::*;

#[tokio::test]
async fn each_card_is_charged_as_its_number_says() {
    let provider = Provider::start().await;
    for (number, expected) in [
        ("4242424242424242", "approved"),
        ("4000000000000002", "declined"),
        ("4000000000009995", "insufficient-funds"),
        ("4000000000000341", "card-error"),
        ("4000000000006975", "approved"),
        ("4000000000005126", "approved"),
    ] {
        let token = provider.token_for(number).await;

        let status = status_of(provider.charge(&format!("pay_{number}"), &token).await).await;

        assert_eq!(status, expected, "{number}");
    }
}

#[tokio::test]
async fn one_key_moves_money_once_and_gets_one_answer() {
    let provider = Provider::start().await;
    let (ada, haru) = (
        provider.token_for("4242424242424242").await,
        provider.token_for("4242424242424242").await,
    );

    let answers = futures::future::join_all((0..8).map(|_| provider.charge("pay_1", &ada))).await;
    let reused = code_of(provider.charge("pay_1", &haru).await).await;

    for answer in answers {
        assert_eq!(status_of(answer).await, "approved");
    }
    assert_eq!(reused, (409, "idempotency-key-reused".to_owned()));
    let ledger = provider.ledger("").await;
    let charges = ledger["items"].as_array().unwrap().iter().filter(|i| i["kind"] == "charge");
    assert_eq!(charges.count(), 1);
}

#[tokio::test]
async fn a_charge_is_given_back_once() {
    let provider = Provider::start().await;
    let token = provider.token_for("4242424242424242").await;
    provider.charge("pay_1", &token).await;

    let first = status_of(provider.refund("ref_1", "pay_1").await).await;
    let again = status_of(provider.refund("ref_1", "pay_1").await).await;
    let second = code_of(provider.refund("ref_2", "pay_1").await).await;

    assert_eq!((first.as_str(), again.as_str()), ("refunded", "refunded"));
    assert_eq!(second, (409, "refund-too-large".to_owned()));
    let ask = provider.ask(Method::GET, "/v1/charges/pay_1").bearer_auth(KEY);
    let charge: Value = ask.send().await.unwrap().json().await.unwrap();
    assert_eq!(charge["refunded"], usd(1_950));
}

#[tokio::test]
async fn a_slow_card_is_charged_before_its_answer_comes_and_answered_at_once_the_next_time() {
    let provider = Provider::start().await;
    let token = provider.token_for("4000000000006975").await;

    let given_up = tokio::time::timeout(
        std::time::Duration::from_millis(100),
        provider.charge("pay_1", &token),
    )
    .await;
    let start = std::time::Instant::now();
    let status = status_of(provider.charge("pay_1", &token).await).await;

    assert!(given_up.is_err());
    assert_eq!(status, "approved");
    assert!(start.elapsed() < std::time::Duration::from_millis(250), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_refused_with_its_reason() {
    let provider = Provider::start().await;
    let charge = provider.ask(Method::POST, "/v1/charges").bearer_auth(KEY);

    let unknown_token = code_of(provider.charge("pay_1", "tok_nobody").await).await;
    let unknown_charge = code_of(provider.refund("ref_1", "pay_0").await).await;
    let without_key = code_of(charge.body("{}").send().await.unwrap()).await;

    assert_eq!(unknown_token, (422, "unknown-token".to_owned()));
    assert_eq!(unknown_charge, (404, "unknown-charge".to_owned()));
    assert_eq!(without_key, (400, "idempotency-key-missing".to_owned()));
}
