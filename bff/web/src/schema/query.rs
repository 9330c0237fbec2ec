//! What can be asked.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use futures::future::try_join_all;
use shop_kernel::OrderId;
use uuid::Uuid;

use super::cart::Cart;
use super::customer::Customer;
use super::mail::{Mail, MailPage};
use super::money::{Currency, MinorUnits};
use super::order::{self, Order, OrderPage, OrderStatus};
use super::product::{Category, Product, ProductPage, ProductSort};
use super::{Loaders, Nullable, carts, order_id};
use crate::failure::Failure;
use crate::session::Visitor;
use crate::upstream::{Browse, Upstream};

/// What can be asked. `POST /graphql` with `content-type: application/json` and the header
/// `x-csrf: 1`. A root field is null, with an error, when the service behind it is away; the
/// others still answer. `extensions.code` is then `unavailable`.
pub(crate) struct Query;

#[Object]
impl Query {
    /// What is on sale. `text` forgives slips of the finger; prices are compared in `currency`.
    /// Without `sort`: by relevance when there is a text, else by popularity.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(complexity = "super::cost::list(limit, child_complexity)")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(validator(chars_max_length = 100))] text: Option<String>,
        #[graphql(validator(max_length = 64))] category: Option<String>,
        min_price: Option<MinorUnits>,
        max_price: Option<MinorUnits>,
        currency: Option<Currency>,
        sort: Option<ProductSort>,
        #[graphql(validator(max_length = 100))] after: Option<String>,
        #[graphql(default = 24, validator(minimum = 1, maximum = 48))] limit: i32,
    ) -> Nullable<ProductPage> {
        let asked = async {
            let wanted = Browse {
                text,
                category,
                min_price: min_price.map(|price| price.0),
                max_price: max_price.map(|price| price.0),
                currency: currency.map(Currency::code),
                sort: sort.map(ProductSort::name),
                after,
                limit: length(limit),
            };
            Ok(Some(upstream(ctx)?.products(wanted).await?))
        };
        asked.await.transpose()
    }

    /// One product by id or slug, on sale or not; null, without an error, when there is none.
    async fn product(&self, ctx: &Context<'_>, id: ID) -> Nullable<Product> {
        let asked = async { Ok(upstream(ctx)?.product(&id).await?) };
        asked.await.transpose()
    }

    /// Up to 24 products in the order asked; unknown ones are left out.
    #[graphql(complexity = "super::cost::list(24, child_complexity)")]
    async fn products_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(validator(max_items = 24))] ids: Vec<ID>,
    ) -> Nullable<Vec<Product>> {
        let asked = async {
            let loaders = ctx.data::<Arc<Loaders>>()?;
            let found = try_join_all(ids.iter().map(|id| loaders.product(id))).await?;
            Ok(Some(found.into_iter().flatten().collect()))
        };
        asked.await.transpose()
    }

    /// Every category, in the order they are shown.
    async fn categories(&self, ctx: &Context<'_>) -> Nullable<Vec<Category>> {
        let asked = async { Ok(Some(upstream(ctx)?.categories().await?)) };
        asked.await.transpose()
    }

    /// The cart of the customer or guest; empty for anyone else. Code: `session-expired` where it
    /// waits for its customer to sign in again.
    async fn cart(&self, ctx: &Context<'_>) -> Nullable<Cart> {
        let asked = async { Ok(Some(carts::current(upstream(ctx)?, visitor(ctx)?).await?)) };
        asked.await.transpose()
    }

    /// Who is signed in; null, without an error, for nobody.
    async fn me(&self, ctx: &Context<'_>) -> Nullable<Customer> {
        let asked = async {
            let visitor = visitor(ctx)?;
            if !visitor.is_signed_in() {
                return Ok(None);
            }
            Ok(upstream(ctx)?.me(&visitor.customer()?).await?)
        };
        asked.await.transpose()
    }

    /// The signed-in customer's orders, newest first. Codes: `not-signed-in`, `session-expired`.
    #[graphql(complexity = "super::cost::list(limit, child_complexity)")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        status: Option<OrderStatus>,
        after: Option<String>,
        #[graphql(default = 20, validator(minimum = 1, maximum = 50))] limit: i32,
    ) -> Nullable<OrderPage> {
        let asked = async {
            let token = visitor(ctx)?.customer()?;
            let after = after.map(|after| after.parse::<OrderId>()).transpose();
            let after =
                after.map_err(|_| Failure::not_valid("after: not a cursor of this list"))?;
            let page = order::page(upstream(ctx)?, &token, status, after, length(limit)).await?;
            Ok(Some(page))
        };
        asked.await.transpose()
    }

    /// One order of the signed-in customer; null, without an error, when there is none.
    async fn order(&self, ctx: &Context<'_>, id: ID) -> Nullable<Order> {
        let asked = async {
            let token = visitor(ctx)?.customer()?;
            match order_id(&id) {
                Ok(order) => Ok(order::whole(upstream(ctx)?, &token, order).await?),
                Err(_) => Ok(None),
            }
        };
        asked.await.transpose()
    }

    /// The mails to the signed-in customer, newest first, without text and html.
    #[graphql(complexity = "super::cost::list(limit, child_complexity)")]
    async fn mails(
        &self,
        ctx: &Context<'_>,
        order: Option<ID>,
        after: Option<String>,
        #[graphql(default = 20, validator(minimum = 1, maximum = 50))] limit: i32,
    ) -> Nullable<MailPage> {
        let asked = async {
            let token = visitor(ctx)?.customer()?;
            let order = order.as_ref().map(order_id).transpose()?;
            let after = after.map(|after| after.parse::<Uuid>()).transpose();
            let after =
                after.map_err(|_| Failure::not_valid("after: not a cursor of this list"))?;
            Ok(Some(upstream(ctx)?.mails(&token, order, after, length(limit)).await?))
        };
        asked.await.transpose()
    }

    /// One mail, whole; null, without an error, when there is none.
    async fn mail(&self, ctx: &Context<'_>, id: ID) -> Nullable<Mail> {
        let asked = async {
            let token = visitor(ctx)?.customer()?;
            match id.parse() {
                Ok(id) => Ok(upstream(ctx)?.mail(&token, id).await?),
                Err(_) => Ok(None),
            }
        };
        asked.await.transpose()
    }
}

fn upstream<'c>(ctx: &Context<'c>) -> Result<&'c Arc<Upstream>> {
    ctx.data()
}

fn visitor<'c>(ctx: &Context<'c>) -> Result<&'c Arc<Visitor>> {
    ctx.data()
}

/// Within its bounds by now.
fn length(limit: i32) -> usize {
    usize::try_from(limit).unwrap_or_default()
}
