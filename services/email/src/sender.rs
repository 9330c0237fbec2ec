//! The sender: takes mails that are due, writes them and hands them to the mail server.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chassis_messaging::{Progress, Work, WorkError, due};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use sea_orm::{DatabaseConnection, DbErr};
use shop_kernel::Clock;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::SERVICE;
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

/// What there is to know about the mails that are due.
struct Desk {
    mails: HashMap<Uuid, Model>,
    contacts: HashMap<Uuid, contacts::Model>,
    cancelled: HashSet<Uuid>,
}

/// What became of a mail.
enum End<'a> {
    /// The mail server took the letter.
    Sent(&'a Model, Written),
    /// It refused the letter for good, and why.
    Parked(&'a Model, Written, String),
    /// The order was cancelled before its confirmation left.
    Skipped(&'a Model),
    /// Stored by someone whose lease had run out by then.
    Settled,
    /// Nothing yet.
    Open(Progress),
}

/// A piece of work, its place among those begun with it, and what became of its mail.
type Ended<'a> = (usize, &'a due::Model, Result<End<'a>, WorkError>);

/// A letter, and to whom it is written.
struct Written {
    recipient: String,
    letter: Letter,
}

impl Sender {
    /// A sender of the mails in this store.
    #[must_use]
    pub fn new(db: DatabaseConnection, mailer: Mailer, clock: Arc<dyn Clock>) -> Self {
        for kind in Kind::ALL {
            // Begun at zero, so that the first of a kind is seen as a rise.
            for result in ["sent", "refused", "later"] {
                count(kind, result, 0);
            }
        }
        Self { db, mailer, clock }
    }

    async fn desk(&self, works: &[due::Model]) -> Result<Desk, DbErr> {
        let mails = mails::of_work(&self.db, works).await?;
        let orders: Vec<_> = mails.values().map(|mail| mail.order_id).collect();
        let contacts = contacts::of_all(&self.db, &orders).await?;
        // Looked at as late as can be: whatever order the two facts came in, a confirmation that
        // has not left yet is not true any more.
        let cancelled = mails::that_have(&self.db, &orders, Kind::Cancellation).await?;
        Ok(Desk { mails, contacts, cancelled })
    }

    async fn send<'a>(&self, desk: &'a Desk, work: &due::Model) -> Result<End<'a>, WorkError> {
        let mail = desk.mails.get(&work.id);
        let mail = mail.ok_or_else(|| WorkError::Other("the work has no mail".into(), None))?;
        if matches!(mail.state, State::Sent | State::Skipped) {
            return Ok(End::Settled);
        }
        let kind = mail.kind().map_err(corrupt)?;
        if kind == Kind::Confirmation && desk.cancelled.contains(&mail.order_id) {
            return Ok(End::Skipped(mail));
        }
        let Some(contact) = desk.contacts.get(&mail.order_id) else {
            let reason = "the contact is not known yet".into();
            return Ok(End::Open(Progress::NotYet(CONTACT_MISSING, reason)));
        };
        let order = contact.order().map_err(corrupt)?;
        let letter = letter::write(&order, &mail.news().map_err(corrupt)?).map_err(|error| {
            WorkError::Other("the letter was not written".into(), Some(error.into()))
        })?;

        let message_id = self.mailer.message_id(&format!("{kind}.{}", mail.order()));
        let span = tracing::info_span!("send mail", otel.kind = "client", mail.kind = mail.kind);
        let sending = self.mailer.send(&message_id, &contact.name, &contact.email, &letter);
        let sent = sending.instrument(span).await;
        count(kind, sent.name(), 1);
        let written = Written { recipient: contact.email.clone(), letter };
        Ok(match sent {
            Delivery::Taken => End::Sent(mail, written),
            Delivery::Refused(reason) => {
                tracing::error!(mail.kind = mail.kind, reason, "mail refused for good");
                End::Parked(mail, written, reason)
            }
            Delivery::Later(reason) => End::Open(Progress::TryAgain(reason)),
        })
    }

    async fn store(&self, ends: &[Ended<'_>]) -> Result<(), DbErr> {
        let now = self.clock.now();
        let tx = chassis_db::begin(&self.db).await?;
        let mut done = Vec::new();
        for (_, work, end) in ends {
            match end {
                // Stored whoever has the lease by now: it happened, and they find it so.
                Ok(End::Sent(mail, Written { recipient, letter })) => {
                    done.push(*work);
                    mails::keep_letter(&tx, mail, (recipient, letter), State::Sent, None, now)
                        .await?;
                }
                Ok(End::Parked(mail, Written { recipient, letter }, reason)) => {
                    if due::park(&tx, work, reason).await? {
                        let (kept, why) = ((recipient.as_str(), letter), Some(reason.as_str()));
                        mails::keep_letter(&tx, mail, kept, State::Parked, why, now).await?;
                    }
                }
                Ok(End::Skipped(mail)) => {
                    if due::finish(&tx, work).await? {
                        mails::skip(&tx, mail, "the order was cancelled first", now).await?;
                    }
                }
                Ok(End::Settled) => done.push(*work),
                Ok(End::Open(_)) | Err(_) => {}
            }
        }
        due::finish_all(&tx, &done).await?;
        tx.commit().await
    }

    async fn send_all(
        &self,
        works: &[due::Model],
    ) -> Result<Vec<Result<Progress, WorkError>>, DbErr> {
        let desk = self.desk(works).await?;
        let sending: FuturesUnordered<_> = works
            .iter()
            .enumerate()
            .map(|(place, work)| {
                let sent = self.send(&desk, work).instrument(work.span());
                sent.map(move |end| (place, work, end))
            })
            .collect();
        // What has ended by now is stored together. A mail that takes long keeps no other waiting:
        // what is sent and not stored is sent again after a kill.
        let mut ended = sending.ready_chunks(works.len().max(1));
        let mut progress = Vec::with_capacity(works.len());
        while let Some(ends) = ended.next().await {
            progress.extend(self.settle(ends).await);
        }
        progress.sort_unstable_by_key(|(place, _)| *place);
        Ok(progress.into_iter().map(|(_, progress)| progress).collect())
    }

    async fn settle(&self, ends: Vec<Ended<'_>>) -> Vec<(usize, Result<Progress, WorkError>)> {
        let together = self.store(&ends).await;
        let mut settled = Vec::with_capacity(ends.len());
        for (place, work, end) in ends {
            let one = [(place, work, end)];
            let stored = match &together {
                Ok(()) => Ok(()),
                // One that cannot be stored must not keep the others open.
                Err(_) => self.store(&one).await,
            };
            let [(_, _, end)] = one;
            settled.push((place, stored.map_err(WorkError::from).and(end.map(End::progress))));
        }
        settled
    }
}

impl End<'_> {
    fn progress(self) -> Progress {
        match self {
            Self::Open(progress) => progress,
            Self::Sent(..) | Self::Parked(..) | Self::Skipped(_) | Self::Settled => {
                Progress::Settled
            }
        }
    }
}

#[async_trait]
impl Work for Sender {
    fn kind(&self) -> &'static str {
        mails::WORK
    }

    async fn perform(&self, work: &due::Model) -> Result<Progress, WorkError> {
        let mut all = self.send_all(std::slice::from_ref(work)).await?;
        all.pop().unwrap_or(Ok(Progress::Settled))
    }

    /// Reads what all need at once, and sends them side by side.
    async fn perform_all(&self, works: &[due::Model]) -> Vec<Result<Progress, WorkError>> {
        let error = match self.send_all(works).await {
            Ok(all) => return all,
            Err(error) => error,
        };
        let mut all = Vec::with_capacity(works.len());
        for work in works {
            all.push(if chassis_db::is_unavailable(&error) {
                Err(WorkError::Other(format!("the store is away: {error}"), None))
            } else {
                // One that cannot be read must not keep the others unsent.
                self.perform(work).await
            });
        }
        all
    }
}

fn count(kind: Kind, result: &'static str, by: u64) {
    metrics::counter!(
        "mails_total", "service" => SERVICE.name, "kind" => kind.name(), "result" => result,
    )
    .increment(by);
}

fn corrupt(error: anyhow::Error) -> WorkError {
    WorkError::Other("a stored mail cannot be read".into(), Some(error.into()))
}
