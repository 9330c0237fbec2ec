//! A fact as a document keeps it: what the pages need of a message, and no more.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_with::{DisplayFromStr, serde_as};
use shop_contracts::catalog::{StockRejected, StockReleased, StockReserved};
use shop_contracts::order::{OrderCancelled, OrderConfirmed, OrderPlaced, PricedLine};
use shop_contracts::payment::{PaymentFailed, PaymentProcessed, PaymentRefunded, RefundParked};
use shop_contracts::{DecodeError, Message, RawEnvelope};
use shop_kernel::{Address, CustomerId, Money, OrderId};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schema::AddressShape;

/// One message about one order, under the id that tells its duplicates.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The id of the message.
    #[serde_as(as = "DisplayFromStr")]
    pub id: Uuid,
    /// The order it is about.
    pub order: OrderId,
    /// The wire type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The service that said it.
    pub producer: String,
    /// The aggregate there that it is about.
    pub subject: String,
    /// Its position in the stream of that service's aggregate: what orders one producer's facts.
    pub version: u64,
    /// When it became a fact. Shown, and never decides anything.
    pub time: DateTime<Utc>,
    /// The message that led to it.
    #[serde_as(as = "Option<DisplayFromStr>")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<Uuid>,
    /// The W3C trace context it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What it says.
    pub content: Content,
}

/// What a fact says, by who may say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Said by `order`: the status.
    Order(OrderFact),
    /// Said by `payment`: the money.
    Payment(PaymentFact),
    /// Said by `catalog`: the stock.
    Stock(StockFact),
}

/// What `order` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderFact {
    /// It was accepted.
    Placed(Box<Placed>),
    /// It stands.
    Confirmed(OrderConfirmed),
    /// It ended without a sale.
    Cancelled(OrderCancelled),
}

/// What is kept of `order.placed`.
///
/// Of the contact only the label stays, because the order page shows where the order goes. The
/// mail address stays out: nobody is written to from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it goes.
    pub ship_to: ShipTo,
    /// What was bought.
    pub lines: Vec<PricedLine>,
    /// The sum of the lines.
    pub total: Money,
    /// When.
    pub placed_at: DateTime<Utc>,
    /// When it gives up waiting.
    pub expires_at: DateTime<Utc>,
    /// The cancelled order it bought again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<OrderId>,
}

/// The label of the parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipTo {
    /// The name on it.
    pub name: String,
    /// The address on it.
    #[schema(value_type = AddressShape)]
    pub address: Address,
}

/// What `payment` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentFact {
    /// The total was charged.
    Processed(PaymentProcessed),
    /// It was not, and will not be.
    Failed(PaymentFailed),
    /// The charge was given back.
    Refunded(PaymentRefunded),
    /// The refund waits for an operator.
    RefundParked(RefundParked),
}

/// What `catalog` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StockFact {
    /// Every line is held.
    Reserved(StockReserved),
    /// Nothing is held.
    Rejected(StockRejected),
    /// What was held is free again.
    Released(StockReleased),
}

/// Why a message is no fact of an order.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableFact {
    /// A type this service does not know.
    #[error("{0} is no fact of an order")]
    UnknownType(String),
    /// A known type that lacks something.
    #[error("the message cannot be read")]
    Malformed(#[from] DecodeError),
}

impl Fact {
    /// Reads a message as a fact.
    ///
    /// # Errors
    /// When it is of another type, or lacks a field.
    pub fn read(envelope: &RawEnvelope) -> Result<Self, UnreadableFact> {
        let (order, content) = read_content(envelope)?;
        Ok(Self {
            id: envelope.id,
            order,
            kind: envelope.kind.clone(),
            producer: envelope.source.trim_start_matches('/').to_owned(),
            subject: envelope.subject.clone(),
            version: envelope.version,
            time: envelope.time,
            causation: envelope.causation_id,
            traceparent: envelope.traceparent.clone(),
            content,
        })
    }

    /// The trace it belongs to: the second part of `00-<trace id>-<span id>-<flags>`.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        let id = self.traceparent.as_deref()?.split('-').nth(1)?;
        (id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit())).then_some(id)
    }

    /// Whose order it is about, as every producer says.
    #[must_use]
    pub fn customer(&self) -> CustomerId {
        match &self.content {
            Content::Order(OrderFact::Placed(said)) => said.customer,
            Content::Order(OrderFact::Confirmed(said)) => said.customer,
            Content::Order(OrderFact::Cancelled(said)) => said.customer,
            Content::Payment(PaymentFact::Processed(said)) => said.customer,
            Content::Payment(PaymentFact::Failed(said)) => said.customer,
            Content::Payment(PaymentFact::Refunded(said)) => said.customer,
            Content::Payment(PaymentFact::RefundParked(said)) => said.customer,
            Content::Stock(StockFact::Reserved(said)) => said.customer,
            Content::Stock(StockFact::Rejected(said)) => said.customer,
            Content::Stock(StockFact::Released(said)) => said.customer,
        }
    }
}

fn read_content(envelope: &RawEnvelope) -> Result<(OrderId, Content), UnreadableFact> {
    use Content::{Order, Payment, Stock};
    Ok(match envelope.kind.as_str() {
        OrderPlaced::TYPE => {
            let said: OrderPlaced = data(envelope)?;
            (said.order, Order(OrderFact::Placed(Box::new(Placed::from(said)))))
        }
        OrderConfirmed::TYPE => {
            let said: OrderConfirmed = data(envelope)?;
            (said.order, Order(OrderFact::Confirmed(said)))
        }
        OrderCancelled::TYPE => {
            let said: OrderCancelled = data(envelope)?;
            (said.order, Order(OrderFact::Cancelled(said)))
        }
        PaymentProcessed::TYPE => {
            let said: PaymentProcessed = data(envelope)?;
            (said.order, Payment(PaymentFact::Processed(said)))
        }
        PaymentFailed::TYPE => {
            let said: PaymentFailed = data(envelope)?;
            (said.order, Payment(PaymentFact::Failed(said)))
        }
        PaymentRefunded::TYPE => {
            let said: PaymentRefunded = data(envelope)?;
            (said.order, Payment(PaymentFact::Refunded(said)))
        }
        RefundParked::TYPE => {
            let said: RefundParked = data(envelope)?;
            (said.order, Payment(PaymentFact::RefundParked(said)))
        }
        StockReserved::TYPE => {
            let said: StockReserved = data(envelope)?;
            (said.order, Stock(StockFact::Reserved(said)))
        }
        StockRejected::TYPE => {
            let said: StockRejected = data(envelope)?;
            (said.order, Stock(StockFact::Rejected(said)))
        }
        StockReleased::TYPE => {
            let said: StockReleased = data(envelope)?;
            (said.order, Stock(StockFact::Released(said)))
        }
        other => return Err(UnreadableFact::UnknownType(other.to_owned())),
    })
}

fn data<T: Message>(envelope: &RawEnvelope) -> Result<T, DecodeError> {
    envelope.decode::<T>().map(|envelope| envelope.data)
}

impl From<OrderPlaced> for Placed {
    fn from(said: OrderPlaced) -> Self {
        Self {
            customer: said.customer,
            ship_to: ShipTo { name: said.contact.name, address: said.contact.address },
            lines: said.lines,
            total: said.total,
            placed_at: said.placed_at,
            expires_at: said.expires_at,
            replaces: said.replaces,
        }
    }
}
