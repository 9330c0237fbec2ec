//! What is asked of `payment`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop_kernel::{Currency, Money, OrderId, PaymentMethodId};
use utoipa::ToSchema;

use super::{Answer, Token, Upstream, own};

/// The provider is asked meanwhile, and some cards are slow.
const STORE_CARD_WITHIN: Duration = Duration::from_secs(10);

/// The payment of an order.
#[derive(Debug, Deserialize)]
pub(crate) struct Payment {
    pub(crate) state: String,
    pub(crate) amount: Option<Money>,
    pub(crate) failure: Option<String>,
    pub(crate) movements: Vec<Movement>,
    pub(crate) parked: Option<Parked>,
}

/// Money that moved.
#[derive(Debug, Deserialize)]
pub(crate) struct Movement {
    pub(crate) kind: String,
    pub(crate) amount: Money,
    pub(crate) at: DateTime<Utc>,
}

/// A refund the provider refuses.
#[derive(Debug, Deserialize)]
pub(crate) struct Parked {
    pub(crate) reason: String,
    pub(crate) at: DateTime<Utc>,
}

/// A stored card.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Card {
    /// What a checkout names it by, as `pm_…`.
    #[schema(value_type = String)]
    pub(crate) id: PaymentMethodId,
    /// As `visa`.
    pub(crate) brand: String,
    /// The last four digits of its number.
    pub(crate) last4: String,
}

/// A customer's store credit in one currency.
#[derive(Debug, Deserialize)]
pub(crate) struct Credit {
    pub(crate) currency: Currency,
    pub(crate) available: Money,
}

#[derive(Debug, Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

impl Upstream {
    pub(crate) async fn payment(&self, token: &Token, order: OrderId) -> Answer<Payment> {
        own(&self.payment, &format!("/payments/by-order/{order}"), token).await
    }

    pub(crate) async fn cards(&self, token: &Token) -> Answer<Vec<Card>> {
        let found: Items<Card> = own(&self.payment, "/payment-methods", token).await?;
        Ok(found.items)
    }

    /// What a new order in that currency may take from the customer's store credit.
    pub(crate) async fn credit(&self, token: &Token, currency: Currency) -> Answer<Option<Money>> {
        let found: Items<Credit> = own(&self.payment, "/credit", token).await?;
        let of_currency = |credit: &&Credit| credit.currency == currency;
        Ok(found.items.iter().find(of_currency).map(|credit| credit.available))
    }

    /// Stores a card. What is in `card` goes through here unread.
    pub(crate) async fn store_card(&self, token: &Token, key: &str, card: &Value) -> Answer<Card> {
        let call = self.payment.call(Method::POST, "/payment-methods").json(card);
        let call = call.bearer(&token.0).header("idempotency-key", key);
        // Not repeated: the phone does so, with the same key, and gets what the first one stored.
        call.within(STORE_CARD_WITHIN).unrepeated().read().await
    }

    pub(crate) async fn remove_card(&self, token: &Token, card: PaymentMethodId) -> Answer<()> {
        let path = format!("/payment-methods/{card}");
        let call = self.payment.call(Method::DELETE, &path).bearer(&token.0);
        call.send().await.map(drop)
    }
}
