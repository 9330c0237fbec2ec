//! A change as statements: the same for both databases, only sent differently.

use chrono::{DateTime, Utc};
use order_core::domain::history::StreamId;
use order_core::domain::stored::Snapshot;
use order_core::ports::{Append, Cause, Change, Entry, Reply, RequestKey, Standing};
use sea_orm::sea_query::{
    DeleteStatement, Expr, ExprTrait as _, InsertStatement, OnConflict, Query, SubQueryStatement,
    UpdateStatement,
};
use sea_orm::{EntityTrait as _, QueryTrait as _, Set};

use super::rows::{event, open_cart, order, reply, snapshot};

/// One statement of a change.
pub(super) enum Write {
    Insert(InsertStatement),
    Update(UpdateStatement),
    Delete(DeleteStatement),
}

impl From<Write> for SubQueryStatement {
    fn from(write: Write) -> Self {
        match write {
            Write::Insert(insert) => Self::InsertStatement(insert),
            Write::Update(update) => Self::UpdateStatement(update),
            Write::Delete(delete) => Self::DeleteStatement(delete),
        }
    }
}

/// Everything a change writes, save the inbox row.
pub(super) fn of(change: &Change) -> Vec<Write> {
    let (at, cause) = (change.at, &change.cause);
    let events: Vec<_> =
        change.appends.iter().flat_map(|append| events(append, at, cause)).collect();
    let mut writes = Vec::new();
    if !events.is_empty() {
        writes.push(Write::Insert(event::Entity::insert_many(events).into_query()));
    }
    for append in &change.appends {
        writes.extend(entry(append, change));
        writes.extend(snapshot(append));
    }
    if !change.messages.is_empty() {
        let messages = chassis_messaging::outbox::insert_statement(&change.messages);
        writes.push(Write::Insert(messages));
    }
    writes.extend(change.reply.as_ref().map(|(key, reply)| kept(key, reply, at)));
    writes
}

fn events(
    append: &Append,
    at: DateTime<Utc>,
    cause: &Cause,
) -> impl Iterator<Item = event::ActiveModel> {
    (append.expected + 1..).zip(&append.events).map(move |(version, event)| event::ActiveModel {
        stream_id: Set(append.stream.uuid()),
        version: Set(signed(version)),
        kind: Set(event.kind.clone()),
        schema: Set(form(event.schema)),
        data: Set(event.data.clone()),
        recorded_at: Set(at),
        cause: Set(cause.message),
        traceparent: Set(cause.traceparent.clone()),
    })
}

fn entry(append: &Append, change: &Change) -> Option<Write> {
    let id = append.stream.uuid();
    match &append.entry {
        Entry::Same => None,
        Entry::CartOpened(owner) => {
            let row = open_cart::ActiveModel { owner: Set(owner.to_string()), cart: Set(id) };
            Some(Write::Insert(open_cart::Entity::insert(row).into_query()))
        }
        Entry::CartEnded(owner) => Some(Write::Delete(
            Query::delete()
                .from_table(open_cart::Entity)
                .and_where(Expr::col(open_cart::Column::Owner).eq(owner.to_string()))
                .and_where(Expr::col(open_cart::Column::Cart).eq(id))
                .to_owned(),
        )),
        Entry::OrderPlaced { customer, total, expires_at } => {
            let row = order::ActiveModel {
                id: Set(id),
                customer: Set(customer.uuid()),
                status: Set(Standing::Provisional.name().to_owned()),
                reason: Set(None),
                total_minor: Set(total.minor),
                currency: Set(total.currency.code().to_owned()),
                placed_at: Set(change.at),
                expires_at: Set(expires_at.timestamp_micros()),
                request_key: Set(change.reply.as_ref().map(|(key, _)| scoped(key))),
                traceparent: Set(change.cause.traceparent.clone()),
            };
            Some(Write::Insert(order::Entity::insert(row).into_query()))
        }
        Entry::OrderDecided(standing) => Some(Write::Update(
            Query::update()
                .table(order::Entity)
                .value(order::Column::Status, standing.name())
                .value(order::Column::Reason, standing.reason().map(|reason| reason.to_string()))
                .and_where(Expr::col(order::Column::Id).eq(id))
                .to_owned(),
        )),
    }
}

fn snapshot(append: &Append) -> Option<Write> {
    append.snapshot.as_ref().map(|snapshot| Write::Insert(keep(append.stream, snapshot)))
}

/// Keeps a snapshot, unless there is a newer one in the same form.
pub(super) fn keep(stream: StreamId, taken: &Snapshot) -> InsertStatement {
    use snapshot::Column as C;
    let row = snapshot::ActiveModel {
        stream_id: Set(stream.uuid()),
        version: Set(signed(taken.version)),
        schema: Set(form(taken.schema)),
        state: Set(taken.state.clone()),
    };
    let is_older = Expr::col((snapshot::Entity, C::Version))
        .lt(signed(taken.version))
        .or(Expr::col((snapshot::Entity, C::Schema)).ne(form(taken.schema)));
    let mut insert = snapshot::Entity::insert(row).into_query();
    insert.on_conflict(
        OnConflict::column(C::StreamId)
            .update_columns([C::Version, C::Schema, C::State])
            .action_and_where(is_older)
            .to_owned(),
    );
    insert
}

fn kept(key: &RequestKey, reply: &Reply, at: DateTime<Utc>) -> Write {
    let row = reply::ActiveModel {
        customer: Set(key.customer.uuid()),
        operation: Set(key.operation.name().to_owned()),
        request_key: Set(key.key.clone()),
        fingerprint: Set(reply.fingerprint.clone()),
        order_id: Set(reply.order.uuid()),
        body: Set(reply.body.clone()),
        kept_at: Set(at.timestamp_micros()),
    };
    Write::Insert(reply::Entity::insert(row).into_query())
}

/// A request key as the audit looks for it: replies are forgotten in time, orders are not.
fn scoped(key: &RequestKey) -> String {
    format!("{}:{}", key.operation.name(), key.key)
}

/// Versions count events one by one and never come near the bound.
pub(super) fn signed(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

/// Forms are small numbers that only people raise.
pub(super) fn form(schema: u32) -> i32 {
    i32::try_from(schema).unwrap_or(i32::MAX)
}
