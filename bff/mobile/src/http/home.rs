//! `/home`: the first screen.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chassis::Problem;

use super::caller::Visitor;
use super::tagged::{Keeper, tagged};
use super::taste::{Taste, TasteParams};
use crate::screen::Gaps;
use crate::screen::card::ProductCard;
use crate::screen::home::{CategoryTile, Home};
use crate::screen::order_list::{OrderList, OrderRow, Which};
use crate::upstream::catalog::Browse;
use crate::upstream::{Answer, Upstream};

/// A row one swipes through.
const ROW: u32 = 8;
const LATEST: Which = Which { status: None, after: None, limit: 1 };

/// The first screen: categories, popular and new products, and what is the caller's. It shows
/// whatever there is, whichever service is away.
#[utoipa::path(tag = "browse", params(TasteParams), security((), ("bearer" = [])), responses(
    (status = 200, body = Home),
    (status = 304, description = "as in `If-None-Match`"),
    (status = 401, body = Problem, description = "a token, but none that is valid"),
))]
#[get("/home")]
pub(super) async fn show_home(
    request: HttpRequest,
    visitor: Visitor,
    taste: Taste,
    upstream: Data<Upstream>,
) -> Result<HttpResponse, Problem> {
    let mut gaps = Gaps::default();
    let (popular, newest) = (sorted("popular"), sorted("newest"));
    let (categories, popular, newest, in_cart, latest) = tokio::join!(
        upstream.categories(),
        upstream.browse(&popular, taste.currency),
        upstream.browse(&newest, taste.currency),
        in_cart(&upstream, &visitor),
        latest_order(&upstream, &visitor, taste),
    );
    let tile = |category| CategoryTile::of(category, taste);
    let latest = gaps.without("latest order", latest);
    let home = Home {
        categories: gaps
            .without("categories", categories)
            .map(|categories| categories.into_iter().map(tile).collect()),
        popular: gaps
            .without("popular products", popular)
            .map(|page| ProductCard::all(page.items, taste)),
        newest: gaps
            .without("new products", newest)
            .map(|page| ProductCard::all(page.items, taste)),
        in_cart: gaps.without("cart", in_cart).flatten(),
        degraded: gaps.degraded() || latest.as_ref().is_some_and(|(_, degraded)| *degraded),
        latest_order: latest.and_then(|(order, _)| order),
    };
    let keeper = if visitor.token.is_some() { Keeper::Client } else { Keeper::Anyone };
    tagged(&request, keeper, &home)
}

fn sorted(sort: &'static str) -> Browse {
    Browse { sort: Some(sort), limit: ROW, ..Browse::default() }
}

async fn in_cart(upstream: &Upstream, visitor: &Visitor) -> Answer<Option<u32>> {
    match &visitor.token {
        Some(token) => upstream.cart(token).await.map(|cart| Some(cart.pieces())),
        None => Ok(None),
    }
}

async fn latest_order(
    upstream: &Upstream,
    visitor: &Visitor,
    taste: Taste,
) -> Answer<(Option<OrderRow>, bool)> {
    match &visitor.token {
        Some(token) if visitor.is_customer => {
            let list = OrderList::compose(upstream, token, LATEST, taste).await?;
            let degraded = list.is_degraded();
            Ok((list.into_first(), degraded))
        }
        Some(_) | None => Ok((None, false)),
    }
}
