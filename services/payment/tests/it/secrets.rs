//! A card number leaves no trace: not in logs, answers, or the store.

use std::io;
use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::json;
use shop_kernel::CustomerId;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::*;

/// Nobody else in these tests uses this card.
const NUMBER: &str = "378282246310005";
const TYPED: &str = "3782 822463 10005";

/// Keeps what looks like the number, and counts the rest.
#[derive(Debug, Clone, Default)]
struct Watch(Arc<Mutex<(usize, Vec<String>)>>);

impl io::Write for Watch {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut seen = self.0.lock().unwrap();
        seen.0 += usize::from(text.contains("/payment-methods"));
        if text.contains(NUMBER) || text.contains(TYPED) || text.contains("\"4719\"") {
            seen.1.push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Watch {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_card_number_is_in_no_log_line_no_answer_and_no_row() {
    let watch = Watch::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(watch.clone())
        .finish();
    tracing::subscriber::set_global_default(everything).unwrap();

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

    let seen = watch.0.lock().unwrap();
    assert!(seen.0 > 0, "nothing was logged at all");
    assert_eq!(seen.1, Vec::<String>::new());
}
