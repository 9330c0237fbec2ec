//! Cards in, tokens out.

use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn a_test_card_becomes_a_token_with_what_a_receipt_may_show() {
    let provider = Provider::start().await;

    let response = provider.store_card(&card("4242 4242 4242 4242")).await;

    assert_eq!(response.status(), 201);
    let answer: Value = response.json().await.unwrap();
    assert_eq!((&answer["brand"], &answer["last4"]), (&json!("visa"), &json!("4242")));
    assert!(answer["token"].as_str().unwrap().starts_with("tok_"));
}

#[tokio::test]
async fn a_card_that_is_not_valid_is_refused_part_by_part_and_nothing_of_it_repeated() {
    let provider = Provider::start().await;
    let wrong = json!({
        "number": "4111111111111111", "expiry_month": 13, "expiry_year": 2001, "cvc": "98765",
    });

    let response = provider.store_card(&wrong).await;

    assert_eq!(response.status(), 422);
    let text = response.text().await.unwrap();
    for part in ["/number", "/expiry_month", "/cvc", "card-not-valid"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("4111") && !text.contains("98765"), "{text}");
}

#[tokio::test]
async fn a_body_that_is_no_card_is_refused_and_nothing_of_it_repeated() {
    let provider = Provider::start().await;
    for body in [
        json!({ "number": 4_242_424_242_424_242_u64 }),
        json!({ "number": "4242424242424242", "expiry_month": "4242424242424242" }),
        json!(["4242424242424242"]),
    ] {
        let response = provider.store_card(&body).await;

        assert_eq!(response.status(), 422);
        let text = response.text().await.unwrap();
        assert!(text.contains("line 1") && !text.contains("4242"), "{text}");
    }
}

#[tokio::test]
async fn a_card_that_expired_last_month_is_refused() {
    let provider = Provider::start().await;
    let mut expired = card("4242424242424242");
    expired["expiry_year"] = json!(2024);

    let refused = code_of(provider.store_card(&expired).await).await;

    assert_eq!(refused, (422, "card-not-valid".to_owned()));
}
