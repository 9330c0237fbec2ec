//! Templates with `{{names}}`, and texts as `key = value` lines.

use std::collections::BTreeMap;

/// The texts of one language.
#[derive(Debug, Default)]
pub(super) struct Texts(BTreeMap<String, String>);

impl Texts {
    pub(super) fn parse(table: &str) -> Self {
        let entries = table.lines().filter_map(|line| line.split_once(" = "));
        Self(entries.map(|(key, text)| (key.to_owned(), text.to_owned())).collect())
    }

    /// A fragment's own, which win.
    pub(super) fn add(&mut self, own: &BTreeMap<String, String>) {
        self.0.extend(own.iter().map(|(key, text)| (key.clone(), text.clone())));
    }

    /// A text; where it is missing, its key, so that somebody notices.
    pub(super) fn get<'t>(&'t self, key: &'t str) -> &'t str {
        self.0.get(key).map_or(key, String::as_str)
    }
}

/// Fills `{{name}}` from `values` as it is, and `{{t:key}}` from the texts, escaped.
pub(super) fn fill(template: &str, values: &[(&str, &str)], texts: &Texts) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        match name.strip_prefix("t:") {
            Some(key) => filled.push_str(&escape(texts.get(key))),
            None => {
                let value = values.iter().find(|(known, _)| *known == name);
                filled.push_str(value.map_or("", |(_, value)| value));
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Makes a text safe within elements and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{Texts, fill};

    #[test]
    fn names_are_replaced_and_texts_are_escaped() {
        let texts = Texts::parse("hello = Fish & <chips>\n");

        let filled =
            fill("<p class=\"{{class}}\">{{t:hello}}{{none}}</p>", &[("class", "a")], &texts);

        assert_eq!(filled, "<p class=\"a\">Fish &amp; &lt;chips&gt;</p>");
    }
}
