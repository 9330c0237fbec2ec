//! An order as clients see it.

use chrono::{DateTime, Utc};
use order_core::app::find::FoundOrder;
use order_core::domain::lines::Line;
use order_core::domain::order::{Payment, Status, Stock};
use order_core::domain::order_event::{OrderEvent, Shortage};
use order_core::ports::{OrderSummary, Standing};
use serde::Serialize;
use shop_contracts::order::{CancelReason, PaymentMethod};
use shop_kernel::{
    CartId, Contact, CustomerId, Locale, LocalizedText, Money, OrderId, ProductId, Quantity,
};
use utoipa::ToSchema;

use super::schema::{LocaleSchema, MoneySchema, PaymentMethodSchema, TextSchema};

/// An order with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub(super) struct OrderBody {
    #[schema(value_type = String, example = "ord_0193456789ab70008000000000004de4")]
    id: OrderId,
    #[schema(value_type = String)]
    customer: CustomerId,
    /// `provisional`, `confirmed` or `cancelled`.
    status: &'static str,
    /// Why it was cancelled.
    #[schema(value_type = Option<String>, example = "out-of-stock")]
    reason: Option<CancelReason>,
    /// The last event it includes.
    version: u64,
    lines: Vec<LineBody>,
    #[schema(value_type = MoneySchema)]
    total: Money,
    #[schema(value_type = super::details::ContactBody)]
    contact: Contact,
    #[schema(value_type = LocaleSchema)]
    locale: Locale,
    #[schema(value_type = PaymentMethodSchema)]
    payment_method: PaymentMethod,
    placed_at: DateTime<Utc>,
    /// When it gives up, as long as it is provisional.
    expires_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    /// Until when the customer may cancel; absent when there is nothing left to cancel.
    cancellable_until: Option<DateTime<Utc>>,
    /// The cart it came from.
    #[schema(value_type = Option<String>)]
    cart: Option<CartId>,
    /// The cancelled order it replaces.
    #[schema(value_type = Option<String>)]
    replaces: Option<OrderId>,
    /// What is known of the money: `state` is `awaited`, `processed` or `failed`.
    #[schema(value_type = Object)]
    payment: Payment,
    /// What is known of the goods: `state` is `awaited`, `reserved` or `rejected`.
    #[schema(value_type = Object)]
    stock: Stock,
    /// What happened, oldest first.
    timeline: Vec<TimelineEntry>,
}

/// One product of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub(super) struct LineBody {
    #[schema(value_type = String)]
    product: ProductId,
    #[schema(value_type = TextSchema)]
    name: LocalizedText,
    #[schema(value_type = u32)]
    quantity: Quantity,
    #[schema(value_type = MoneySchema)]
    unit_price: Money,
    #[schema(value_type = MoneySchema)]
    total: Money,
}

/// Something that happened to an order.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineEntry {
    version: u64,
    /// `placed`, `payment-processed`, `payment-failed`, `stock-reserved`, `stock-rejected`,
    /// `confirmed` or `cancelled`.
    #[serde(rename = "type")]
    kind: String,
    at: DateTime<Utc>,
    /// Why, where something went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The lines that were short.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    short: Option<Vec<Shortage>>,
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderSummary)]
pub(super) struct SummaryBody {
    #[schema(value_type = String, example = "ord_0193456789ab70008000000000004de4")]
    id: OrderId,
    #[schema(value_type = String)]
    customer: CustomerId,
    status: &'static str,
    #[schema(value_type = Option<String>)]
    reason: Option<CancelReason>,
    #[schema(value_type = MoneySchema)]
    total: Money,
    placed_at: DateTime<Utc>,
}

impl From<FoundOrder> for OrderBody {
    fn from(found: FoundOrder) -> Self {
        let (order, version) = (&found.order, found.version());
        let placed = order.placed();
        let standing = Standing::from(order.status());
        Self {
            id: order.id(),
            customer: order.customer(),
            status: standing.name(),
            reason: standing.reason(),
            version,
            lines: placed.lines.iter().map(LineBody::from).collect(),
            total: order.total(),
            contact: placed.contact.clone(),
            locale: placed.locale,
            payment_method: placed.payment_method,
            placed_at: placed.placed_at,
            expires_at: placed.expires_at,
            confirmed_at: found.history.iter().find_map(|(_, event)| confirmed_at(event)),
            cancelled_at: cancelled_at(order.status()),
            cancellable_until: order.cancellable_until(),
            cart: placed.cart,
            replaces: placed.replaces,
            payment: order.payment().clone(),
            stock: order.stock().clone(),
            timeline: timeline(&found),
        }
    }
}

impl From<&Line> for LineBody {
    fn from(line: &Line) -> Self {
        Self {
            product: line.product,
            name: line.name.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            total: line.total(),
        }
    }
}

impl From<OrderSummary> for SummaryBody {
    fn from(summary: OrderSummary) -> Self {
        Self {
            id: summary.order,
            customer: summary.customer,
            status: summary.standing.name(),
            reason: summary.standing.reason(),
            total: summary.total,
            placed_at: summary.placed_at,
        }
    }
}

const fn confirmed_at(event: &OrderEvent) -> Option<DateTime<Utc>> {
    match event {
        OrderEvent::Confirmed { at, .. } => Some(*at),
        _ => None,
    }
}

const fn cancelled_at(status: Status) -> Option<DateTime<Utc>> {
    match status {
        Status::Cancelled { at, .. } => Some(at),
        Status::Provisional | Status::Confirmed { .. } => None,
    }
}

fn timeline(found: &FoundOrder) -> Vec<TimelineEntry> {
    let entry = |(recorded, event): &(_, OrderEvent)| {
        let recorded: &order_core::domain::stored::Recorded = recorded;
        TimelineEntry {
            version: recorded.version,
            kind: recorded.event.kind.clone(),
            at: recorded.at,
            reason: reason(event),
            short: match event {
                OrderEvent::StockRejected { short, .. } => Some(short.clone()),
                _ => None,
            },
        }
    };
    found.history.iter().map(entry).collect()
}

fn reason(event: &OrderEvent) -> Option<String> {
    match event {
        OrderEvent::PaymentFailed { reason, .. } => Some(reason.to_string()),
        OrderEvent::Cancelled { reason, .. } => Some(reason.to_string()),
        OrderEvent::Placed(_)
        | OrderEvent::PaymentProcessed { .. }
        | OrderEvent::StockReserved { .. }
        | OrderEvent::StockRejected { .. }
        | OrderEvent::Confirmed { .. } => None,
    }
}
