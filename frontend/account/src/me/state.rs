//! One's own account.

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Money, Remote};

pub(super) const DOCUMENT: &str = "{ me { name email role cards { id brand last4 }
    storeCredit { available { minor currency } limit { minor currency } } } }";

pub(super) const SIGN_OUT: &str = "mutation { signOut }";

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    me: Option<Customer>,
}

/// The answer to signing out.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct SignedOut {
    /// True whether or not there was a session.
    sign_out: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Customer {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: String,
    /// Absent while payment is away.
    pub(super) cards: Option<Vec<Card>>,
    store_credit: Option<Vec<Credit>>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Card {
    pub(super) id: String,
    pub(super) brand: String,
    pub(super) last4: String,
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

/// The page. Ready without a customer: nobody is signed in.
pub(super) type State = Remote<Option<Customer>>;

/// The state that an answer leads to.
pub(super) fn read(answer: Result<Answer<Data>, Failure>) -> State {
    answer.and_then(|answer| answer.field("me", answer.data.me.clone())).into()
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, Data, SIGN_OUT, SignedOut, State, read};
    use ui_kit::{Failure, Remote, graphql};

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<SignedOut>(SIGN_OUT);
    }

    #[test]
    fn an_account_is_loading_then_here_or_nobodys_or_failed() {
        let ada = r#"{"data": {"me": {"name": "Ada", "email": "a@b", "role": "customer", "cards": null, "storeCredit": []}}}"#;

        assert_eq!(State::default(), Remote::Loading);
        assert!(matches!(read(graphql::read(ada)), Remote::Ready(Some(_))));
        assert_eq!(read(graphql::read(r#"{"data": {"me": null}}"#)), Remote::Ready(None));
        assert_eq!(read(Err(Failure::Offline)), Remote::Failed(Failure::Offline));
    }
}
