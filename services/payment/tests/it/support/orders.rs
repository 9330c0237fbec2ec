//! Orders as the order service tells of them, and what became of their money.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::Value;
use shop_contracts::order::{CancelReason, OrderCancelled, OrderPlaced, PaymentMethod, PricedLine};
use shop_contracts::{Envelope, Message, RawEnvelope};
use shop_kernel::{
    Address, Clock as _, Contact, Currency, CustomerId, Locale, LocalizedText, Money, OrderId,
    PaymentMethodId, ProductId, Quantity,
};
use uuid::Uuid;

use super::{BOUND, Shop, answer, card};

/// An order of a blue mug.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) customer: CustomerId,
    pub(crate) method: PaymentMethod,
    pub(crate) total: Money,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Shop {
    /// Ada stores a card and orders with it; nobody has told payment of the order yet.
    pub(crate) async fn order_by_card(&self, number: &str) -> Order {
        let ada = CustomerId::generate();
        let method = self.add_card(ada, number).await;
        self.order(ada, PaymentMethod::Card(method))
    }

    pub(crate) fn order(&self, customer: CustomerId, method: PaymentMethod) -> Order {
        Order {
            id: OrderId::generate(),
            customer,
            method,
            total: Money::new(1_950, Currency::Usd),
            expires_at: self.clock.now() + TimeDelta::minutes(15),
        }
    }

    pub(crate) async fn add_card(&self, customer: CustomerId, number: &str) -> PaymentMethodId {
        let ask = self
            .payment(Method::POST, "/payment-methods")
            .bearer_auth(self.customer_token(customer))
            .header("Idempotency-Key", Uuid::new_v4().to_string())
            .json(&card(number));
        let (status, body) = answer(ask).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn place(&self, order: &Order) -> RawEnvelope {
        let message = order.placed();
        self.publish(&message).await;
        message
    }

    pub(crate) async fn cancel(&self, order: &Order) -> RawEnvelope {
        let message = order.cancelled();
        self.publish(&message).await;
        message
    }

    pub(crate) async fn publish(&self, message: &RawEnvelope) {
        testkit::eventually(BOUND, || async {
            self.broker().publish(std::slice::from_ref(message)).await.remove(0)
        })
        .await;
    }

    /// The payment as its owner sees it.
    pub(crate) async fn look_at(&self, order: &Order) -> (u16, Value) {
        let path = format!("/payments/by-order/{}", order.id);
        let token = self.customer_token(order.customer);
        answer(self.payment(Method::GET, &path).bearer_auth(token)).await
    }

    /// Waits until the payment is in that state and nothing waits any more.
    pub(crate) async fn until(&self, order: &Order, state: &str) -> Value {
        self.until_any(order, &[state]).await
    }

    /// Waits until the payment is in one of these states and nothing waits any more.
    pub(crate) async fn until_any(&self, order: &Order, states: &[&str]) -> Value {
        let there = testkit::eventually(BOUND, || async {
            let (_, payment) = self.look_at(order).await;
            let is_there = payment["state"].as_str().is_some_and(|state| states.contains(&state));
            (is_there && self.is_quiet().await).then_some(payment)
        });
        // Shown when the test fails, and then worth more than the place in the code.
        match tokio::time::timeout(BOUND / 2, there).await {
            Ok(payment) => payment,
            Err(_) => panic!("not {states:?} but {}", self.picture(order).await),
        }
    }

    /// Waits until the payment is in that state, whatever else goes on.
    pub(crate) async fn once(&self, order: &Order, state: &str) {
        testkit::eventually(BOUND, || async { self.look_at(order).await.1["state"] == state })
            .await;
    }

    /// The types of what was published about an order, oldest first.
    pub(crate) async fn told(&self, order: &Order) -> Vec<String> {
        let feed = self.feed().await;
        let about = feed.iter().filter(|message| message["data"]["order"] == order.id.to_string());
        about.map(|message| message["type"].as_str().unwrap().to_owned()).collect()
    }

    /// How often the provider took money for an order, and gave it back.
    pub(crate) async fn moves(&self, order: &Order) -> (usize, usize) {
        let (_, payment) = self.look_at(order).await;
        let ledger = self.ledger().await;
        let count = |kind: &str, field: &str, status: &str| {
            let entries = ledger.iter().filter(|line| line["kind"] == kind);
            let ours = entries.filter(|line| line[field] == payment["payment"]);
            ours.filter(|line| line["status"] == status).count()
        };
        (count("charge", "key", "approved"), count("refund", "charge", "refunded"))
    }
}

impl Order {
    pub(crate) fn placed(&self) -> RawEnvelope {
        let text = |text: &str| LocalizedText { en: text.to_owned(), ko: text.to_owned() };
        let now = self.expires_at - TimeDelta::minutes(15);
        self.envelope(
            1,
            OrderPlaced {
                order: self.id,
                customer: self.customer,
                contact: Contact {
                    name: "Ada Lovelace".to_owned(),
                    email: "ada@example.org".parse().unwrap(),
                    address: Address {
                        street: "12 St James's Square".to_owned(),
                        city: "London".to_owned(),
                        postal_code: "SW1Y 4JH".to_owned(),
                        country: "GB".to_owned(),
                    },
                },
                locale: Locale::En,
                lines: vec![PricedLine {
                    product: ProductId::generate(),
                    name: text("Blue mug"),
                    quantity: Quantity::new(1).unwrap(),
                    unit_price: self.total,
                    total: self.total,
                }],
                total: self.total,
                payment_method: self.method,
                placed_at: now,
                expires_at: self.expires_at,
                replaces: None,
            },
        )
    }

    pub(crate) fn cancelled(&self) -> RawEnvelope {
        self.envelope(
            2,
            OrderCancelled {
                order: self.id,
                customer: self.customer,
                reason: CancelReason::ByCustomer,
                was_confirmed: false,
                cancelled_at: self.expires_at,
            },
        )
    }

    fn envelope<T: Message>(&self, version: u64, data: T) -> RawEnvelope {
        Envelope::new("/order", self.id, version, self.expires_at, data)
            .correlated(self.id)
            .into_raw()
            .unwrap()
    }
}
