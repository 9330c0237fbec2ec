//! Types out of values.

use std::cell::Cell;
use std::fmt;

use crate::parse::parse;
use crate::value::Json;

/// A type that is read from JSON; derived for structs and for enums of bare names.
pub trait FromJson: Sized {
    /// Reads it; where it cannot, says so and returns anything.
    fn from_json(value: &Json, reader: &Reader) -> Self;
}

/// Knows whether everything could be read.
#[derive(Debug)]
pub struct Reader {
    /// The field that is being read.
    at: Cell<&'static str>,
    wrong: Cell<Option<&'static str>>,
}

/// A text that is no JSON, or has another shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong(&'static str);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not as expected: ")?;
        f.write_str(self.0)
    }
}

impl std::error::Error for Wrong {}

/// Reads a whole text.
///
/// # Errors
/// With the first field that is not as the type has it.
pub fn read<T: FromJson>(text: &str) -> Result<T, Wrong> {
    let value = parse(text).ok_or(Wrong("JSON"))?;
    let reader = Reader { at: Cell::new("the whole"), wrong: Cell::new(None) };
    let read = T::from_json(&value, &reader);
    reader.wrong.get().map_or(Ok(read), |field| Err(Wrong(field)))
}

impl Reader {
    /// A value is not of the kind it should be.
    pub fn refuse(&self) {
        if self.wrong.get().is_none() {
            self.wrong.set(Some(self.at.get()));
        }
    }

    /// Reads the member of this name; absent ones are null.
    pub fn field<T: FromJson>(&self, object: &Json, name: &'static str) -> T {
        T::from_json(self.member(object, name), self)
    }

    /// Which of the names a text is; the first where it is none of them.
    pub fn one_of(&self, value: &Json, names: &[&str]) -> usize {
        let found = names.iter().position(|name| value.as_str() == Some(name));
        found.unwrap_or_else(|| {
            self.refuse();
            0
        })
    }

    fn member<'j>(&self, object: &'j Json, name: &'static str) -> &'j Json {
        if !matches!(object, Json::Object(_)) {
            self.refuse();
        }
        self.at.set(name);
        object.get(name).unwrap_or(&Json::Null)
    }

    fn or_refuse<T: Default>(&self, read: Option<T>) -> T {
        read.unwrap_or_else(|| {
            self.refuse();
            T::default()
        })
    }
}

impl FromJson for Json {
    fn from_json(value: &Json, _: &Reader) -> Self {
        value.clone()
    }
}

impl FromJson for String {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        reader.or_refuse(value.as_str().map(str::to_owned))
    }
}

impl FromJson for bool {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        if !matches!(value, Json::Bool(_)) {
            reader.refuse();
        }
        *value == Json::Bool(true)
    }
}

impl FromJson for i64 {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        reader.or_refuse(value.as_i64())
    }
}

impl FromJson for u32 {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        reader.or_refuse(value.as_i64().and_then(|number| number.try_into().ok()))
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        (*value != Json::Null).then(|| T::from_json(value, reader))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        let Json::Array(items) = value else {
            reader.refuse();
            return Self::new();
        };
        items.iter().map(|item| T::from_json(item, reader)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Wrong, read};
    use crate::FromJson;

    #[derive(Debug, PartialEq, FromJson)]
    struct Product {
        slug: String,
        on_sale: bool,
        in_stock_since: Option<i64>,
        kinds: Vec<Kind>,
    }

    #[derive(Debug, PartialEq, FromJson)]
    enum Kind {
        Mug,
        TeaPot,
    }

    #[test]
    fn a_type_is_read_by_the_names_of_the_schema() {
        let text = r#"{"onSale": true, "slug": "mug", "more": {"x": 1.5}, "kinds": ["TEA_POT", "MUG"],
            "inStockSince": 9000000000}"#;

        let expected = Product {
            slug: "mug".to_owned(),
            on_sale: true,
            in_stock_since: Some(9_000_000_000),
            kinds: vec![Kind::TeaPot, Kind::Mug],
        };
        assert_eq!(read(text), Ok(expected));
    }

    #[test]
    fn what_may_be_null_may_be_absent_and_nothing_else_may() {
        let bare = r#"{"slug": "mug", "onSale": false, "kinds": []}"#;
        assert_eq!(read::<Product>(bare).map(|product| product.in_stock_since), Ok(None));

        let null = r#"{"slug": null, "onSale": false, "kinds": []}"#;
        assert_eq!(read::<Product>(null), Err(Wrong("slug")));
        assert_eq!(read::<Product>(r#"{"slug": "mug", "kinds": []}"#), Err(Wrong("onSale")));
    }

    #[test]
    fn another_kind_of_value_is_refused() {
        for (field, text) in [
            ("the whole", "[]"),
            ("JSON", "{"),
            ("slug", r#"{"slug": 1, "onSale": true, "kinds": []}"#),
            ("kinds", r#"{"slug": "mug", "onSale": true, "kinds": ["LAMP"]}"#),
            ("kinds", r#"{"slug": "mug", "onSale": true, "kinds": {}}"#),
            (
                "inStockSince",
                r#"{"slug": "mug", "onSale": true, "inStockSince": 1.5, "kinds": []}"#,
            ),
        ] {
            assert_eq!(read::<Product>(text), Err(Wrong(field)), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_too_large_is_refused() {
        assert_eq!(read::<u32>("4294967295"), Ok(u32::MAX));
        assert_eq!(read::<u32>("4294967296"), Err(Wrong("the whole")));
        assert_eq!(read::<u32>("-1"), Err(Wrong("the whole")));
    }
}
