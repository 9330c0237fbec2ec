//! Which fragment shows an address.

use std::rc::Rc;

/// Every route of every fragment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Routes(Rc<[Route]>);

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pattern: String,
    pub(crate) tag: String,
    pub(crate) page: String,
}

impl Routes {
    /// Rows of pattern, tag and page.
    pub(crate) fn new(rows: Vec<[String; 3]>) -> Self {
        Self(rows.into_iter().map(|[pattern, tag, page]| Route { pattern, tag, page }).collect())
    }

    /// The route of a path; one with fewer placeholders wins.
    pub(crate) fn find(&self, path: &str) -> Option<&Route> {
        let fits = self.0.iter().filter(|route| fits(&route.pattern, path));
        fits.min_by_key(|route| route.pattern.matches('{').count())
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.trim_end_matches('/').split('/');
    let mut found = path.trim_end_matches('/').split('/');
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(is)) if part == is || (part.starts_with('{') && !is.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Routes;

    fn page(path: &str) -> Option<String> {
        let rows = [
            ["/", "shop-catalog", "home"],
            ["/products", "shop-catalog", "products"],
            ["/products/{slug}", "shop-catalog", "product"],
            ["/orders/{id}", "shop-orders", "order"],
            ["/orders/new", "shop-orders", "new"],
        ];
        let routes = Routes::new(rows.map(|row| row.map(str::to_owned)).into());
        routes.find(path).map(|route| route.page.clone())
    }

    #[test]
    fn a_path_finds_the_page_that_shows_it() {
        for (path, expected) in [
            ("/", "home"),
            ("/products", "products"),
            ("/products/", "products"),
            ("/products/blue-mug", "product"),
            ("/orders/ord_1", "order"),
            ("/orders/new", "new"),
        ] {
            assert_eq!(page(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_path_that_no_fragment_claims_has_no_page() {
        for path in ["/nowhere", "/products/a/b", "/orders", "//products"] {
            assert_eq!(page(path), None, "{path}");
        }
    }
}
