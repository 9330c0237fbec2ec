//! Which metrics and labels a query names. Whether it is a query at all, promtool says.

use std::collections::BTreeSet;

/// What a query wants of one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// Its name, as in `up`.
    pub metric: String,
    /// The labels it is picked by.
    pub labels: BTreeSet<String>,
}

/// All that a query names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// Its selectors that name a metric, in order.
    pub selectors: Vec<Selector>,
    /// What it groups and joins by.
    pub grouping: BTreeSet<String>,
}

const GROUPING: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
const OTHER_WORDS: [&str; 9] =
    ["and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "start"];

/// Reads a query, with Grafana's variables in it or without.
#[must_use]
pub fn named(query: &str) -> Named {
    let tokens = tokens(query);
    let mut named = Named::default();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1).map(String::as_str);
        let word = is_word(token).then_some(token.as_str());
        at += 1;
        match word {
            None if token == "[" => at = after(&tokens, at, "]"),
            None if token == "{" => at = after(&tokens, at, "}"),
            None => {}
            Some(word) if is_one_of(&GROUPING, word) && next == Some("(") => {
                let end = after(&tokens, at, ")");
                let inside = tokens.get(at..end).unwrap_or_default();
                named.grouping.extend(inside.iter().filter(|token| is_word(token)).cloned());
                at = end;
            }
            Some(word) if is_one_of(&GROUPING, word) || is_one_of(&OTHER_WORDS, word) => {}
            // A function, or an aggregation that says `by` first.
            Some(_) if matches!(next, Some("(" | "by" | "without")) => {}
            Some(word) => {
                let mut labels = BTreeSet::new();
                if next == Some("{") {
                    let end = after(&tokens, at, "}");
                    let inside = tokens.get(at..end).unwrap_or_default();
                    // A label stands before its operator; what follows that is a string.
                    labels.extend(inside.iter().filter(|token| is_word(token)).cloned());
                    at = end;
                }
                named.selectors.push(Selector { metric: word.to_owned(), labels });
            }
        }
    }
    named
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':')
}

/// Behind the next such token.
fn after(tokens: &[String], from: usize, token: &str) -> usize {
    let rest = tokens.get(from..).unwrap_or_default();
    rest.iter().position(|it| it == token).map_or(tokens.len(), |found| from + found + 1)
}

/// Words, numbers and single signs; strings and comments are left out.
fn tokens(query: &str) -> Vec<String> {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '$' | '.');
    let mut tokens = Vec::new();
    let mut rest = query.chars().peekable();
    while let Some(c) = rest.next() {
        if matches!(c, '"' | '\'' | '`') {
            while let Some(inside) = rest.next() {
                match inside {
                    '\\' if c != '`' => {
                        rest.next();
                    }
                    inside if inside == c => break,
                    _ => {}
                }
            }
        } else if c == '#' {
            rest.by_ref().find(|c| *c == '\n');
        } else if belongs(c) {
            let mut token = String::from(c);
            while let Some(more) = rest.next_if(|c| belongs(*c)) {
                token.push(more);
            }
            tokens.push(token);
        } else if !c.is_whitespace() {
            tokens.push(c.to_string());
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn metrics_and_labels_are_told_from_functions_and_words() {
        let query = r#"
            # the share that fails
            sum by (service) (rate(a_total{status=~"5..",route!="/x{id}"}[5m] offset 1h))
              / on (service) group_left (job) (sum without (le) (b:rate5m) > bool 0)
              or histogram_quantile(0.99, c_bucket{service="$service"}[$__rate_interval]) unless {d="e"}"#;

        let named = named(query);

        let selectors: Vec<_> = named
            .selectors
            .iter()
            .map(|it| {
                (it.metric.as_str(), it.labels.iter().map(String::as_str).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            selectors,
            [
                ("a_total", vec!["route", "status"]),
                ("b:rate5m", vec![]),
                ("c_bucket", vec!["service"]),
            ]
        );
        assert_eq!(named.grouping.into_iter().collect::<Vec<_>>(), ["job", "le", "service"]);
    }

    #[test]
    fn an_aggregation_that_groups_at_its_end_is_no_metric() {
        let named = named("count(up) by (job) + scalar(x)");

        let metrics: Vec<_> = named.selectors.into_iter().map(|it| it.metric).collect();
        assert_eq!(metrics, ["up", "x"]);
    }
}
