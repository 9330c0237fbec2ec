//! What a checkout is filled in with, and what is wrong about it.

use json_kit::{Json, json};

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Email,
    Street,
    City,
    PostalCode,
    Country,
    Number,
    Expiry,
    Cvc,
    Holder,
}

/// The text fields in the order of the page.
pub(crate) const CONTACT: [Field; 6] =
    [Field::Name, Field::Email, Field::Street, Field::City, Field::PostalCode, Field::Country];
pub(crate) const CARD: [Field; 4] = [Field::Number, Field::Expiry, Field::Cvc, Field::Holder];

impl Field {
    /// As ids, text keys and `autocomplete` have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Street => "street-address",
            Self::City => "address-level2",
            Self::PostalCode => "postal-code",
            Self::Country => "country",
            Self::Number => "cc-number",
            Self::Expiry => "cc-exp",
            Self::Cvc => "cc-csc",
            Self::Holder => "cc-name",
        }
    }
}

/// How it is paid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Method {
    /// A stored card, by id.
    Stored(String),
    /// A card to be stored with this order.
    #[default]
    New,
    StoreCredit,
}

/// What was filled in so far. A demo comes filled in: what it asks for is not the point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    values: Vec<(Field, String)>,
    pub(crate) method: Method,
}

impl Default for Form {
    fn default() -> Self {
        let values = [
            (Field::Name, ""),
            (Field::Email, ""),
            (Field::Street, "12 Sample Street"),
            (Field::City, "Seoul"),
            (Field::PostalCode, "04524"),
            (Field::Country, "KR"),
            (Field::Number, "4242 4242 4242 4242"),
            (Field::Expiry, "12/30"),
            (Field::Cvc, "123"),
            (Field::Holder, ""),
        ];
        let values = values.map(|(field, value)| (field, value.to_owned()));
        Self { values: values.into(), method: Method::default() }
    }
}

impl Form {
    pub(crate) fn get(&self, field: Field) -> &str {
        let found = self.values.iter().find(|(known, _)| *known == field);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Without the blanks around it.
    fn trimmed(&self, field: Field) -> &str {
        self.get(field).trim()
    }

    pub(crate) fn set(&mut self, field: Field, value: String) {
        if let Some((_, old)) = self.values.iter_mut().find(|(known, _)| *known == field) {
            *old = value;
        }
    }

    /// Fills in what is known of the customer, where nothing was typed.
    pub(crate) fn introduce(&mut self, name: &str, email: &str) {
        for (field, value) in [(Field::Name, name), (Field::Email, email), (Field::Holder, name)] {
            if self.get(field).is_empty() {
                self.set(field, value.to_owned());
            }
        }
    }

    /// Contact and address as a text to be kept for a while, and whose it is; never the card.
    pub(crate) fn draft(&self, owner: &str) -> String {
        [owner, "\n", &CONTACT.map(|field| self.get(field)).join("\n")].concat()
    }

    /// Fills in what was kept, if it is this customer's: another one may have signed in since.
    pub(crate) fn resume(&mut self, draft: &str, owner: &str) {
        let mut lines = draft.split('\n');
        if lines.next() == Some(owner) {
            for (field, value) in CONTACT.into_iter().zip(lines) {
                self.set(field, value.to_owned());
            }
        }
    }

    /// Fields that are not right yet. The services have the last word; this one comes at once.
    pub(crate) fn wrong(&self) -> Vec<Field> {
        let card: &[Field] = if self.method == Method::New { &CARD } else { &[] };
        CONTACT.iter().chain(card).copied().filter(|field| !self.is_right(*field)).collect()
    }

    fn is_right(&self, field: Field) -> bool {
        let value = self.trimmed(field);
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        match field {
            Field::Email => value
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.contains('.')),
            Field::Number => (12..=19).contains(&digits(value)),
            Field::Expiry => self.expiry().is_some(),
            Field::Cvc => (3..=4).contains(&digits(value)) && digits(value) == value.len(),
            Field::Country => value.len() == 2 && value.chars().all(|it| it.is_ascii_alphabetic()),
            Field::Name | Field::Street | Field::City | Field::PostalCode | Field::Holder => {
                !value.is_empty()
            }
        }
    }

    /// Month and year of `12/30` or `12/2030`.
    fn expiry(&self) -> Option<(u32, u32)> {
        let (month, year) = self.get(Field::Expiry).split_once('/')?;
        let month = month.trim().parse().ok().filter(|month| (1..=12).contains(month))?;
        let year: u32 = year.trim().parse().ok()?;
        Some((month, if year < 100 { year + 2000 } else { year }))
    }

    /// The input of `addCard`.
    pub(crate) fn card(&self) -> Json {
        let (month, year) = self.expiry().unwrap_or_default();
        json!({
            "number": self.get(Field::Number),
            "expiryMonth": month,
            "expiryYear": year,
            "cvc": self.trimmed(Field::Cvc),
            "holder": self.trimmed(Field::Holder),
        })
    }

    /// The contact of `checkout`.
    pub(crate) fn contact(&self) -> Json {
        json!({
            "name": self.trimmed(Field::Name),
            "email": self.trimmed(Field::Email),
            "address": json!({
                "street": self.trimmed(Field::Street),
                "city": self.trimmed(Field::City),
                "postalCode": self.trimmed(Field::PostalCode),
                "country": self.trimmed(Field::Country).to_ascii_uppercase(),
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Form, Method};
    use json_kit::Json;

    fn filled() -> Form {
        let mut form = Form::default();
        form.introduce("Ada", "ada@example.org");
        form
    }

    #[test]
    fn a_demo_comes_filled_in_and_only_the_customer_is_missing() {
        assert_eq!(Form::default().wrong(), [Field::Name, Field::Email, Field::Holder]);
        assert_eq!(filled().wrong(), []);
    }

    #[test]
    fn what_was_typed_is_not_overwritten() {
        let mut form = Form::default();
        form.set(Field::Name, "Grace".to_owned());

        form.introduce("Ada", "ada@example.org");

        assert_eq!((form.get(Field::Name), form.get(Field::Email)), ("Grace", "ada@example.org"));
    }

    #[test]
    fn what_is_kept_for_a_while_has_no_card_in_it() {
        let mut form = filled();
        form.set(Field::Number, "4000 0000 0000 0002".to_owned());
        form.set(Field::Street, "2 Elm Street".to_owned());
        let draft = form.draft("ada@example.org");

        let mut later = Form::default();
        later.resume(&draft, "ada@example.org");

        assert_eq!(later.get(Field::Street), "2 Elm Street");
        assert!(!draft.contains("4000") && !draft.contains("123"), "{draft}");
    }

    #[test]
    fn what_was_kept_is_for_its_customer_alone() {
        let mut form = Form::default();

        form.resume(&filled().draft("ada@example.org"), "grace@example.org");

        assert_eq!(form, Form::default());
    }

    #[test]
    fn each_field_says_itself_that_it_is_wrong() {
        for (field, value) in [
            (Field::Name, " "),
            (Field::Email, "ada"),
            (Field::Country, "Korea"),
            (Field::Number, "4242"),
            (Field::Expiry, "13/30"),
            (Field::Cvc, "12x"),
        ] {
            let mut form = filled();
            form.set(field, value.to_owned());

            assert_eq!(form.wrong(), [field], "{value}");
        }
    }

    #[test]
    fn a_stored_card_needs_no_number() {
        let mut form = filled();
        form.set(Field::Number, String::new());
        form.method = Method::Stored("pm_1".to_owned());

        assert_eq!(form.wrong(), []);
    }

    #[test]
    fn a_year_may_have_two_digits() {
        assert_eq!(filled().card().get("expiryYear").and_then(Json::as_i64), Some(2030));
    }
}
