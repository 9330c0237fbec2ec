//! What a list is narrowed to: read from the address and written into it.

use json_kit::{Json, json};
use ui_kit::query::{address, value_of};
use ui_kit::{Currency, Money};

/// The orders a list can have, as the schema names them.
pub(crate) const SORTS: [&str; 5] = ["RELEVANCE", "POPULAR", "NEWEST", "PRICE_ASC", "PRICE_DESC"];

/// The query of `/products`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filters {
    pub(crate) text: Option<String>,
    pub(crate) category: Option<String>,
    /// As typed, in major units.
    pub(crate) min: Option<String>,
    pub(crate) max: Option<String>,
    /// What they are in; as the page shows prices when absent.
    pub(crate) currency: Option<Currency>,
    /// One of [`SORTS`]; the catalog chooses when there is none.
    pub(crate) sort: Option<String>,
}

impl Filters {
    /// Those of an address; what makes no sense counts as absent.
    pub(crate) fn of(at: &str) -> Self {
        let currency = value_of(at, "in").map(|code| Currency::parse(&code));
        let is_amount =
            |typed: &String| Self::price(Some(typed), currency.unwrap_or_default()).is_some();
        let price = |name: &str| value_of(at, name).filter(is_amount);
        let (min, max) = (price("min"), price("max"));
        Self {
            text: value_of(at, "q")
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty()),
            category: value_of(at, "category"),
            currency: currency.filter(|_| min.is_some() || max.is_some()),
            min,
            max,
            sort: value_of(at, "sort").filter(|sort| SORTS.contains(&sort.as_str())),
        }
    }

    /// The address of a list with these.
    pub(crate) fn address(&self) -> String {
        let values = [
            ("q", self.text.as_deref()),
            ("category", self.category.as_deref()),
            ("min", self.min.as_deref()),
            ("max", self.max.as_deref()),
            ("in", self.currency.filter(|_| self.has_prices()).map(Currency::code)),
            ("sort", self.sort.as_deref()),
        ];
        address("/products", &values)
    }

    /// Whether anything but the order is chosen.
    pub(crate) fn narrows(&self) -> bool {
        self.text.is_some() || self.category.is_some() || self.has_prices()
    }

    fn has_prices(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }

    /// What prices are compared in, where the page shows them in `shown`.
    pub(crate) fn priced_in(&self, shown: Currency) -> Currency {
        self.currency.unwrap_or(shown)
    }

    /// The order in which the list comes.
    pub(crate) fn order(&self) -> &str {
        let chosen = if self.text.is_some() { "RELEVANCE" } else { "POPULAR" };
        self.sort.as_deref().unwrap_or(chosen)
    }

    /// A price in minor units.
    pub(crate) fn price(typed: Option<&String>, currency: Currency) -> Option<Money> {
        Money::read(typed?, currency)
    }

    /// What the document asks with.
    pub(crate) fn variables(&self, shown: Currency, after: Option<&str>) -> Json {
        let currency = self.priced_in(shown);
        let price = |typed| Self::price(typed, currency).map(|money| money.minor);
        json!({
            "text": self.text,
            "category": self.category,
            "min": price(self.min.as_ref()),
            "max": price(self.max.as_ref()),
            "currency": currency.code(),
            "sort": self.order(),
            "after": after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Filters;
    use json_kit::Json;
    use ui_kit::Currency;

    #[test]
    fn a_link_to_a_list_has_all_its_filters() {
        let at = "/products?q=tea%20pot&category=kitchen&min=10&max=25.50&sort=PRICE_ASC";

        assert_eq!(Filters::of(at).address(), at);
    }

    #[test]
    fn nonsense_in_an_address_is_left_out() {
        let filters = Filters::of("/products?q=+&min=cheap&max=-1&sort=BEST");

        assert_eq!(filters, Filters::default());
        assert!(!filters.narrows());
    }

    #[test]
    fn prices_are_asked_in_minor_units_of_the_currency_shown() {
        let filters = Filters::of("/products?min=10");

        for (currency, minor) in [(Currency::Usd, 1000), (Currency::Krw, 10)] {
            let min = filters.variables(currency, None).get("min").and_then(Json::as_i64);
            assert_eq!(min, Some(minor));
        }
    }

    #[test]
    fn an_amount_stays_what_it_was_when_the_page_shows_another_currency() {
        let at = "/products?min=10&in=USD";
        let filters = Filters::of(at);

        let asked = filters.variables(Currency::Krw, None);

        assert_eq!(asked.get("min").and_then(Json::as_i64), Some(1000));
        assert_eq!(asked.get("currency").and_then(Json::as_str), Some("USD"));
        assert_eq!(filters.address(), at);
        assert_eq!(Filters { min: None, ..filters }.address(), "/products");
        assert_eq!(Filters::of("/products?min=10.50&in=KRW").min, None, "won have no cents");
    }

    #[test]
    fn a_search_comes_by_relevance_and_a_list_by_popularity() {
        assert_eq!(Filters::of("/products?q=mug").order(), "RELEVANCE");
        assert_eq!(Filters::of("/products").order(), "POPULAR");
        assert_eq!(Filters::of("/products?q=mug&sort=NEWEST").order(), "NEWEST");
    }
}
