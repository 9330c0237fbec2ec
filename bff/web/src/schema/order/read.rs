//! Reading orders: from the read model, and around it while it is away.

use shop_kernel::OrderId;

use super::compose::{composed, listed};
use super::{Movement, Order, OrderPage, OrderStatus, SagaEvent};
use crate::failure::Failure;
use crate::upstream::{OrderView, Upstream, ViewPage};

/// The order of this customer; none where there is none.
///
/// The read model knows most. It hears of an order a moment after it was placed; until then, and
/// while it is away, `order` and `payment` are asked, who know it first.
pub(crate) async fn whole(
    upstream: &Upstream,
    token: &str,
    order: OrderId,
) -> Result<Option<Order>, Failure> {
    let degraded = match upstream.order_view(token, order).await {
        Ok(Some(view)) => return Ok(Some(view.into())),
        Ok(None) => false,
        Err(failure) if failure.is_for_now() => true,
        Err(failure) => return Err(failure),
    };
    around(upstream, token, order, degraded).await
}

/// The order without the read model.
pub(crate) async fn around(
    upstream: &Upstream,
    token: &str,
    order: OrderId,
    degraded: bool,
) -> Result<Option<Order>, Failure> {
    let Some(body) = upstream.order_body(token, order).await? else {
        return Ok(None);
    };
    let payment = upstream.payment_of(token, order).await;
    Ok(Some(composed(body, payment, degraded)))
}

/// A stretch of this customer's orders, newest first.
pub(crate) async fn page(
    upstream: &Upstream,
    token: &str,
    status: Option<OrderStatus>,
    after: Option<OrderId>,
    limit: usize,
) -> Result<OrderPage, Failure> {
    match upstream.order_views(token, status, after, limit).await {
        Ok(page) => Ok(page.into()),
        // Both lists are cut at order ids, so that one goes on where the other stopped.
        Err(failure) if failure.is_for_now() => {
            let page = upstream.order_summaries(token, status, after, limit).await?;
            let items = page.items.into_iter().map(listed).collect();
            Ok(OrderPage { items, next: page.next, degraded: true })
        }
        Err(failure) => Err(failure),
    }
}

impl From<ViewPage> for OrderPage {
    fn from(page: ViewPage) -> Self {
        let items = page.items.into_iter().map(|view| Order {
            order: view.order,
            whole: false,
            status: view.status,
            reason: view.reason,
            total: view.total,
            lines: view.lines,
            ship_to: None,
            money_state: Some(view.money),
            movements: Vec::new(),
            stock_state: Some(view.stock),
            short: Vec::new(),
            events: Vec::new(),
            placed_at: view.placed_at,
            expires_at: None,
            confirmed_at: None,
            cancelled_at: None,
            cancellable_until: view.cancellable_until,
            replaces: view.replaces,
            degraded: false,
        });
        Self { items: items.collect(), next: page.next, degraded: false }
    }
}

impl From<OrderView> for Order {
    fn from(view: OrderView) -> Self {
        let events = events(&view);
        let movements = view.money.movements.into_iter().map(|moved| Movement {
            kind: moved.kind,
            amount: moved.amount,
            method: moved.method,
            reason: moved.reason,
            at: moved.at,
        });
        Self {
            order: view.order,
            whole: true,
            status: view.status,
            reason: view.reason,
            total: view.total,
            lines: view.lines,
            ship_to: Some(view.ship_to),
            money_state: Some(view.money.state),
            movements: movements.collect(),
            stock_state: Some(view.stock.state),
            short: view.stock.short,
            events,
            placed_at: view.placed_at,
            expires_at: Some(view.expires_at),
            confirmed_at: view.confirmed_at,
            cancelled_at: view.cancelled_at,
            cancellable_until: view.cancellable_until,
            replaces: view.replaces,
            degraded: false,
        }
    }
}

fn events(view: &OrderView) -> Vec<SagaEvent> {
    let steps = view.timeline.iter().map(|step| SagaEvent {
        order: view.order,
        message_id: Some(step.message_id.into()),
        kind: step.kind.clone(),
        producer: step.producer.clone(),
        at: step.time,
        reason: match step.kind.as_str() {
            "order.cancelled.v1" => view.reason.map(|reason| reason.name().to_owned()),
            _ => {
                let mut moved = view.money.movements.iter();
                moved.find(|moved| moved.message == step.message_id).and_then(|m| m.reason.clone())
            }
        },
        trace_id: step.trace_id.clone(),
        causation_id: step.causation_id.map(Into::into),
    });
    steps.collect()
}
