//! Any JSON value.

/// A value that was read, or is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Json {
    /// Also what is not there.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// As it is written, so that none loses a digit.
    Number(String),
    /// Without its quotes and escapes.
    Text(String),
    /// One after the other.
    Array(Vec<Json>),
    /// By name, in the order they were written in.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// An object of these.
    #[must_use]
    pub fn object(members: Vec<(&str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The member of this name, of an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number without a fraction.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }
}
