//! A row of due work.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use shop_kernel::OrderId;

/// A call to the outside that must happen.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "due_work")]
pub struct Model {
    /// Names the work for ever; keys for the outside derive from it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Which worker it is for.
    pub kind: String,
    /// The aggregate it is for.
    pub subject: String,
    /// The order it belongs to.
    pub correlation_id: Option<Uuid>,
    /// The trace it continues.
    pub traceparent: Option<String>,
    /// What the worker needs to know beyond the subject.
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    /// Where it stands.
    pub state: State,
    /// How often it was begun, this time included.
    pub attempts: i32,
    /// Not before then, in microseconds since 1970.
    pub due_at: i64,
    /// The worker that has it now.
    #[serde(skip)]
    pub leased_by: Option<Uuid>,
    /// Until when, in microseconds since 1970.
    #[serde(skip)]
    pub leased_until: i64,
    /// Why the last try did not finish it.
    pub last_error: Option<String>,
    /// When it was written down.
    pub created_at: DateTimeUtc,
}

impl Model {
    /// The order it belongs to.
    #[must_use]
    pub fn order(&self) -> Option<OrderId> {
        self.correlation_id.map(OrderId::from_uuid)
    }

    /// What is done about it, in the trace it continues.
    #[must_use]
    pub fn span(&self) -> tracing::Span {
        let span = tracing::info_span!(
            "work",
            otel.kind = "consumer",
            work.kind = %self.kind,
            work.attempt = self.attempts,
            order.id = self.order().map(tracing::field::display),
        );
        crate::trace::set_parent(&span, self.traceparent.as_deref());
        span
    }
}

/// Where a piece of work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its time, a worker or another try.
    Open,
    /// It happened.
    Done,
    /// It waits for an operator.
    Parked,
}

/// Nothing is related to a piece of work.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
