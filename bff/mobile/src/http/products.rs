//! `/products`: looking around.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chassis::{Problem, Valid};
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::caller::Visitor;
use super::code;
use super::passed_on::passed_on;
use super::tagged::{Keeper, tagged};
use super::taste::{Taste, TasteParams};
use crate::screen::Gaps;
use crate::screen::card::{ProductCard, ProductList};
use crate::screen::product::{Beside, ProductScreen};
use crate::upstream::Upstream;
use crate::upstream::catalog::{Browse, Product};

/// Rows of two and three come out even.
const PAGE: u32 = 24;
const RELATED: u32 = 6;
/// No slug is longer, and no id.
const LONGEST_NAME: usize = 64;

/// Which products, in which order.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BrowseParams {
    /// Words to look for, in English or Korean; slips of the finger are forgiven.
    #[garde(length(chars, max = 100))]
    q: Option<String>,
    /// The slug of a category.
    #[garde(length(max = 64))]
    category: Option<String>,
    /// No cheaper than this, in minor units of the currency.
    #[garde(range(min = 0))]
    min_price: Option<i64>,
    /// No dearer than this, in minor units of the currency.
    #[garde(range(min = 0))]
    max_price: Option<i64>,
    /// Without one: by relevance when there are words to look for, else by popularity.
    #[garde(skip)]
    sort: Option<SortBy>,
    /// The `next` of the page before.
    #[garde(length(max = 100))]
    after: Option<String>,
    /// 1 to 50; 24 when absent.
    #[garde(range(min = 1, max = 50))]
    limit: Option<u32>,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SortBy {
    /// What matches best first.
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

impl SortBy {
    /// Its name at the catalog, which is the same.
    const fn name(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Popular => "popular",
            Self::Newest => "newest",
            Self::PriceAsc => "price_asc",
            Self::PriceDesc => "price_desc",
        }
    }
}

/// Products on sale, by category, price or words.
#[utoipa::path(tag = "browse", params(BrowseParams, TasteParams), responses(
    (status = 200, body = ProductList),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 400, body = Problem, description = "`cursor-not-valid`, `query-not-valid`"),
    (status = 422, body = Problem, description = "`not-valid`, `unknown-category`"),
    (status = 503, body = Problem, description = "`peer-unavailable`"),
))]
#[get("/products")]
pub(super) async fn list_products(
    request: HttpRequest,
    params: Valid<Query<BrowseParams>>,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let params = params.0.into_inner();
    let browse = Browse {
        text: params.q,
        category: params.category,
        min_price: params.min_price,
        max_price: params.max_price,
        sort: params.sort.map(SortBy::name),
        after: params.after,
        limit: params.limit.unwrap_or(PAGE),
    };
    let page = upstream.browse(&browse, taste.currency).await.map_err(passed_on)?;
    let list = ProductList { items: ProductCard::all(page.items, taste), next: page.next };
    tagged(&request, Keeper::Anyone, &list)
}

/// One product by id or slug, with others of its category and how many are in the cart.
#[utoipa::path(tag = "browse", params(("id" = String, Path, description = "id or slug"), TasteParams),
    security((), ("bearer" = [])), responses(
    (status = 200, body = ProductScreen),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 401, body = Problem, description = "a token, but none that is valid"),
    (status = 404, body = Problem, description = "`product-not-found`"),
    (status = 503, body = Problem, description = "`peer-unavailable`"),
))]
#[get("/products/{id}")]
pub(super) async fn show_product(
    request: HttpRequest,
    name: Path<String>,
    visitor: Visitor,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    if !is_plain(&name) {
        return Err(Problem::not_found(code::PRODUCT_NOT_FOUND, "there is no such product"));
    }
    let product = upstream.product(&name).await.map_err(passed_on)?;
    let screen = compose(product, &visitor, taste, &upstream).await;
    let keeper = if visitor.token.is_some() { Keeper::Client } else { Keeper::Anyone };
    tagged(&request, keeper, &screen)
}

async fn compose(
    product: Product,
    visitor: &Visitor,
    taste: Taste,
    upstream: &Upstream,
) -> ProductScreen {
    let mut gaps = Gaps::default();
    let id = product.id;
    let browse = Browse {
        category: Some(product.category.clone()),
        limit: RELATED + 1,
        ..Browse::default()
    };
    let cart = async {
        match &visitor.token {
            Some(token) => upstream.cart(token).await.map(Some),
            None => Ok(None),
        }
    };
    let (related, cart) = tokio::join!(upstream.browse(&browse, taste.currency), cart);
    let related = gaps.without("related products", related).map(|page| {
        let others = page.items.into_iter().filter(|other| other.id != id);
        ProductCard::all(others.take(RELATED as usize).collect(), taste)
    });
    let in_cart = gaps.without("cart", cart).flatten().map(|cart| cart.pieces_of(id));
    let beside = Beside { in_cart, related, degraded: gaps.degraded() };
    ProductScreen::of(product, beside, taste)
}

/// An id or a slug, and nothing that means something in an address: it becomes part of one.
fn is_plain(name: &str) -> bool {
    // `batch` is the catalog's word for several products, so it is no slug of one.
    (1..=LONGEST_NAME).contains(&name.len())
        && name != "batch"
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_what_can_name_a_product_is_asked_for() {
        for name in ["blue-mug", "prd_0193456789ab7000800000000000b10e"] {
            assert!(is_plain(name), "{name} was refused");
        }
        for name in ["", "batch", "..", "a/b", "a?b", "a%2fb", "머그", &"a".repeat(65)] {
            assert!(!is_plain(name), "{name} was taken");
        }
    }
}
