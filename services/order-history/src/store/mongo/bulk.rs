//! Many documents in one command: a rebuild writes thousands.

use bson::{Bson, Document as BsonDocument, doc};
use mongodb::Database;

use super::{answer, conflict_unless};
use crate::document::Document;
use crate::store::StoreError;
use crate::store::stored::{Stored, as_stored, corrupt};

/// Replaces each document over the revision that was read, or inserts it where none was.
///
/// The driver's own bulk write needs MongoDB 8; the command beneath `replace_one` takes many
/// since ever.
pub(super) async fn replace(
    db: &Database,
    collection: &str,
    documents: &[(Document, u64)],
) -> Result<(), StoreError> {
    if documents.is_empty() {
        return Ok(());
    }
    let updates: Vec<Bson> = documents
        .iter()
        .map(|(document, read)| update(document, *read))
        .collect::<Result<_, _>>()
        .map_err(corrupt)?;
    let all = i64::try_from(updates.len()).unwrap_or(i64::MAX);
    let command = doc! {
        "update": collection,
        "updates": updates,
        "ordered": false,
        // Commands do not take the client's write concern by themselves.
        "writeConcern": { "w": "majority", "j": true },
    };
    let done = answer(db.run_command(command)).await?;
    if let Some(concern) = done.get("writeConcernError") {
        return Err(StoreError::Unavailable(concern.to_string().into()));
    }
    // A document that was there after all is an error in the list of another revision, and one
    // of another revision is not matched: either way fewer are done than were asked for.
    let matched = done.get_i32("n").map(i64::from).or_else(|_| done.get_i64("n"));
    conflict_unless(matched.map_err(corrupt)? == all)
}

fn update(document: &Document, read: u64) -> Result<Bson, bson::error::Error> {
    let stored: BsonDocument = bson::serialize_to_document(&Stored::from(document))?;
    let replaced = doc! { "_id": document.order().to_string(), "revision": as_stored(read) };
    Ok(doc! { "q": replaced, "u": stored, "upsert": read == 0 }.into())
}
