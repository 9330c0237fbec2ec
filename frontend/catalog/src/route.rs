//! Which page an address asks for.

use ui_kit::query::path_of;

use crate::listing::filters::Filters;

/// One page of this fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Page {
    Home,
    Listing(Filters),
    /// By slug.
    Product(String),
}

impl Page {
    /// The page of an address that the manifest gave to this fragment.
    pub(crate) fn of(address: &str) -> Self {
        match path_of(address).trim_end_matches('/').strip_prefix("/products") {
            None => Self::Home,
            Some("") => Self::Listing(Filters::of(address)),
            Some(slug) => Self::Product(slug.trim_start_matches('/').to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Filters, Page};

    #[test]
    fn an_address_names_its_page() {
        assert_eq!(Page::of("/"), Page::Home);
        assert_eq!(Page::of("/?from=mail"), Page::Home);
        assert_eq!(Page::of("/products"), Page::Listing(Filters::default()));
        assert_eq!(Page::of("/products/blue-mug?x=1"), Page::Product("blue-mug".to_owned()));
        let tea = Page::Listing(Filters { text: Some("tea".to_owned()), ..Filters::default() });
        assert_eq!(Page::of("/products/?q=tea"), tea);
    }
}
