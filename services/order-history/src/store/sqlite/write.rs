//! Writing one document, if the revision that was read is still the one stored.

use sea_orm::{ConnectionTrait, Value};

use super::{conflict_unless, failed, statement};
use crate::document::Document;
use crate::store::stored::{Stored, as_stored, corrupt};
use crate::store::{Generation, StoreError};

const INSERT: &str = "\
    INSERT INTO documents \
    (revision, document, customer, status, sold_on, sale, generation, order_id) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
const UPDATE: &str = "\
    UPDATE documents SET \
    revision = ?, document = ?, customer = ?, status = ?, sold_on = ?, sale = ? \
    WHERE generation = ? AND order_id = ? AND revision = ?";

pub(super) async fn write(
    db: &impl ConnectionTrait,
    generation: Generation,
    document: &Document,
    read: u64,
) -> Result<(), StoreError> {
    let stored = Stored::from(document);
    let sale = stored.sale.as_ref().map(serde_json::to_string).transpose();
    let values: [Value; 8] = [
        stored.revision.into(),
        serde_json::to_string(&stored).map_err(corrupt)?.into(),
        stored.customer.map(|customer| customer.to_string()).into(),
        stored.status.map(|status| status.to_string()).into(),
        stored.sale.as_ref().map(|sale| sale.day.to_string()).into(),
        sale.map_err(corrupt)?.into(),
        generation.number().into(),
        stored.order.to_string().into(),
    ];
    let statement = if read == 0 {
        statement(INSERT, values)
    } else {
        statement(UPDATE, values.into_iter().chain([as_stored(read).into()]))
    };
    let written = db.execute_raw(statement).await.map_err(failed)?;
    conflict_unless(written.rows_affected() == 1)
}
