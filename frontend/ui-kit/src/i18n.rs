//! Texts as `key = value` lines compiled in: looking one up walks the table, which takes microseconds
//! and no crate.

use json_kit::FromJson;

/// A language the shop speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Locale {
    /// Reads a language tag; what we do not speak is English.
    #[must_use]
    pub fn parse(tag: &str) -> Self {
        if tag == "ko" || tag.starts_with("ko-") { Self::Ko } else { Self::En }
    }

    /// For `lang` attributes and `Intl`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// As the schema spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "EN",
            Self::Ko => "KO",
        }
    }
}

/// A text that came in every language.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub struct Text {
    en: String,
    ko: String,
}

impl Text {
    /// The one to show.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Ko => &self.ko,
        }
    }
}

/// The texts of one bundle.
#[derive(Debug, PartialEq, Eq)]
pub struct Texts {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
}

impl Texts {
    fn find(&self, locale: Locale, key: &str) -> Option<&'static str> {
        let table = match locale {
            Locale::En => self.en,
            Locale::Ko => self.ko,
        };
        entries(table).find_map(|(known, text)| (known == key).then_some(text))
    }

    /// Keys that only one of the languages has.
    #[must_use]
    pub fn one_sided(&self) -> Vec<&'static str> {
        let all = entries(self.en).chain(entries(self.ko)).map(|(key, _)| key);
        all.filter(|key| {
            self.find(Locale::En, key).is_none() || self.find(Locale::Ko, key).is_none()
        })
        .collect()
    }

    /// Keys that source code has, wherever it has them, and no table.
    #[must_use]
    pub fn missing<'s>(&self, source: &'s str) -> Vec<&'s str> {
        // What is between quotes, and what is between those: that never looks like a key.
        let parts: Vec<_> = source.split('"').collect();
        let is_asked =
            |before: &str| [".t(", ".with(", ".count("].iter().any(|it| before.ends_with(it));
        let keys = parts.windows(2).filter_map(|pair| match pair {
            [before, text] if is_asked(before) || is_key(text) => Some(*text),
            _ => None,
        });
        keys.filter(|key| self.find(Locale::En, key).is_none()).collect()
    }

    /// The same of all the sources in a folder, their tests aside.
    ///
    /// # Errors
    /// When they cannot be read.
    #[cfg(not(target_family = "wasm"))]
    pub fn missing_in(&self, folder: &std::path::Path) -> std::io::Result<Vec<String>> {
        let mut missing = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                missing.extend(self.missing_in(&path)?);
            } else {
                let text = std::fs::read_to_string(&path)?;
                let source = text.split("#[cfg(test)]").next().unwrap_or_default();
                missing.extend(self.missing(source).into_iter().map(str::to_owned));
            }
        }
        Ok(missing)
    }
}

/// Words with points between them; messages of the services look alike, but for their version.
fn is_key(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|it| it.is_ascii_alphabetic() || "-_".contains(it))
    };
    text.contains('.') && text.split('.').all(is_word)
}

/// The texts of a bundle in the language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say {
    texts: &'static Texts,
    /// The language.
    pub locale: Locale,
}

impl Say {
    /// Speaks this language from now on.
    #[must_use]
    pub fn new(texts: &'static Texts, locale: Locale) -> Self {
        Self { texts, locale }
    }

    /// A text; where it is missing, its key, which a test would have found.
    #[must_use]
    pub fn t<'k>(&self, key: &'k str) -> &'k str {
        self.texts.find(self.locale, key).unwrap_or(key)
    }

    /// A text with its `{names}` filled in.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = String::new();
        // Before each brace of either kind there is text, and between the two a name.
        for (at, part) in self.t(key).split(['{', '}']).enumerate() {
            let value = values.iter().find(|(name, _)| at % 2 == 1 && *name == part);
            text.push_str(value.map_or(part, |(_, value)| value));
        }
        text
    }

    /// A text that names a number as `{n}`; English has another one, with `.one`, for 1.
    #[must_use]
    pub fn count(&self, key: &str, n: usize) -> String {
        let singular = [key, ".one"].concat();
        let key = if n == 1 && self.texts.find(self.locale, &singular).is_some() {
            &singular
        } else {
            key
        };
        self.with(key, &[("n", &n.to_string())])
    }
}

fn entries(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    // By one character: a search for several is code of its own.
    table.lines().filter_map(|line| {
        let (key, text) = line.split_once('=')?;
        Some((key.strip_suffix(' ')?, text.strip_prefix(' ')?))
    })
}

#[cfg(test)]
mod tests {
    use super::{Locale, Say, Texts};

    static TEXTS: Texts = Texts {
        en: "left = Only {n} left\nitems = {n} items\nitems.one = {n} item\nonly.here = x",
        ko: "left = {n}개 남음\nitems = {n}개\nitems.one = {n}개",
    };

    #[test]
    fn a_text_is_taken_from_the_language_of_the_page() {
        assert_eq!(Say::new(&TEXTS, Locale::En).with("left", &[("n", "3")]), "Only 3 left");
        assert_eq!(
            Say::new(&TEXTS, Locale::parse("ko-KR")).with("left", &[("n", "3")]),
            "3개 남음"
        );
    }

    #[test]
    fn one_is_told_apart_from_many() {
        let say = Say::new(&TEXTS, Locale::En);

        assert_eq!([say.count("items", 1), say.count("items", 2)], ["1 item", "2 items"]);
    }

    #[test]
    fn a_key_of_one_language_only_is_found() {
        assert_eq!(TEXTS.one_sided(), ["only.here"]);
    }

    #[test]
    fn a_key_that_no_table_has_is_found_in_the_source() {
        let source = r#"say.t("lost"); say.t("only.here"); match it { 1 => "all.lost", _ => "order.placed.v1" } say.t(&["kind.", it].concat())"#;

        assert_eq!(TEXTS.missing(source), ["lost", "all.lost"]);
    }
}
