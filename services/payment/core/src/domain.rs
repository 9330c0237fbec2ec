//! The aggregates: one [`Payment`] per order, one [`CreditAccount`] per customer and currency.

mod answer;
mod bill;
mod credit;
mod ids;
mod payment;
mod record;
mod state;

pub use answer::{ChargeAnswer, ChargeRefusal, ChargeRequest, RefundAnswer, RefundRequest};
pub use bill::{Bill, CardOnFile, CardToken};
pub use credit::{CreditAccount, CreditError};
pub use ids::{payment_of, refund_key, refund_of};
pub use payment::{Begin, Payment, PaymentError};
pub use record::Record;
pub use state::{Charge, PaymentEvent, State, Work};
