//! The sender: takes mails that are due, writes them and hands them to the mail server.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chassis_messaging::{Progress, Work, WorkError, due};
use sea_orm::{DatabaseConnection, EntityTrait as _};
use shop_kernel::Clock;

use crate::contacts;
use crate::letter::{self, Letter};
use crate::mailer::{Delivery, Mailer};
use crate::mails::{self, Model, State};
use crate::news::Kind;

/// How often to look whether `order.placed` has come by now; it mostly comes first.
const CONTACT_MISSING: Duration = Duration::from_millis(500);

/// Sends one mail per piece of due work.
#[derive(Debug, Clone)]
pub struct Sender {
    db: DatabaseConnection,
    mailer: Mailer,
    clock: Arc<dyn Clock>,
}

impl Sender {
    /// A sender of the mails in this store.
    #[must_use]
    pub fn new(db: DatabaseConnection, mailer: Mailer, clock: Arc<dyn Clock>) -> Self {
        Self { db, mailer, clock }
    }

    async fn send(&self, work: &due::Model, mail: &Model) -> Result<Progress, WorkError> {
        let kind = mail.kind().map_err(corrupt)?;
        // Looked at as late as can be: whatever order the two facts came in, a confirmation that
        // has not left yet is not true any more.
        if kind == Kind::Confirmation
            && mails::has(&self.db, mail.order(), Kind::Cancellation).await?
        {
            return self.skip(work, mail).await;
        }
        let Some(contact) = contacts::of(&self.db, mail.order()).await? else {
            return Ok(Progress::NotYet(CONTACT_MISSING, "the contact is not known yet".into()));
        };
        let order = contact.order().map_err(corrupt)?;
        let letter = letter::write(&order, &mail.news().map_err(corrupt)?).map_err(|error| {
            WorkError::Other("the letter was not written".into(), Some(error.into()))
        })?;

        let message_id = self.mailer.message_id(&format!("{kind}.{}", mail.order()));
        let sent = self.mailer.send(&message_id, &contact.name, &contact.email, &letter).await;
        metrics::counter!("mails_total", "kind" => kind.name(), "result" => sent.name())
            .increment(1);
        match sent {
            Delivery::Taken => self.sent(work, mail, &contact.email, &letter).await,
            Delivery::Refused(reason) => {
                self.park(work, mail, &contact.email, &letter, &reason).await
            }
            Delivery::Later(reason) => Ok(Progress::TryAgain(reason)),
        }
    }

    async fn sent(
        &self,
        work: &due::Model,
        mail: &Model,
        recipient: &str,
        letter: &Letter,
    ) -> Result<Progress, WorkError> {
        let tx = chassis_db::begin(&self.db).await?;
        // Stored whoever has the lease by now: it happened, and they find it so.
        due::finish(&tx, work).await?;
        let (kept, now) = ((recipient, letter), self.clock.now());
        mails::keep_letter(&tx, mail, kept, State::Sent, None, now).await?;
        tx.commit().await?;
        tracing::info!(mail.kind = mail.kind, "mail sent");
        Ok(Progress::Settled)
    }

    async fn finish(&self, work: &due::Model) -> Result<Progress, WorkError> {
        due::finish(&self.db, work).await?;
        Ok(Progress::Settled)
    }

    async fn park(
        &self,
        work: &due::Model,
        mail: &Model,
        recipient: &str,
        letter: &Letter,
        reason: &str,
    ) -> Result<Progress, WorkError> {
        let tx = chassis_db::begin(&self.db).await?;
        if due::park(&tx, work, reason).await? {
            let (kept, now) = ((recipient, letter), self.clock.now());
            mails::keep_letter(&tx, mail, kept, State::Parked, Some(reason), now).await?;
            tx.commit().await?;
            tracing::error!(mail.kind = mail.kind, reason, "mail refused for good");
        }
        Ok(Progress::Settled)
    }

    async fn skip(&self, work: &due::Model, mail: &Model) -> Result<Progress, WorkError> {
        let tx = chassis_db::begin(&self.db).await?;
        if due::finish(&tx, work).await? {
            let reason = "the order was cancelled first";
            mails::skip(&tx, mail, reason, self.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(Progress::Settled)
    }
}

#[async_trait]
impl Work for Sender {
    fn kind(&self) -> &'static str {
        mails::WORK
    }

    async fn perform(&self, work: &due::Model) -> Result<Progress, WorkError> {
        let Some(mail) = mails::Entity::find_by_id(work.id).one(&self.db).await? else {
            return Err(WorkError::Other("the work has no mail".into(), None));
        };
        match mail.state {
            State::Pending | State::Parked => self.send(work, &mail).await,
            // Stored by someone whose lease had run out by then.
            State::Sent | State::Skipped => self.finish(work).await,
        }
    }
}

fn corrupt(error: anyhow::Error) -> WorkError {
    WorkError::Other("a stored mail cannot be read".into(), Some(error.into()))
}
