//! Email reads what the others have published as golden files, and ignores what it does not know.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chassis_messaging::{Handler as _, Outcome, Received, Wake};
use email::scripts::Scripts;
use serde_json::Value;
use shop_contracts::routing::EMAIL_NOTICES;
use shop_kernel::{Clock as _, SystemClock};
use testkit::TestDb;

#[tokio::test]
async fn every_golden_message_is_understood_with_fields_nobody_knows() {
    let db = TestDb::sqlite();
    let store = db.open(email::migrations).await;
    let scripts = Scripts::over(store, Arc::new(SystemClock), Wake::default());

    let mut understood = BTreeSet::new();
    for mut message in golden() {
        message["colour"] = "blue".into();
        message["data"]["colour"] = "blue".into();
        let envelope: shop_contracts::RawEnvelope = serde_json::from_value(message).unwrap();
        let kind = envelope.kind.clone();
        let received = Received::new(EMAIL_NOTICES, 1, SystemClock.now(), envelope);
        assert_eq!(scripts.handle(&received).await.unwrap(), Outcome::Done, "{kind}");
        understood.insert(kind);
    }

    let routed: BTreeSet<_> = EMAIL_NOTICES.types.iter().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(understood, routed);
}

#[tokio::test]
async fn a_message_that_lacks_what_it_must_have_is_rejected() {
    let db = TestDb::sqlite();
    let store = db.open(email::migrations).await;
    let scripts = Scripts::over(store, Arc::new(SystemClock), Wake::default());

    for mut message in golden() {
        message["data"].as_object_mut().unwrap().remove("order");
        let envelope = serde_json::from_value(message).unwrap();
        let received = Received::new(EMAIL_NOTICES, 1, SystemClock.now(), envelope);
        let refused = scripts.handle(&received).await.unwrap_err();
        assert!(matches!(refused, chassis_messaging::HandleError::Malformed(_)), "{refused}");
    }
}

/// The golden messages that are routed to this service.
fn golden() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/shop-contracts/golden");
    let mut messages = Vec::new();
    for producer in ["order", "payment"] {
        for file in std::fs::read_dir(root.join(producer)).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let message: Value = serde_json::from_str(&text).unwrap();
            if EMAIL_NOTICES.types.contains(&message["type"].as_str().unwrap()) {
                messages.push(message);
            }
        }
    }
    messages
}
