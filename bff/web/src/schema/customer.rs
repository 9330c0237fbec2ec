//! The signed-in customer: account, cards, store credit.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cart::Cart;
use super::money::{Locale, Money};
use super::{Nullable, carts};
use crate::session::Visitor;
use crate::upstream::Upstream;

/// An account, as its holder sees it.
#[derive(Debug, Clone, SimpleObject, Deserialize)]
#[graphql(complex)]
pub(crate) struct Customer {
    id: ID,
    email: String,
    name: String,
    locale: Locale,
    /// `customer` or `operator`.
    role: String,
    created_at: DateTime<Utc>,
}

/// A stored card: all that is kept of it.
#[derive(Debug, SimpleObject, Deserialize)]
pub(crate) struct Card {
    id: ID,
    /// As `visa`.
    brand: String,
    last4: String,
}

/// A customer's store credit in one currency.
#[derive(Debug, SimpleObject, Deserialize)]
pub(crate) struct StoreCredit {
    /// What may be used at most.
    limit: Money,
    /// What is used.
    used: Money,
    /// What an order may still take.
    available: Money,
}

/// Somebody who wants an account.
#[derive(InputObject, Serialize)]
pub(crate) struct RegisterInput {
    pub(crate) email: String,
    name: String,
    /// At least ten characters.
    #[graphql(secret)]
    pub(crate) password: String,
    #[graphql(default_with = "Locale::En")]
    locale: Locale,
}

/// A card as its holder reads it off.
#[derive(InputObject, Serialize)]
pub(crate) struct NewCardInput {
    /// Blanks and hyphens are skipped.
    #[graphql(secret)]
    number: String,
    expiry_month: i32,
    expiry_year: i32,
    #[graphql(secret)]
    cvc: String,
    holder: String,
}

/// A session that began.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct SignedIn {
    pub(crate) customer: Customer,
}

#[ComplexObject]
impl Customer {
    /// The stored cards, oldest first; null, with an error, while payment is away.
    #[graphql(complexity = "10 + child_complexity")]
    async fn cards(&self, ctx: &Context<'_>) -> Nullable<Vec<Card>> {
        let asked = async {
            let token = ctx.data::<Arc<Visitor>>()?.customer()?;
            Ok(ctx.data::<Arc<Upstream>>()?.cards(&token).await?)
        };
        Some(asked.await)
    }

    /// Store credit, one entry per currency; null, with an error, while payment is away.
    #[graphql(complexity = "10 + child_complexity")]
    async fn store_credit(&self, ctx: &Context<'_>) -> Nullable<Vec<StoreCredit>> {
        let asked = async {
            let token = ctx.data::<Arc<Visitor>>()?.customer()?;
            Ok(ctx.data::<Arc<Upstream>>()?.store_credit(&token).await?)
        };
        Some(asked.await)
    }
}

#[ComplexObject]
impl SignedIn {
    /// The customer's cart, with what the guest had gathered; null, with an error, while `order`
    /// is away.
    async fn cart(&self, ctx: &Context<'_>) -> Nullable<Cart> {
        let asked = async {
            let upstream = ctx.data::<Arc<Upstream>>()?;
            Ok(carts::current(upstream, ctx.data::<Arc<Visitor>>()?).await?)
        };
        Some(asked.await)
    }
}
