//! A row of the outbox, and the envelope it becomes.

use sea_orm::Set;
use sea_orm::entity::prelude::*;
use shop_contracts::RawEnvelope;
use shop_kernel::OrderId;

/// A message that waits to be published, or was.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// The message's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its wire type.
    pub kind: String,
    /// The service that says it.
    pub source: String,
    /// The aggregate it is about.
    pub subject: String,
    /// The position in the aggregate's stream.
    pub version: i64,
    /// The order it belongs to.
    pub correlation_id: Option<Uuid>,
    /// The message that led to it.
    pub causation_id: Option<Uuid>,
    /// The trace it continues.
    pub traceparent: Option<String>,
    /// When it became a fact.
    pub time: DateTimeUtc,
    /// The fact.
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
    /// The relay that publishes it now.
    pub leased_by: Option<Uuid>,
    /// Until when, in microseconds since 1970.
    pub leased_until: i64,
    /// Its place in the feed; none until it is published.
    pub published_no: Option<i64>,
}

/// Nothing is related to a message.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&RawEnvelope> for ActiveModel {
    fn from(message: &RawEnvelope) -> Self {
        Self {
            id: Set(message.id),
            kind: Set(message.kind.clone()),
            source: Set(message.source.clone()),
            subject: Set(message.subject.clone()),
            version: Set(i64::try_from(message.version).unwrap_or(i64::MAX)),
            correlation_id: Set(message.correlation_id.map(OrderId::uuid)),
            causation_id: Set(message.causation_id),
            traceparent: Set(message.traceparent.clone()),
            time: Set(message.time),
            data: Set(message.data.clone()),
            leased_by: Set(None),
            leased_until: Set(0),
            published_no: Set(None),
        }
    }
}

impl From<Model> for RawEnvelope {
    fn from(row: Model) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id: row.id,
            source: row.source,
            kind: row.kind,
            subject: row.subject,
            time: row.time,
            datacontenttype: "application/json".to_owned(),
            version: row.version.unsigned_abs(),
            correlation_id: row.correlation_id.map(OrderId::from_uuid),
            causation_id: row.causation_id,
            traceparent: row.traceparent,
            data: row.data,
        }
    }
}
