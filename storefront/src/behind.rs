//! The page about what is behind the shop.

use std::fmt::Write as _;

use crate::manifest::Manifest;
use crate::site::escape;

/// Renders the page in a theme (`auto`, `light`, `dark`); every address in it is the shop's own.
pub(crate) fn render(manifest: &Manifest, theme: &str, has_storefront: bool) -> String {
    let mut services = String::new();
    for (name, urls) in &manifest.services {
        for url in urls {
            // Writing to a String cannot fail.
            let _ = writeln!(
                services,
                "<tr><th scope=row>{name}</th><td><a href=\"{url}/openapi.json\">API</a></td>\
                 <td><a href=\"{url}/health/ready\">health</a></td>\
                 <td><a href=\"{url}/metrics\">metrics</a></td><td><code>{url}</code></td></tr>",
            );
        }
    }
    let mut accounts = String::new();
    for account in &manifest.accounts {
        let _ = writeln!(
            accounts,
            "<tr><th scope=row>{}</th><td><code>{}</code></td><td><code>{}</code></td></tr>",
            escape(&account.name),
            escape(&account.email),
            escape(&account.password),
        );
    }
    PAGE.replace("{mode}", &manifest.mode)
        .replace("{theme}", theme)
        .replace("{home}", if has_storefront { HOME } else { NO_HOME })
        .replace("{services}", &services)
        .replace("{accounts}", &accounts)
}

const PAGE: &str = include_str!("behind.html");
const HOME: &str = "<a href=\"/\">To the shop</a> · <a href=\"/\" lang=\"ko\">상점으로</a>";
const NO_HOME: &str = "The storefront was not built; <code>cargo shop ui</code> says why.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_links_to_every_replica_of_every_service() {
        let services = [("order", vec!["http://a", "http://b"]), ("email", vec!["http://c"])]
            .map(|(name, urls)| (name.to_owned(), urls.into_iter().map(str::to_owned).collect()));
        let manifest =
            Manifest { mode: "demo".to_owned(), services: services.into(), ..Manifest::default() };

        let page = render(&manifest, "dark", true);

        for url in ["http://a/openapi.json", "http://b/openapi.json", "http://c/metrics"] {
            assert!(page.contains(url), "no link to {url}");
        }
        assert!(page.contains(r#"data-theme="dark""#), "{page}");
        for placeholder in ["{mode}", "{theme}", "{home}", "{services}", "{accounts}"] {
            assert!(!page.contains(placeholder), "{placeholder} is left");
        }
    }

    #[test]
    fn the_page_leads_to_the_shop_or_says_how_to_get_one() {
        let manifest = Manifest::default();

        assert!(render(&manifest, "auto", true).contains(r#"href="/""#));
        let without = render(&manifest, "auto", false);
        assert!(!without.contains(r#"href="/""#) && without.contains("cargo shop ui"), "{without}");
    }
}
