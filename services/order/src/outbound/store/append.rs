//! Writing a change: one statement on PostgreSQL, one transaction on SQLite.

use chassis_messaging::{Received, inbox};
use order_core::ports::{Appended, Change, StoreError};
use sea_orm::sea_query::{CommonTableExpression, Expr, Query, SubQueryStatement, WithClause};
use sea_orm::{ConnectionTrait as _, DbErr};

use super::writes::Write;
use super::{Store, fault, figures, writes};

impl Store {
    pub(super) async fn write(&self, change: &Change) -> Result<Appended, StoreError> {
        let received = change.received.as_ref().map(|received| {
            let envelope = received.envelope.clone();
            Received::new(received.queue, received.attempt, received.received_at, envelope)
        });
        let appended = if chassis_db::is_postgres(&self.db) {
            self.in_one_trip(change, received.as_ref()).await?
        } else {
            self.in_a_transaction(change, received.as_ref()).await.map_err(fault::of)?
        };
        if appended == Appended::Written && !change.messages.is_empty() {
            self.wake.wake();
            figures::tell(change);
        }
        Ok(appended)
    }

    /// Everything as one `WITH`: a single round trip is more than twice as fast as a transaction
    /// of five, and nobody waits between its parts. See docs/adr on placing an order.
    async fn in_one_trip(
        &self,
        change: &Change,
        received: Option<&Received>,
    ) -> Result<Appended, StoreError> {
        let mut parts: Vec<SubQueryStatement> =
            writes::of(change).into_iter().map(SubQueryStatement::from).collect();
        // Fails the whole statement where the message was taken in before.
        let noted = received.map(|message| inbox::strict_insert_statement(message, change.at));
        parts.extend(noted.map(SubQueryStatement::InsertStatement));

        let mut with = WithClause::new();
        for (number, part) in parts.into_iter().enumerate() {
            // The parts have names because SQL wants some.
            let name = format!("w{number}");
            with.cte(CommonTableExpression::new().table_name(name).query(part).to_owned());
        }
        let statement = with.query(Query::select().expr(Expr::val(1)).to_owned());
        match self.db.execute(&statement).await {
            Ok(_) => Ok(Appended::Written),
            Err(error) if received.is_some() && fault::is_duplicate_in(&error, "inbox") => {
                Ok(Appended::ReceivedBefore)
            }
            Err(error) => Err(fault::of(error)),
        }
    }

    async fn in_a_transaction(
        &self,
        change: &Change,
        received: Option<&Received>,
    ) -> Result<Appended, DbErr> {
        let tx = chassis_db::begin(&self.db).await?;
        if let Some(message) = received
            && !inbox::first_time(&tx, message, change.at).await?
        {
            return Ok(Appended::ReceivedBefore);
        }
        for write in writes::of(change) {
            match write {
                Write::Insert(insert) => tx.execute(&insert).await?,
                Write::Update(update) => tx.execute(&update).await?,
                Write::Delete(delete) => tx.execute(&delete).await?,
            };
        }
        tx.commit().await?;
        Ok(Appended::Written)
    }
}
