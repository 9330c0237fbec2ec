//! The mails the shop wrote to whoever is signed in, and the one that is read.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Remote};
use yew::Reducible;

pub(super) const MAILS: &str = "query Mails($after: String) {
    mails(after: $after, limit: 20) { next items { id kind order createdAt } } }";

pub(super) const LETTER: &str =
    "query Letter($id: ID!) { mail(id: $id) { subject to text createdAt order } }";

/// The answer about all of them.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Mails {
    mails: Option<Page>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Page {
    pub(super) items: Vec<Mail>,
    pub(super) next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Mail {
    pub(super) id: String,
    kind: String,
    pub(super) order: String,
    pub(super) created_at: String,
}

/// The answer about one.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Opened {
    mail: Option<Letter>,
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
    /// What it is about, as a text key: subjects begin alike, and differ where a row ends.
    pub(super) fn kind(&self) -> &'static str {
        match self.kind.as_str() {
            "receipt" => "mail.receipt",
            "confirmation" => "mail.confirmation",
            "refund" => "mail.refund",
            _ => "mail.cancellation",
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) mails: Remote<Page>,
    /// Whether the next page is on its way.
    pub(super) is_growing: bool,
    /// How often it was looked for new ones.
    pub(super) looks: u32,
    /// Which one is read.
    open: Option<String>,
    /// Ready without a letter: there is none of that id.
    pub(super) letter: Remote<Option<Letter>>,
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    /// The first mails.
    Came(Result<Answer<Mails>, Failure>),
    MoreAsked,
    MoreCame(Result<Answer<Mails>, Failure>),
    /// One is to be read, or none.
    Opened(Option<String>),
    /// The one of this id.
    LetterCame(String, Result<Answer<Opened>, Failure>),
}

impl State {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.mails = Remote::Loading,
            Action::Came(answer) => {
                self.looks += 1;
                let page = page(answer);
                match (&mut self.mails, page) {
                    (Remote::Ready(shown), Ok(page)) => shown.welcome(page),
                    // What is there stays; it is looked again soon.
                    (Remote::Ready(_), Err(_)) => {}
                    (mails, page) => *mails = page.into(),
                }
            }
            Action::MoreAsked => self.is_growing = true,
            Action::MoreCame(answer) => {
                self.is_growing = false;
                if let (Ok(more), Some(shown)) = (page(answer), self.mails.ready_mut()) {
                    shown.items.extend(more.items);
                    shown.next = more.next;
                }
            }
            Action::Opened(id) => {
                self.letter = Remote::Loading;
                self.open = id;
            }
            // Another one was opened meanwhile.
            Action::LetterCame(id, _) if self.open.as_ref() != Some(&id) => {}
            Action::LetterCame(_, answer) => {
                let letter =
                    answer.and_then(|answer| answer.field("mail", answer.data.mail.clone()));
                self.letter = letter.into();
            }
        }
        self
    }
}

impl Page {
    /// Takes in what came on top since.
    fn welcome(&mut self, page: Page) {
        let is_new = |mail: &Mail| self.items.iter().all(|known| known.id != mail.id);
        let new: Vec<_> = page.items.into_iter().filter(is_new).collect();
        self.items.splice(0..0, new);
    }
}

fn page(answer: Result<Answer<Mails>, Failure>) -> Result<Page, Failure> {
    answer.and_then(|answer| answer.must("mails", answer.data.mails.clone()))
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, LETTER, Letter, MAILS, Mail, Mails, Opened, State};
    use ui_kit::{Answer, Failure, Remote, graphql};

    fn mails(ids: &[&str]) -> Result<Answer<Mails>, Failure> {
        let mail = |id: &&str| {
            format!(
                r#"{{"id": "{id}", "kind": "receipt", "order": "ord_1", "createdAt": "2026-05-03T10:00:00Z"}}"#
            )
        };
        let items = ids.iter().map(mail).collect::<Vec<_>>().join(",");
        graphql::read(&format!(r#"{{"data": {{"mails": {{"items": [{items}], "next": "n"}}}}}}"#))
    }

    fn letter(subject: &str) -> Result<Answer<Opened>, Failure> {
        graphql::read(&format!(
            r#"{{"data": {{"mail": {{"subject": "{subject}", "to": null, "text": null,
            "createdAt": "2026-05-03T10:00:00Z", "order": "ord_1"}}}}}}"#
        ))
    }

    fn shown(state: &State) -> Vec<&str> {
        let page = state.mails.ready();
        page.map(|page| page.items.iter().map(|mail| mail.id.as_str()).collect())
            .unwrap_or_default()
    }

    fn subject(state: &State) -> Option<&str> {
        state.letter.ready()?.as_ref().and_then(|letter: &Letter| letter.subject.as_deref())
    }

    fn read(id: &str) -> Action {
        Action::Opened(Some(id.to_owned()))
    }

    #[test]
    fn what_it_asks_holds_against_the_schema() {
        query_check::holds::<Mails>(MAILS);
        query_check::holds::<Opened>(LETTER);
    }

    #[test]
    fn a_mailbox_is_loading_then_here_empty_or_failed_and_loading_again() {
        assert_eq!(State::default().mails, Remote::Loading);

        let here = State::default().after(Action::Came(mails(&["a"])));
        let empty = State::default().after(Action::Came(mails(&[])));
        let failed = State::default().after(Action::Came(Err(Failure::Offline)));

        let first = here.mails.ready().and_then(|page| page.items.first());
        assert_eq!(first.map(Mail::kind), Some("mail.receipt"));
        assert_eq!((shown(&empty).len(), empty.mails.ready().is_some()), (0, true));
        assert_eq!(failed.mails, Remote::Failed(Failure::Offline));
        assert_eq!(failed.after(Action::Asked).mails, Remote::Loading);
    }

    #[test]
    fn mails_that_are_sent_meanwhile_come_on_top_and_a_failure_takes_none_away() {
        let state = State::default().after(Action::Came(mails(&["b", "a"])));

        let later = state.after(Action::Came(mails(&["c", "b", "a"])));
        let lost = later.clone().after(Action::Came(Err(Failure::Offline)));

        assert_eq!(shown(&later), ["c", "b", "a"]);
        assert_eq!((shown(&lost), lost.looks), (vec!["c", "b", "a"], 3));
    }

    #[test]
    fn older_mails_come_when_they_are_asked_for() {
        let growing =
            State::default().after(Action::Came(mails(&["c", "b"]))).after(Action::MoreAsked);
        assert!(growing.is_growing);

        let grown = growing.after(Action::MoreCame(mails(&["a"])));

        assert_eq!((shown(&grown), grown.is_growing), (vec!["c", "b", "a"], false));
    }

    #[test]
    fn a_letter_that_comes_late_is_not_shown_in_the_place_of_another() {
        let reading = State::default().after(read("a")).after(read("b"));

        let late = reading.after(Action::LetterCame("a".to_owned(), letter("A")));
        assert_eq!(late.letter, Remote::Loading);

        let there = late.after(Action::LetterCame("b".to_owned(), letter("B")));
        assert_eq!(subject(&there), Some("B"));
    }

    #[test]
    fn a_letter_may_be_unknown_or_fail_alone() {
        let reading = State::default().after(Action::Came(mails(&["a"]))).after(read("x"));
        let came = |answer| reading.clone().after(Action::LetterCame("x".to_owned(), answer));

        let unknown = came(graphql::read(r#"{"data": {"mail": null}}"#));
        let failed = came(Err(Failure::Offline));

        assert_eq!(unknown.letter, Remote::Ready(None));
        assert_eq!(failed.letter, Remote::Failed(Failure::Offline));
        assert_eq!(shown(&failed), ["a"]);
    }
}
