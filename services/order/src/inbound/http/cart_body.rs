//! A cart as clients see it.

use order_core::app::view_cart::{CartView, ViewedLine};
use serde::Serialize;
use shop_kernel::{CartId, LocalizedText, Money, ProductId, Quantity};
use utoipa::ToSchema;

use super::schema::{MoneySchema, TextSchema};

/// The caller's open cart at today's prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cart)]
pub(super) struct CartBody {
    /// Absent while nothing was put into a cart yet.
    #[schema(value_type = Option<String>, example = "crt_0193456789ab7000800000000000ca47")]
    id: Option<CartId>,
    /// What a checkout has to name.
    version: u64,
    lines: Vec<CartLineBody>,
    /// The sum, in each currency in which everything can be bought.
    #[schema(value_type = Vec<MoneySchema>)]
    totals: Vec<Money>,
}

/// A product in a cart.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CartLine)]
pub(super) struct CartLineBody {
    #[schema(value_type = String, example = "prd_0193456789ab7000800000000000b10e")]
    product: ProductId,
    #[schema(value_type = u32, minimum = 1, maximum = 99)]
    quantity: Quantity,
    /// Whether it may be bought now.
    on_sale: bool,
    /// Absent while the price list is loading.
    #[schema(value_type = Option<TextSchema>)]
    name: Option<LocalizedText>,
    /// The price of one in each currency; what a checkout has to repeat for its currency.
    #[schema(value_type = Vec<MoneySchema>)]
    unit_prices: Vec<Money>,
    /// The catalog's count of the product's changes.
    price_version: Option<u64>,
}

impl From<CartView> for CartBody {
    fn from(view: CartView) -> Self {
        Self {
            id: view.cart,
            version: view.version,
            lines: view.lines.into_iter().map(CartLineBody::from).collect(),
            totals: view.totals,
        }
    }
}

impl From<ViewedLine> for CartLineBody {
    fn from(viewed: ViewedLine) -> Self {
        let listed = viewed.listed;
        Self {
            product: viewed.line.product,
            quantity: viewed.line.quantity,
            on_sale: listed.as_ref().is_some_and(|listed| listed.on_sale),
            price_version: listed.as_ref().map(|listed| listed.version),
            unit_prices: listed.as_ref().map(|listed| listed.prices.clone()).unwrap_or_default(),
            name: listed.map(|listed| listed.name),
        }
    }
}
