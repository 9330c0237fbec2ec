//! One's own account, and what is done to it.

use std::rc::Rc;

use json_kit::{FromJson, Json};
use ui_kit::{Answer, Failure, Money, Remote};
use yew::Reducible;

pub(super) const DOCUMENT: &str = "{ me { name email locale role cards { id brand last4 }
    storeCredit { available { minor currency } limit { minor currency } } } }";

pub(super) const SIGN_OUT: &str = "mutation { done: signOut }";
pub(super) const CHANGE: &str = "mutation Change($name: String!, $locale: Locale!) {
    done: updateMe(name: $name, locale: $locale) { name } }";
pub(super) const REMOVE_CARD: &str = "mutation RemoveCard($id: ID!) { done: removeCard(id: $id) }";

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    me: Option<Customer>,
}

/// The answer to any deed: that it was done is all there is to know.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Done {
    done: Json,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Customer {
    pub(super) name: String,
    pub(super) email: String,
    /// What mails are written in.
    pub(super) locale: String,
    pub(super) role: String,
    /// Absent while payment is away.
    pub(super) cards: Option<Vec<Card>>,
    store_credit: Option<Vec<Credit>>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Card {
    pub(super) id: String,
    brand: String,
    last4: String,
}

/// Store credit in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub(super) struct Credit {
    pub(super) available: Money,
    pub(super) limit: Money,
}

impl Customer {
    pub(super) fn credits(&self) -> &[Credit] {
        self.store_credit.as_deref().unwrap_or_default()
    }
}

impl Card {
    /// As people tell cards apart.
    pub(super) fn name(&self) -> String {
        [&self.brand.to_ascii_uppercase(), " •••• ", &self.last4].concat()
    }
}

/// The page. Ready without a customer: nobody is signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) customer: Remote<Option<Customer>>,
    pub(super) deed: Deed,
}

/// What was pressed last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Deed {
    #[default]
    Idle,
    Pending,
    Saved,
    Refused(Failure),
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    Came(Result<Answer<Data>, Failure>),
    Submitted,
    Saved,
    Refused(Failure),
}

impl State {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.customer = Remote::Loading,
            Action::Came(answer) => {
                let me = answer.and_then(|answer| answer.field("me", answer.data.me.clone()));
                self.customer = match me {
                    Err(failure) if failure.is_signed_out() => Remote::Ready(None),
                    me => me.into(),
                };
            }
            Action::Submitted => self.deed = Deed::Pending,
            Action::Saved => self.deed = Deed::Saved,
            Action::Refused(failure) => self.deed = Deed::Refused(failure),
        }
        self
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, CHANGE, DOCUMENT, Data, Deed, Done, REMOVE_CARD, SIGN_OUT, State};
    use ui_kit::{Failure, Remote, graphql};

    const ADA: &str = r#"{"data": {"me": {"name": "Ada", "email": "a@b", "locale": "EN", "role": "customer",
        "cards": null, "storeCredit": []}}}"#;

    fn came(text: &str) -> State {
        State::default().after(Action::Came(graphql::read(text)))
    }

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        for document in [SIGN_OUT, CHANGE, REMOVE_CARD] {
            query_check::holds::<Done>(document);
        }
    }

    #[test]
    fn an_account_is_loading_then_here_or_nobodys_or_failed() {
        assert_eq!(State::default().customer, Remote::Loading);
        assert!(matches!(came(ADA).customer, Remote::Ready(Some(_))));
        assert_eq!(came(r#"{"data": {"me": null}}"#).customer, Remote::Ready(None));
        let failed = State::default().after(Action::Came(Err(Failure::Offline)));
        assert_eq!(failed.customer, Remote::Failed(Failure::Offline));
    }

    #[test]
    fn a_session_that_ended_is_nobodys() {
        let ended = r#"{"data": {"me": null}, "errors": [{"message": "", "path": ["me"],
            "extensions": {"code": "session-expired"}}]}"#;

        assert_eq!(came(ended).customer, Remote::Ready(None));
    }

    #[test]
    fn a_deed_is_pending_until_it_is_done_or_refused() {
        let pending = came(ADA).after(Action::Submitted);
        assert_eq!(pending.deed, Deed::Pending);

        assert_eq!(pending.clone().after(Action::Saved).deed, Deed::Saved);
        let refused = pending.after(Action::Refused(Failure::Offline));
        assert_eq!(refused.deed, Deed::Refused(Failure::Offline));
        assert!(refused.customer.ready().is_some(), "the page stays");
    }
}
