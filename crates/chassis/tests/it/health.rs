//! Ready means: the own store answers and the keys are loaded.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chassis::auth::{JwkSet, TokenSigner, Verifier};
use serde_json::{Value, json};
use shop_kernel::SystemClock;

use crate::support::{BOUND, Example};

#[tokio::test]
async fn a_service_is_ready_while_the_broker_is_away() {
    let example = Example::start().await;

    let answer = example.get("/health/ready").await;

    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({ "status": "ready", "store": true, "keys": true, "reported": { "broker": false } })
    );
}

#[tokio::test]
async fn a_service_is_not_ready_while_its_store_is_away() {
    let example = Example::start().await;

    example.store.off.store(true, Ordering::SeqCst);
    testkit::eventually(BOUND, || async { example.get("/health/ready").await.status() == 503 })
        .await;
    example.store.off.store(false, Ordering::SeqCst);

    testkit::eventually(BOUND, || async { example.get("/health/ready").await.status() == 200 })
        .await;
}

#[tokio::test]
async fn a_service_is_not_ready_before_it_has_seen_keys() {
    let signer = TokenSigner::generate().unwrap();
    let verifier = Verifier::with_keys(&JwkSet { keys: vec![] }, Arc::new(SystemClock));
    let verifier = Arc::new(verifier);
    let example = Example::start_with(signer, Arc::clone(&verifier)).await;

    let before = example.get("/health/ready").await.status();
    let refused = example.get_as("/as/customer", &example.customer()).await.status();
    verifier.replace_keys(&example.signer.jwks());
    let after = example.get("/health/ready").await.status();

    assert_eq!((before.as_u16(), refused.as_u16(), after.as_u16()), (503, 503, 200));
}

#[tokio::test]
async fn many_probes_ask_the_store_once() {
    let example = Example::start().await;

    for _ in 0..20 {
        example.get("/health/ready").await;
    }

    // Twenty probes may straddle a second, hardly more.
    assert!(example.store.asked.load(Ordering::SeqCst) <= 3);
}
