//! What a fragment's server says of its fragment: its part of the manifest.

use serde::Deserialize;

use super::listing::Bundle;
/// `fragment.json`, as the packager wrote it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Part {
    name: String,
    /// Of its custom element.
    pub(super) tag: String,
    #[serde(flatten)]
    pub(super) bundle: Bundle,
}

impl Part {
    /// What is wrong with it, if something is. A fragment is another team's: it may fill its own place in a
    /// page, and what it says must not reach beyond that.
    pub(super) fn fault(&self, name: &str) -> Option<&'static str> {
        let Bundle { js, wasm, routes, .. } = &self.bundle;
        let place = format!("/assets/{name}-");
        let is_own = |url: &String| url.strip_prefix(&place).is_some_and(is_plain);
        let is_hash = |text: &String| {
            text.strip_prefix("sha384-").is_some_and(|digits| digits.chars().all(is_base64))
        };
        if self.name != name {
            Some("it is of another fragment")
        } else if !is_tag(&self.tag) {
            Some("its tag is no custom element of the shop")
        } else if ![js, wasm].iter().all(|link| is_own(&link.url) && is_hash(&link.integrity)) {
            Some("its files are not its own, or have no hash")
        } else if !routes.iter().all(|(path, page)| path.starts_with('/') && is_plain(page)) {
            Some("its routes are none")
        } else {
            None
        }
    }
}

fn is_tag(text: &str) -> bool {
    text.strip_prefix("shop-").is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_lower))
}

fn is_lower(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter == '-'
}

fn is_plain(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    !text.is_empty() && !text.starts_with('.') && text.chars().all(plain)
}

fn is_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '=')
}

#[cfg(test)]
mod tests {
    use super::Part;

    fn part(text: &str) -> Part {
        serde_json::from_str(text).unwrap()
    }

    const GOOD: &str = r#"{"name": "catalog-ui", "tag": "shop-catalog",
        "js": {"url": "/assets/catalog-ui-1.js", "integrity": "sha384-a+/="},
        "wasm": {"url": "/assets/catalog-ui-2.wasm", "integrity": "sha384-b"},
        "attributes": ["path"], "routes": {"/products/{slug}": "product"}}"#;

    #[test]
    fn a_part_of_its_own_fragment_is_taken() {
        assert_eq!(part(GOOD).fault("catalog-ui"), None);
        assert_eq!(part(GOOD).fault("orders-ui"), Some("it is of another fragment"));
    }

    #[test]
    fn what_reaches_beyond_its_place_is_refused() {
        for (good, bad) in [
            ("/assets/catalog-ui-1.js", "/assets/shell-1.js"),
            ("/assets/catalog-ui-1.js", "https://evil.example/x.js"),
            ("catalog-ui-1.js", "orders-ui-1.js"),
            ("catalog-ui-1.js", "catalog-ui-/../../x.js"),
            ("assets/catalog-ui-2.wasm", "assets/x\\\"><script>"),
            ("sha384-b", ""),
            ("shop-catalog", "script"),
            ("shop-catalog", "shop-x onclick"),
            ("\"product\"", "\"../../secret\""),
        ] {
            let text = GOOD.replace(good, bad);
            assert_ne!(text, GOOD, "{good} is not in it");
            assert!(part(&text).fault("catalog-ui").is_some(), "{bad} is taken");
        }
    }
}
