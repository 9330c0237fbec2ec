//! Carts, as `order` keeps them: of whoever's token is shown.

use reqwest::Method;
use serde::Serialize;
use shop_kernel::ProductId;

use super::Upstream;
use crate::failure::Failure;
use crate::schema::cart::Cart;

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

    pub(crate) async fn add_line(
        &self,
        token: &str,
        product: ProductId,
        quantity: i32,
    ) -> Result<Cart, Failure> {
        let call = self.order.call(Method::POST, &line(product)).bearer(token);
        Ok(call.json(&Quantity { quantity }).read().await?)
    }

    pub(crate) async fn set_line(
        &self,
        token: &str,
        product: ProductId,
        quantity: i32,
    ) -> Result<Cart, Failure> {
        let call = self.order.call(Method::PUT, &line(product)).bearer(token);
        Ok(call.json(&Quantity { quantity }).read().await?)
    }

    pub(crate) async fn remove_line(
        &self,
        token: &str,
        product: ProductId,
    ) -> Result<Cart, Failure> {
        Ok(self.order.call(Method::DELETE, &line(product)).bearer(token).read().await?)
    }

    /// Brings a guest's cart into the customer's; doing it again changes nothing.
    pub(crate) async fn merge(&self, token: &str, guest: &str) -> Result<Cart, Failure> {
        let call = self.order.call(Method::POST, "/carts/merge").bearer(token);
        Ok(call.json(&Merge { guest_token: guest }).repeatable().read().await?)
    }
}

fn line(product: ProductId) -> String {
    format!("/carts/current/lines/{product}")
}
