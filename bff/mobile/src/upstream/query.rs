//! Addresses with parameters in them.

use reqwest::Url;

/// `path` with those parameters that have a value, each spelled as addresses spell it.
pub(super) fn with(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let given = parameters.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    // Of the address only what follows the question mark is used; the rest always parses.
    let query = Url::parse_with_params("http://peer", given).ok();
    match query.as_ref().and_then(Url::query).filter(|query| !query.is_empty()) {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_write_parameters_of_their_own() {
        let path = with("/products", &[("q", Some("tea & 머그=1#x")), ("after", None)]);

        assert_eq!(path, "/products?q=tea+%26+%EB%A8%B8%EA%B7%B8%3D1%23x");
        assert_eq!(with("/products", &[("q", None)]), "/products");
    }
}
