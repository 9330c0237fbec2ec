//! Whom one may be for a moment: a shop that is a demonstration says so, any other says nothing.

use json_kit::FromJson;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

const ADDRESS: &str = "/.well-known/shop.json";

#[derive(Debug, FromJson)]
struct Shop {
    accounts: Option<Vec<Account>>,
}

/// An account whose password is public.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) password: String,
    /// `en` or `ko`.
    pub(crate) locale: String,
    pub(crate) operator: bool,
}

impl Account {
    /// What is special about it, as a text key.
    pub(crate) fn what(&self) -> &'static str {
        match self.locale.as_str() {
            _ if self.operator => "demo.operator",
            "ko" => "demo.korean",
            _ => "demo.english",
        }
    }
}

/// All of them; none where the shop names none.
pub(crate) async fn accounts() -> Vec<Account> {
    said().await.map(|text| read(&text)).unwrap_or_default()
}

fn read(text: &str) -> Vec<Account> {
    json_kit::read::<Shop>(text).ok().and_then(|shop| shop.accounts).unwrap_or_default()
}

async fn said() -> Option<String> {
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str(ADDRESS)).await.ok()?;
    let text = answer.unchecked_into::<Response>().text().ok()?;
    JsFuture::from(text).await.ok()?.as_string()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_demonstration_names_its_accounts_and_no_other_shop_does() {
        let demo = r#"{"mode": "demo", "accounts": [
            {"name": "Ada", "email": "a@b", "password": "x", "locale": "en", "operator": false},
            {"name": "Op", "email": "o@b", "password": "x", "locale": "en", "operator": true}]}"#;

        let kinds: Vec<_> = read(demo).iter().map(super::Account::what).collect();

        assert_eq!(kinds, ["demo.english", "demo.operator"]);
        for other in [r#"{"mode": "up", "services": {}}"#, "<html>", ""] {
            assert_eq!(read(other), [], "{other}");
        }
    }
}
