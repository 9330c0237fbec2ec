//! A cancelled order once more: its lines as a cart would show them today.

use futures::future::join_all;

use super::{Order, OrderLine, OrderStatus};
use crate::failure::Failure;
use crate::schema::Loaders;
use crate::schema::cart::{Cart, CartLine};
use crate::schema::product::Product;

/// What would be ordered; none where nothing can be paid again.
pub(super) async fn again(order: &Order, loaders: &Loaders) -> Option<Cart> {
    if order.status != OrderStatus::Cancelled {
        return None;
    }
    let products = join_all(order.lines.iter().map(|line| loaders.product(&line.product_id))).await;
    let lines = order.lines.iter().zip(products);
    Some(Cart::of(lines.filter_map(|(line, product)| today(line, product)).collect()))
}

fn today(line: &OrderLine, product: Result<Option<Product>, Failure>) -> Option<CartLine> {
    let (on_sale, unit_prices) = match product {
        Ok(Some(product)) => (product.on_sale, product.prices),
        Ok(None) => (false, vec![line.unit_price]),
        // The old price is what is known; `order` has the last word on it.
        Err(_away) => (true, vec![line.unit_price]),
    };
    Some(CartLine {
        product_id: line.product_id.clone(),
        name: Some(line.name.clone()),
        quantity: u32::try_from(line.quantity).ok()?,
        on_sale,
        unit_prices,
    })
}
