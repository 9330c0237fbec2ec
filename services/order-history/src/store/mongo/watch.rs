//! Following the change stream of the database, and what is done while there is none.

use std::time::Duration;

use bson::{Document as Bson, doc};
use futures::StreamExt as _;
use mongodb::Database;
use mongodb::change_stream::event::ChangeStreamEvent;
use tokio::sync::broadcast;

use super::{DOCUMENTS, GENERATIONS};
use crate::store::Change;

/// While the stream is away everyone who waits reads anew this often. A server without a replica
/// set has no stream at all: there, this is how long a change in another process takes.
const WITHOUT_STREAM: Duration = Duration::from_secs(1);

/// Announces every change of the database; resumes where it was interrupted.
pub(super) async fn follow_for_ever(db: &Database, announce: &broadcast::Sender<Change>) {
    let mut last = None;
    loop {
        let resumed = last.take();
        let from_here = resumed.is_none();
        match db.watch().pipeline(pipeline()).resume_after(resumed).await {
            Ok(mut stream) => {
                if from_here {
                    // What changed before the stream was open is unknown.
                    let _ = announce.send(Change::Everything);
                }
                while let Some(event) = stream.next().await {
                    match event {
                        Ok(event) => {
                            // An error means that nobody listens.
                            let _ = announce.send(change(&event));
                        }
                        Err(error) => {
                            tracing::warn!(%error, "the change stream was interrupted");
                            break;
                        }
                    }
                }
                last = stream.resume_token();
            }
            Err(error) => tracing::warn!(%error, "there is no change stream"),
        }
        tokio::time::sleep(WITHOUT_STREAM).await;
        let _ = announce.send(Change::Everything);
    }
}

fn pipeline() -> [Bson; 2] {
    [
        doc! { "$match": {
            "operationType": { "$in": ["insert", "update", "replace"] },
            "ns.coll": { "$regex": format!("^({DOCUMENTS}[0-9]+|{GENERATIONS})$") },
        } },
        // The document is read when someone waits for it; most have no one waiting.
        doc! { "$project": { "operationType": 1, "ns": 1, "documentKey": 1 } },
    ]
}

fn change(event: &ChangeStreamEvent<Bson>) -> Change {
    let key = event.document_key.as_ref().and_then(|key| key.get_str("_id").ok());
    // The key of the generations is no order id.
    key.and_then(|key| key.parse().ok()).map_or(Change::Everything, Change::Order)
}
