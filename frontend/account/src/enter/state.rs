//! A form that lets somebody in.

use std::rc::Rc;

use json_kit::{FromJson, Json, json};
use ui_kit::query::value_of;
use ui_kit::{Failure, Locale};
use yew::Reducible;

pub(crate) const SIGN_IN: &str = "mutation SignIn($email: String!, $password: String!) {
    entered: signIn(email: $email, password: $password) { customer { name } cart { count } } }";

pub(crate) const REGISTER: &str = "mutation Register($input: RegisterInput!) {
    entered: register(input: $input) { customer { name } cart { count } } }";

/// Where one goes without being told otherwise.
const HOME: &str = "/account";
/// Fewer letters make no password.
const SHORTEST: usize = 10;

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Data {
    pub(crate) entered: Entered,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Entered {
    pub(crate) customer: Customer,
    /// Absent while `order` is away.
    pub(crate) cart: Option<Cart>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Customer {
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Cart {
    pub(crate) count: u32,
}

/// Two ways in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    SignIn,
    Register,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Email,
    Password,
}

impl Door {
    pub(crate) fn fields(self) -> &'static [Field] {
        match self {
            Self::SignIn => &[Field::Email, Field::Password],
            Self::Register => &[Field::Name, Field::Email, Field::Password],
        }
    }
}

/// The page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    name: String,
    email: String,
    password: String,
    /// Fields that were wrong when it was last submitted.
    pub(crate) wrong: Vec<Field>,
    pub(crate) deed: Deed,
}

/// The button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Deed {
    #[default]
    Idle,
    Pending,
    Refused(Failure),
}

/// What happens to the page.
#[derive(Debug)]
pub(crate) enum Action {
    Typed(Field, String),
    /// A demo account was chosen: both of its fields.
    Borrowed(String, String),
    Checked(Door),
    Submitted,
    Refused(Failure),
}

impl State {
    pub(crate) fn get(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::Email => &self.email,
            Field::Password => &self.password,
        }
    }

    /// Fields that are not right yet; an existing password is never judged here.
    pub(crate) fn wrong_at(&self, door: Door) -> Vec<Field> {
        let is_right = |field: Field| match field {
            Field::Name => !self.name.trim().is_empty(),
            Field::Email => self
                .email
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()),
            Field::Password if door == Door::Register => self.password.chars().count() >= SHORTEST,
            Field::Password => !self.password.is_empty(),
        };
        door.fields().iter().copied().filter(|field| !is_right(*field)).collect()
    }

    /// Document and variables of the deed.
    pub(crate) fn request(&self, door: Door, locale: Locale) -> (&'static str, Json) {
        let (email, password) = (self.email.trim(), &self.password);
        match door {
            Door::SignIn => (SIGN_IN, json!({ "email": email, "password": password })),
            Door::Register => {
                let name = self.name.trim();
                let input = json!({ "email": email, "name": name, "password": password, "locale": locale.name() });
                (REGISTER, json!({ "input": input }))
            }
        }
    }

    /// The state after `action`.
    pub(crate) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Typed(field, value) => {
                self.wrong.retain(|known| *known != field);
                match field {
                    Field::Name => self.name = value,
                    Field::Email => self.email = value,
                    Field::Password => self.password = value,
                }
            }
            Action::Borrowed(email, password) => {
                self = Self { email, password, ..Self::default() };
            }
            Action::Checked(door) => self.wrong = self.wrong_at(door),
            Action::Submitted => self.deed = Deed::Pending,
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

/// Where to go afterwards: a path of ours, never another site's.
pub(crate) fn next(address: &str) -> String {
    let wanted = value_of(address, "next").unwrap_or_default();
    // Browsers take a backslash for a slash, and leave tabs and line ends out.
    let is_foreign = |it: char| it == '\\' || it.is_control();
    let is_ours =
        wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.contains(is_foreign);
    if is_ours { wanted } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Action, Data, Deed, Door, Field, REGISTER, SIGN_IN, State, next};
    use ui_kit::{Failure, Locale};

    #[test]
    fn what_it_does_holds_against_the_schema() {
        query_check::holds::<Data>(SIGN_IN);
        query_check::holds::<Data>(REGISTER);
    }

    #[test]
    fn an_empty_form_says_what_is_missing() {
        let state = State::default().after(Action::Checked(Door::Register));

        assert_eq!(state.wrong, [Field::Name, Field::Email, Field::Password]);
    }

    #[test]
    fn a_new_password_needs_ten_letters_and_an_old_one_is_not_judged() {
        let state = State::default()
            .after(Action::Borrowed("ada@example.org".to_owned(), "short".to_owned()));

        assert_eq!(state.wrong_at(Door::SignIn), []);
        assert_eq!(state.wrong_at(Door::Register), [Field::Name, Field::Password]);
    }

    #[test]
    fn a_refusal_keeps_what_was_typed() {
        let refused = State::default()
            .after(Action::Typed(Field::Email, "ada@example.org".to_owned()))
            .after(Action::Submitted)
            .after(Action::Refused(Failure::Offline));

        assert_eq!(refused.deed, Deed::Refused(Failure::Offline));
        assert_eq!(refused.get(Field::Email), "ada@example.org");
    }

    #[test]
    fn registering_names_the_language_of_the_page() {
        let (_, variables) = State::default().request(Door::Register, Locale::Ko);

        let locale = variables.get("input").and_then(|input| input.get("locale")?.as_str());
        assert_eq!(locale, Some("KO"));
    }

    #[test]
    fn afterwards_one_stays_in_the_shop() {
        assert_eq!(next("/sign-in?next=%2Fcheckout"), "/checkout");
        for elsewhere in [
            "",
            "https%3A%2F%2Fevil",
            "%2F%2Fevil",
            "%2F%5Cevil",
            "%2F%09%2Fevil",
            "%2F%0A%2Fevil",
            "%2F%0D%2Fevil",
        ] {
            assert_eq!(next(&["/sign-in?next=", elsewhere].concat()), "/account", "{elsewhere}");
        }
    }
}
