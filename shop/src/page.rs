//! The start page, until the storefront takes its place.

use std::fmt::Write as _;

use crate::manifest::Manifest;
use identity::seed::DEMO;

/// Renders the page; every address in it is the shop's own.
pub(crate) fn render(manifest: &Manifest) -> String {
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
    for account in DEMO {
        let _ = writeln!(
            accounts,
            "<tr><th scope=row>{}</th><td><code>{}</code></td><td><code>{}</code></td></tr>",
            account.name, account.email, account.password,
        );
    }
    PAGE.replace("{mode}", &manifest.mode)
        .replace("{services}", &services)
        .replace("{accounts}", &accounts)
}

const PAGE: &str = include_str!("front/page.html");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_links_to_every_replica_of_every_service() {
        let services = [("order", vec!["http://a", "http://b"]), ("email", vec!["http://c"])]
            .map(|(name, urls)| (name.to_owned(), urls.into_iter().map(str::to_owned).collect()));
        let manifest = Manifest { mode: "demo".to_owned(), services: services.into() };

        let page = render(&manifest);

        for url in ["http://a/openapi.json", "http://b/openapi.json", "http://c/metrics"] {
            assert!(page.contains(url), "no link to {url}");
        }
        for placeholder in ["{mode}", "{services}", "{accounts}"] {
            assert!(!page.contains(placeholder), "{placeholder} is left");
        }
    }
}
