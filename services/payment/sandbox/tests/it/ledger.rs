//! The ledger over HTTP and over a kill.

use crate::support::*;

#[tokio::test]
async fn what_was_answered_is_known_after_a_kill() {
    let provider = Provider::start().await;
    let token = provider.token_for("4242424242424242").await;
    provider.charge("pay_1", &token).await;
    provider.refund("ref_1", "pay_1").await;
    let before = provider.ledger("").await;

    let provider = provider.restart().await;

    assert_eq!(provider.ledger("").await, before);
    assert_eq!(status_of(provider.charge("pay_1", &token).await).await, "approved");
    assert_eq!(provider.ledger("").await, before);
}

#[tokio::test]
async fn the_ledger_is_read_page_by_page() {
    let provider = Provider::start().await;
    let token = provider.token_for("4242424242424242").await;
    provider.charge("pay_1", &token).await;
    provider.charge("pay_2", &token).await;

    let first = provider.ledger("?limit=2").await;
    let second = provider.ledger("?limit=2&after=2").await;

    assert_eq!((&first["next_after"], &first["is_end"]), (&2.into(), &false.into()));
    assert_eq!((&second["next_after"], &second["is_end"]), (&3.into(), &true.into()));
    assert_eq!(second["items"][0]["key"], "pay_2");
}

#[tokio::test]
async fn the_ledger_knows_no_card_number() {
    let provider = Provider::start().await;
    provider.token_for("4242 4242 4242 4242").await;

    let file = std::fs::read_to_string(provider.dir.path().join("ledger.jsonl")).unwrap();

    assert!(file.contains("\"last4\":\"4242\""));
    assert!(!file.replace(' ', "").contains("42424242"), "{file}");
}
