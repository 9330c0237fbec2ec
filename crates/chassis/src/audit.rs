//! The audit log: a line with target `audit` for everything an operator changes or tries to.
//!
//! [`crate::Server`] writes it when the answer is known: who (`by`), what (`action`), on what
//! (`subject`), with which `outcome`. A handler adds what else is worth keeping by [`detail`]; one
//! that forgets to is in the log all the same.

use std::cell::RefCell;
use std::fmt;

use actix_web::http::{Method, StatusCode};
use serde_json::{Map, Value};

/// What a request has come to so far.
#[derive(Debug, Default)]
pub(crate) struct Deed {
    by: Option<String>,
    details: Map<String, Value>,
}

tokio::task_local! {
    static CURRENT: RefCell<Deed>;
}

/// Runs `answer`, and tells who has done what in it.
pub(crate) async fn watched<T>(answer: impl Future<Output = T>) -> (T, Deed) {
    let watched = async {
        let outcome = answer.await;
        let deed = CURRENT.try_with(RefCell::take).unwrap_or_default();
        (outcome, deed)
    };
    CURRENT.scope(RefCell::default(), watched).await
}

/// An operator does what follows.
pub(crate) fn done_by(operator: &impl fmt::Display) {
    // Outside any request there is nobody to hold to account.
    let _ = CURRENT.try_with(|deed| deed.borrow_mut().by = Some(operator.to_string()));
}

/// Adds to the line about the request in hand; never a secret.
pub fn detail(name: &str, value: impl Into<Value>) {
    let add =
        |deed: &RefCell<Deed>| deed.borrow_mut().details.insert(name.to_owned(), value.into());
    drop(CURRENT.try_with(add));
}

impl Deed {
    /// Writes the line, where an operator did more than look.
    pub(crate) fn write(self, method: &Method, route: &str, path: &str, status: StatusCode) {
        let Self { by: Some(by), details } = self else { return };
        if method.is_safe() {
            return;
        }
        let outcome = match status {
            status if status.is_success() => "done",
            status if status.is_server_error() => "failed",
            _ => "refused",
        };
        let details = (!details.is_empty()).then(|| Value::Object(details).to_string());
        tracing::info!(
            target: "audit",
            by,
            action = %format_args!("{method} {route}"),
            subject = path,
            outcome,
            details,
            "operator",
        );
    }
}
