//! The operator's switches.

use chassis::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn a_provider_that_is_down_does_nothing_and_remembers_nothing() {
    let provider = Provider::start().await;
    let token = provider.token_for("4242424242424242").await;
    provider.set_mode("down").await;

    let charge = code_of(provider.charge("pay_1", &token).await).await;
    let refund = code_of(provider.refund("ref_1", "pay_1").await).await;
    let stored = code_of(provider.store_card(&card("4242424242424242")).await).await;
    let other_mode = provider.set_mode("up").await;
    let later = status_of(provider.charge("pay_1", &token).await).await;

    let down = (503, "provider-down".to_owned());
    assert_eq!([charge, refund, stored], [down.clone(), down.clone(), down]);
    assert_eq!((other_mode.status().as_u16(), later.as_str()), (200, "approved"));
}

#[tokio::test]
async fn a_slow_provider_takes_its_time_and_a_restart_makes_it_well() {
    let provider = Provider::start().await;
    let token = provider.token_for("4242424242424242").await;
    provider.set_mode("slow").await;

    let start = std::time::Instant::now();
    let status = status_of(provider.charge("pay_1", &token).await).await;
    let took = start.elapsed();
    let provider = provider.restart().await;
    let mode = provider.ask(Method::GET, "/sandbox/mode").send().await.unwrap();

    assert_eq!(status, "approved");
    assert!(took >= std::time::Duration::from_millis(300), "{took:?}");
    assert_eq!(mode.json::<Value>().await.unwrap(), json!({ "mode": "up" }));
}

#[tokio::test]
async fn a_refused_refund_passes_once_the_operator_has_sorted_it_out() {
    let provider = Provider::start().await;
    let token = provider.token_for("4000000000005126").await;
    provider.charge("pay_1", &token).await;
    let refused = status_of(provider.refund("ref_1", "pay_1").await).await;

    let allowed = provider
        .ask(Method::PUT, "/sandbox/charges/pay_1/refunds-allowed")
        .bearer_auth(provider.token(&[Role::Operator]))
        .send()
        .await
        .unwrap();
    let same_key = status_of(provider.refund("ref_1", "pay_1").await).await;
    let next_key = status_of(provider.refund("ref_2", "pay_1").await).await;

    assert_eq!(allowed.status(), 204);
    assert_eq!((refused.as_str(), same_key.as_str()), ("refused", "refused"));
    assert_eq!(next_key, "refunded");
}
