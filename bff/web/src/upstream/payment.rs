//! `payment`: cards, store credit and how the money of an order moved.

use std::time::Duration;

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Deserialize;
use shop_kernel::{OrderId, PaymentMethodId};

use super::Upstream;
use crate::failure::Failure;
use crate::schema::customer::{Card, NewCardInput, StoreCredit};
use crate::schema::money::Money;
use crate::schema::order::MovementMethod;

/// The provider is asked meanwhile, and some cards are slow.
const STORE_CARD_WITHIN: Duration = Duration::from_secs(10);

/// The payment of an order, as payment tells it.
#[derive(Debug, Deserialize)]
pub(crate) struct Payment {
    pub(crate) state: String,
    pub(crate) amount: Option<Money>,
    pub(crate) method: Option<MovementMethod>,
    pub(crate) movements: Vec<Moved>,
    pub(crate) parked: Option<Parked>,
}

/// Money that moved.
#[derive(Debug, Deserialize)]
pub(crate) struct Moved {
    pub(crate) kind: String,
    pub(crate) amount: Money,
    pub(crate) at: DateTime<Utc>,
}

/// A refund that waits for an operator.
#[derive(Debug, Deserialize)]
pub(crate) struct Parked {
    pub(crate) reason: String,
    pub(crate) at: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Upstream {
    pub(crate) async fn cards(&self, token: &str) -> Result<Vec<Card>, Failure> {
        let call = self.payment.call(Method::GET, "/payment-methods").bearer(token);
        Ok(call.read::<Items<Card>>().await?.items)
    }

    pub(crate) async fn add_card(
        &self,
        token: &str,
        key: &str,
        card: &NewCardInput,
    ) -> Result<Card, Failure> {
        let call = self.payment.call(Method::POST, "/payment-methods").bearer(token).json(card);
        // Not repeated: who asked does so, with the same key, and gets what the first one stored.
        let call = call.header("idempotency-key", key).within(STORE_CARD_WITHIN).unrepeated();
        Ok(call.read().await?)
    }

    pub(crate) async fn remove_card(
        &self,
        token: &str,
        id: PaymentMethodId,
    ) -> Result<(), Failure> {
        let path = format!("/payment-methods/{id}");
        self.payment.call(Method::DELETE, &path).bearer(token).send().await?;
        Ok(())
    }

    pub(crate) async fn store_credit(&self, token: &str) -> Result<Vec<StoreCredit>, Failure> {
        let call = self.payment.call(Method::GET, "/credit").bearer(token);
        Ok(call.read::<Items<StoreCredit>>().await?.items)
    }

    /// The payment of an order; none where payment has not heard of it.
    pub(crate) async fn payment_of(
        &self,
        token: &str,
        order: OrderId,
    ) -> Result<Option<Payment>, Failure> {
        let path = format!("/payments/by-order/{order}");
        match self.payment.call(Method::GET, &path).bearer(token).read().await {
            Ok(payment) => Ok(Some(payment)),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
