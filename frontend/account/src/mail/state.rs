//! The mails the shop wrote to whoever is signed in, and the one that is read.

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Remote};

/// Twice as many as a shopper orders in a demonstration.
pub(super) const DOCUMENT: &str = "query Mailbox($id: ID!, $isOpen: Boolean!) {
    mails(limit: 50) { items { id kind subject state createdAt } }
    mail(id: $id) @include(if: $isOpen) { subject to text createdAt order } }";

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    mails: Option<Mails>,
    /// Absent while none is open.
    mail: Option<Letter>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Mails {
    items: Vec<Mail>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Mail {
    pub(super) id: String,
    kind: String,
    subject: Option<String>,
    pub(super) created_at: String,
}

/// A mail, whole.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Letter {
    pub(super) subject: Option<String>,
    pub(super) to: Option<String>,
    pub(super) text: Option<String>,
    pub(super) created_at: String,
    pub(super) order: String,
}

impl Mail {
    /// Its subject; one that was never written has its kind.
    pub(super) fn title(&self) -> &str {
        self.subject.as_deref().unwrap_or(&self.kind)
    }
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) mails: Remote<Vec<Mail>>,
    pub(super) letter: Option<Letter>,
}

/// The state that an answer leads to.
pub(super) fn read(answer: Result<Answer<Data>, Failure>) -> State {
    match answer {
        Err(failure) => State { mails: Remote::Failed(failure), letter: None },
        Ok(answer) => {
            let data = answer.data.clone();
            let mails = answer.must("mails", data.mails).map(|mails| mails.items);
            State { mails: mails.into(), letter: data.mail }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, Data, State, read};
    use ui_kit::{Failure, Remote, graphql};

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }

    #[test]
    fn a_mailbox_is_loading_then_here_empty_or_failed() {
        assert_eq!(State::default().mails, Remote::Loading);
        let mail = r#"{"id": "m", "kind": "receipt", "subject": null, "state": "sent", "createdAt": "2026-05-03T10:00:00Z"}"#;

        let here =
            read(graphql::read(&format!(r#"{{"data": {{"mails": {{"items": [{mail}]}}}}}}"#)));
        let empty = read(graphql::read(r#"{"data": {"mails": {"items": []}}}"#));
        let failed = read(Err(Failure::Offline));

        assert_eq!(
            here.mails.ready().and_then(|mails| mails.first()).map(super::Mail::title),
            Some("receipt")
        );
        assert_eq!(empty.mails, Remote::Ready(Vec::new()));
        assert_eq!(failed.mails, Remote::Failed(Failure::Offline));
    }
}
