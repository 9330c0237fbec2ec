//! What a list can be asked for.

use chassis::Problem;
use garde::Validate;
use serde::Deserialize;
use shop_kernel::Currency;
use utoipa::{IntoParams, ToSchema};

use super::problem::{self, CURRENCY_NEEDED};
use crate::catalog::{Browse, Direction, Position, PriceRange, Sort};

/// Rows of two, three and four all come out even.
const DEFAULT_LIMIT: usize = 24;

/// Which products, in which order.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListProducts {
    /// Words to look for, in English or Korean; slips of the finger are forgiven.
    #[garde(length(chars, max = 100))]
    q: Option<String>,
    /// The slug of a category.
    #[garde(length(max = 64))]
    category: Option<String>,
    /// No cheaper than this, in minor units of `currency`.
    #[garde(range(min = 0))]
    min_price: Option<i64>,
    /// No dearer than this, in minor units of `currency`.
    #[garde(range(min = 0))]
    max_price: Option<i64>,
    /// What prices are compared in; needed where they are.
    #[garde(skip)]
    #[param(value_type = Option<String>, example = "KRW")]
    currency: Option<Currency>,
    /// Without one: by relevance when there are words to look for, else by popularity.
    #[garde(skip)]
    sort: Option<SortBy>,
    /// The `next` of the page before.
    #[garde(length(max = 100))]
    after: Option<String>,
    /// How many at most: 1 to 100.
    #[garde(range(min = 1, max = 100))]
    limit: Option<usize>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SortBy {
    /// What matches best first; by popularity where nothing is looked for.
    Relevance,
    /// The most popular first.
    Popular,
    /// The latest additions first.
    Newest,
    /// The cheapest first.
    PriceAsc,
    /// The dearest first.
    PriceDesc,
}

impl ListProducts {
    /// What the query asks the catalog for.
    ///
    /// # Errors
    /// When prices are to be compared in no currency, or the cursor belongs to another list.
    pub(super) fn into_browse(self) -> Result<Browse, Problem> {
        let text = self.q.filter(|text| !text.trim().is_empty());
        let currency = || self.currency.ok_or_else(currency_needed);
        let sort = match (self.sort, &text) {
            (None | Some(SortBy::Relevance), Some(_)) => Sort::Relevance,
            (None | Some(SortBy::Relevance), None) | (Some(SortBy::Popular), _) => Sort::Popular,
            (Some(SortBy::Newest), _) => Sort::Newest,
            (Some(SortBy::PriceAsc), _) => Sort::Price(currency()?, Direction::Up),
            (Some(SortBy::PriceDesc), _) => Sort::Price(currency()?, Direction::Down),
        };
        let price = match (self.min_price, self.max_price) {
            (None, None) => None,
            (min, max) => Some(PriceRange { currency: currency()?, min, max }),
        };
        let after = match &self.after {
            None => None,
            Some(cursor) => Some(
                Position::from_cursor(cursor)
                    .filter(|place| place.sort == sort)
                    .ok_or_else(problem::cursor_not_valid)?,
            ),
        };
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        Ok(Browse { text, category: self.category, price, sort, after, limit })
    }
}

fn currency_needed() -> Problem {
    Problem::unprocessable(CURRENCY_NEEDED, "to compare prices, say in which currency")
}
