//! Charges and refunds that are due.

use async_trait::async_trait;
use chassis_messaging::{Progress, Work, WorkError, due};
use payment_core::app::{self, Payments};
use payment_core::domain;
use shop_kernel::PaymentId;

use crate::outbound::books::{CHARGE, REFUND, Store};

/// Does one kind of work.
#[derive(Debug)]
pub(crate) struct DueWork {
    pub(crate) payments: Payments,
    pub(crate) store: Store,
    pub(crate) work: domain::Work,
}

#[async_trait]
impl Work for DueWork {
    fn kind(&self) -> &'static str {
        match self.work {
            domain::Work::Charge => CHARGE,
            domain::Work::Refund => REFUND,
        }
    }

    async fn perform(&self, work: &due::Model) -> Result<Progress, WorkError> {
        let payment: PaymentId = work.subject.parse().map_err(failed)?;
        let books = self.store.for_work(work);
        let progress = match self.work {
            domain::Work::Charge => self.payments.charge(&books, payment).await,
            domain::Work::Refund => self.payments.refund(&books, payment).await,
        };
        match progress.map_err(failed)? {
            app::Progress::Settled => Ok(Progress::Settled),
            app::Progress::Again(reason) => {
                tracing::warn!(payment.id = %payment, reason, "to be tried again");
                Ok(Progress::TryAgain(reason))
            }
        }
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> WorkError {
    WorkError::Other("the payment could not be worked on".to_owned(), Some(Box::new(error)))
}
