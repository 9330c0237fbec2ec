//! A row of `payments`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) order_id: Uuid,
    pub(crate) customer_id: Uuid,
    pub(crate) refund_id: Uuid,
    pub(crate) status: Status,
    /// None in a tombstone, like the rest of the bill.
    pub(crate) amount_minor: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) method_kind: Option<MethodKind>,
    pub(crate) method_id: Option<Uuid>,
    pub(crate) expires_at: Option<DateTimeUtc>,
    pub(crate) token: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) last4: Option<String>,
    /// Cancelled while the charge was under way.
    pub(crate) is_cancelled: bool,
    pub(crate) failure: Option<String>,
    pub(crate) refusals: i32,
    pub(crate) was_parked: bool,
    pub(crate) park_reason: Option<String>,
    pub(crate) charged_at: Option<DateTimeUtc>,
    /// When it failed, was refunded or was parked.
    pub(crate) ended_at: Option<DateTimeUtc>,
    /// How many events it has had: what the latest was announced under.
    pub(crate) version: i64,
    /// Counts its changes.
    pub(crate) revision: i64,
    pub(crate) created_at: DateTimeUtc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "kebab-case")]
pub(crate) enum Status {
    Tombstone,
    Due,
    Charging,
    Withdrawn,
    Failed,
    Charged,
    RefundDue,
    RefundParked,
    Refunded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "kebab-case")]
pub(crate) enum MethodKind {
    Card,
    StoreCredit,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
