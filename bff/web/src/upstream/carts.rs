//! Carts, as `order` keeps them: of whoever's token is shown.

use reqwest::Method;
use serde::Serialize;
use shop_kernel::ProductId;

use super::Upstream;
use crate::failure::Failure;
use crate::schema::cart::Cart;

/// What becomes of a line.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LineChange {
    Add(i32),
    Set(i32),
    Remove,
}

#[derive(Serialize)]
struct Quantity {
    quantity: i32,
}

#[derive(Serialize)]
struct Merge<'a> {
    guest_token: &'a str,
}

impl Upstream {
    pub(crate) async fn cart(&self, token: &str) -> Result<Cart, Failure> {
        Ok(self.order.call(Method::GET, "/carts/current").bearer(token).read().await?)
    }

    pub(crate) async fn change_line(
        &self,
        token: &str,
        product: ProductId,
        change: LineChange,
    ) -> Result<Cart, Failure> {
        let path = format!("/carts/current/lines/{product}");
        let (method, quantity) = match change {
            LineChange::Add(quantity) => (Method::POST, Some(quantity)),
            LineChange::Set(quantity) => (Method::PUT, Some(quantity)),
            LineChange::Remove => (Method::DELETE, None),
        };
        let call = self.order.call(method, &path).bearer(token);
        let call = match quantity {
            Some(quantity) => call.json(&Quantity { quantity }),
            None => call,
        };
        Ok(call.read().await?)
    }

    /// Brings a guest's cart into the customer's; doing it again changes nothing.
    pub(crate) async fn merge(&self, token: &str, guest: &str) -> Result<Cart, Failure> {
        let call = self.order.call(Method::POST, "/carts/merge").bearer(token);
        Ok(call.json(&Merge { guest_token: guest }).repeatable().read().await?)
    }
}
