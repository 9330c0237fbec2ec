//! What is pushed: orders, as their saga goes on.

mod relay;

use std::sync::Arc;

use async_graphql::{Context, ID, Result, Subscription as GraphqlSubscription};
use futures::StreamExt as _;
use futures::stream::BoxStream;

use super::order::Order;
use super::{Loaders, order_id};
use crate::failure::Failure;
use crate::session::Visitor;
use crate::upstream::Upstream;

pub(crate) use relay::Listening;

/// What is pushed. Server-sent events: `GET /graphql?query=subscription…&variables=…`, as an
/// `EventSource` does. Each event `next` is one response `{"data": …}`; after `complete` nothing
/// more comes. A stream that ends without `complete` is to be opened again, which `EventSource`
/// does by itself.
pub(crate) struct Subscription;

#[GraphqlSubscription]
impl Subscription {
    /// The order now, and again after every step of its saga.
    async fn order_updated(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<BoxStream<'static, Result<Order>>> {
        let token = ctx.data::<Arc<Visitor>>()?.customer()?;
        let order =
            order_id(&id).map_err(|_| Failure::new("order-unknown", "there is no such order"))?;
        let upstream = Arc::clone(ctx.data::<Arc<Upstream>>()?);
        let loaders = Arc::clone(ctx.data::<Arc<Loaders>>()?);
        let seat = ctx.data::<Arc<Listening>>()?.seat()?;
        let updates = relay::updates(upstream, token, order, seat);
        // An event is answered before the next one is asked for, and each as of its own time.
        Ok(updates.inspect(move |_| loaders.forget()).boxed())
    }
}
