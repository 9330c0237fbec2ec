//! The schema: what pages may ask for, and what an operation may cost.

pub(crate) mod cart;
mod carts;
pub(crate) mod checkout;
mod cost;
pub(crate) mod customer;
pub(crate) mod mail;
pub(crate) mod money;
mod mutation;
pub(crate) mod order;
pub(crate) mod product;
mod query;
mod subscription;

use std::sync::Arc;

use async_graphql::{ID, Request, Schema};
use shop_kernel::{OrderId, ProductId};

use crate::config::GraphqlConfig;
use crate::failure::Failure;
use crate::loader::Loader;
use crate::session::Visitor;
use crate::upstream::{InboxesOf, PopularIn, ProductsById, Upstream};

use mutation::Mutation;
use product::Product;
use query::Query;
use subscription::Subscription;

pub(crate) use subscription::Listening;

/// The shop's schema with its resolvers.
pub(crate) type ShopSchema = Schema<Query, Mutation, Subscription>;

/// Documents are read by recursion: deeper ones than any that pass the depth limit are not.
const RECURSION: usize = 32;
/// `@skip` and `@include`, and no field needs both twice.
const DIRECTIVES: usize = 4;

/// A field whose failure leaves it null and the rest of the answer as it is. A failing field of
/// any other type takes its parent with it.
pub(crate) type Nullable<T> = Option<async_graphql::Result<T>>;

/// The schema as the process serves it.
pub(crate) fn build(
    upstream: Arc<Upstream>,
    listening: Arc<Listening>,
    limits: GraphqlConfig,
) -> ShopSchema {
    let schema = Schema::build(Query, Mutation, Subscription)
        .data(upstream)
        .data(listening)
        .limit_depth(limits.max_depth)
        .limit_complexity(limits.max_complexity)
        .limit_recursive_depth(RECURSION)
        .limit_directives(DIRECTIVES)
        .limit_aliases(limits.max_aliases);
    if limits.introspection {
        return schema.finish();
    }
    // A guess is not helped either.
    schema.disable_introspection().disable_suggestions().finish()
}

/// The schema in GraphQL's own language; `schema.graphql` keeps it.
#[must_use]
pub fn sdl() -> String {
    Schema::build(Query, Mutation, Subscription).finish().sdl()
}

/// Who asks, and what they have been told so far: data of one operation.
pub(crate) fn asked_by(
    request: Request,
    upstream: &Arc<Upstream>,
    visitor: &Arc<Visitor>,
) -> Request {
    let loaders = Loaders {
        products: Loader::new(ProductsById(Arc::clone(upstream))),
        popular_in: Loader::new(PopularIn(Arc::clone(upstream))),
        receipts: Loader::new(InboxesOf {
            upstream: Arc::clone(upstream),
            token: visitor.customer().ok(),
        }),
    };
    request.data(Arc::new(loaders)).data(Arc::clone(visitor))
}

/// What is fetched in batches.
pub(crate) struct Loaders {
    products: Loader<ProductsById>,
    popular_in: Loader<PopularIn>,
    receipts: Loader<InboxesOf>,
}

impl Loaders {
    /// Nothing an operation was told before is told again.
    fn forget(&self) {
        let Self { products, popular_in, receipts } = self;
        products.forget();
        popular_in.forget();
        receipts.forget();
    }

    /// One product, asked for together with all others of the operation.
    async fn product(&self, id: &ID) -> Result<Option<Product>, Failure> {
        match id.parse::<ProductId>() {
            Ok(id) => self.products.load(id).await,
            Err(_) => Ok(None),
        }
    }
}

fn order_id(id: &ID) -> Result<OrderId, Failure> {
    id.parse().map_err(|error| Failure::not_valid(format!("order: {error}")))
}

fn product_id(id: &ID) -> Result<ProductId, Failure> {
    id.parse().map_err(|error| Failure::not_valid(format!("product: {error}")))
}
