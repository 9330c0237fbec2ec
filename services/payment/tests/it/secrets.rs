//! A card number leaves no trace: not in logs, answers, or the store.

use reqwest::Method;
use serde_json::json;
use shop_kernel::CustomerId;

use crate::support::*;

/// Nobody else in these tests uses this card.
const NUMBER: &str = "378282246310005";
const TYPED: &str = "3782 822463 10005";

#[tokio::test]
async fn a_card_number_is_in_no_log_line_no_answer_and_no_row() {
    let logs = Logs::start();
    logs.watch_for(&[NUMBER, TYPED, "\"4719\""]);

    for shop in Shop::all().await {
        let mut answers = Vec::new();
        for body in [
            json!({ "number": TYPED, "expiry_month": 12, "expiry_year": 2099, "cvc": "4719",
                    "holder": "Ada" }),
            json!({ "number": 378_282_246_310_005_u64 }),
            json!({ "number": TYPED, "expiry_month": NUMBER }),
            json!({ "number": TYPED, "expiry_month": 12, "expiry_year": 2001, "cvc": "4719",
                    "holder": "Ada" }),
            json!(TYPED),
        ] {
            for key in ["k1", "k2"] {
                let ask = shop.payment(Method::POST, "/payment-methods");
                let token = shop.customer_token(CustomerId::generate());
                let ask = ask.bearer_auth(token).header("Idempotency-Key", key).json(&body);
                answers.push(ask.send().await.unwrap().text().await.unwrap());
            }
        }
        shop.set_mode("down").await;
        let ada = shop.customer_token(CustomerId::generate());
        let ask = shop.payment(Method::POST, "/payment-methods").bearer_auth(ada);
        let ask = ask.header("Idempotency-Key", "k3").json(&card(TYPED));
        answers.push(ask.send().await.unwrap().text().await.unwrap());

        let answers = answers.join("\n");
        assert!(answers.contains("\"last4\":\"0005\""), "{answers}");
        assert!(!answers.contains(NUMBER) && !answers.contains(TYPED), "{answers}");
        assert!(!shop.stored_bytes().contains(NUMBER));
        assert!(!shop.ledger_text().contains(NUMBER));
    }

    assert!(logs.about_cards() > 0, "nothing was logged at all");
    assert_eq!(logs.told(), Vec::<String>::new());
}
