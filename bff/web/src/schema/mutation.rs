//! What changes something.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use shop_kernel::PaymentMethodId;

use super::cart::Cart;
use super::checkout::{BoughtAgain, CheckoutInput, PayAgainInput, PlacedOrder};
use super::customer::{Card, Customer, NewCardInput, RegisterInput, SignedIn};
use super::money::Locale;
use super::order::{Order, composed, whole};
use super::{carts, order_id, product_id};
use crate::failure::Failure;
use crate::session::Visitor;
use crate::upstream::{LineChange, Upstream};

/// What changes something. `POST /graphql` with `content-type: application/json` and the header
/// `x-csrf: 1`; errors carry `extensions.code` (the services' codes, as `price-changed`) and the
/// facts that belong to it.
pub(crate) struct Mutation;

#[Object]
impl Mutation {
    /// Opens an account and signs in to it; a guest's cart comes along. Codes: `email-taken`,
    /// `weak-password`, `not-valid` with `errors`.
    #[graphql(complexity = "super::cost::COSTLY + child_complexity")]
    async fn register(&self, ctx: &Context<'_>, input: RegisterInput) -> Result<SignedIn> {
        let (upstream, visitor) = both(ctx)?;
        upstream.register(visitor, &input).await?;
        let customer = upstream.sign_in(visitor, &input.email, &input.password).await?;
        Ok(SignedIn { customer })
    }

    /// Signs in; a guest's cart is merged into the customer's. Codes: `wrong-credentials`,
    /// `too-many-attempts`.
    #[graphql(complexity = "super::cost::COSTLY + child_complexity")]
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(validator(max_length = 254))] email: String,
        #[graphql(secret, validator(max_length = 256))] password: String,
    ) -> Result<SignedIn> {
        let (upstream, visitor) = both(ctx)?;
        let customer = upstream.sign_in(visitor, &email, &password).await?;
        // Asked for or not: what a guest gathered is the customer's now. Should it not work, the
        // next look at the cart makes up for it.
        drop(carts::current(upstream, visitor).await);
        Ok(SignedIn { customer })
    }

    /// Ends the session; true whether or not there was one.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<bool> {
        let (upstream, visitor) = both(ctx)?;
        if let Ok(token) = visitor.customer()
            && let Err(failure) = upstream.sign_out(&token).await
        {
            // The browser forgets it all the same.
            tracing::warn!(code = failure.code(), "a session could not be ended at identity");
        }
        visitor.sign_out();
        Ok(true)
    }

    /// Changes one's own account; what is left out stays.
    async fn update_me(
        &self,
        ctx: &Context<'_>,
        name: Option<String>,
        locale: Option<Locale>,
    ) -> Result<Customer> {
        let (upstream, visitor) = both(ctx)?;
        Ok(upstream.change_me(&visitor.customer()?, name, locale).await?)
    }

    /// Adds to the quantity, up to 99. A visitor becomes a guest with this, and so does a customer
    /// whose session has ended: the next sign-in brings both carts together.
    async fn add_to_cart(
        &self,
        ctx: &Context<'_>,
        product: ID,
        #[graphql(default = 1, validator(minimum = 1, maximum = 99))] quantity: i32,
    ) -> Result<Cart> {
        let (upstream, visitor) = both(ctx)?;
        let product = product_id(&product)?;
        Ok(carts::change(upstream, visitor, product, LineChange::Add(quantity)).await?)
    }

    /// Gives a line this quantity.
    async fn set_cart_line(
        &self,
        ctx: &Context<'_>,
        product: ID,
        #[graphql(validator(minimum = 1, maximum = 99))] quantity: i32,
    ) -> Result<Cart> {
        let (upstream, visitor) = both(ctx)?;
        let product = product_id(&product)?;
        Ok(carts::change(upstream, visitor, product, LineChange::Set(quantity)).await?)
    }

    /// Takes a line out; one that is not in changes nothing.
    async fn remove_from_cart(&self, ctx: &Context<'_>, product: ID) -> Result<Cart> {
        let (upstream, visitor) = both(ctx)?;
        let product = product_id(&product)?;
        Ok(carts::change(upstream, visitor, product, LineChange::Remove).await?)
    }

    /// Stores a card for the signed-in customer; the number goes straight to the provider.
    /// Code: `card-not-valid` with `errors`.
    async fn add_card(
        &self,
        ctx: &Context<'_>,
        input: NewCardInput,
        #[graphql(validator(min_length = 1, max_length = 100))] idempotency_key: String,
    ) -> Result<Card> {
        let (upstream, visitor) = both(ctx)?;
        let key = header_safe(&idempotency_key)?;
        Ok(upstream.add_card(&visitor.customer()?, key, &input).await?)
    }

    /// Removes a card; true whether or not there was one.
    async fn remove_card(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let (upstream, visitor) = both(ctx)?;
        let id = id.parse::<PaymentMethodId>();
        let id = id.map_err(|error| Failure::not_valid(format!("id: {error}")))?;
        match upstream.remove_card(&visitor.customer()?, id).await {
            Err(failure) if failure.code() != "payment-method-unknown" => Err(failure.into()),
            Ok(()) | Err(_) => Ok(true),
        }
    }

    /// Places an order from the cart that was seen; the same key always gets the same answer.
    /// Codes: `price-changed` (`changes`), `cart-changed`, `not-on-sale` (`products`),
    /// `cart-checked-out` (`order`), `cart-empty`.
    async fn checkout(
        &self,
        ctx: &Context<'_>,
        input: CheckoutInput,
        #[graphql(validator(min_length = 1, max_length = 255))] idempotency_key: String,
    ) -> Result<PlacedOrder> {
        let (upstream, visitor) = both(ctx)?;
        let key = header_safe(&idempotency_key)?;
        let token = visitor.customer()?;
        Ok(upstream.place(&token, key, &input.try_into()?).await?)
    }

    /// Cancels an order; one that is cancelled stays as it is. Code: `too-late-to-cancel`
    /// (`cancellable_until`).
    async fn cancel(&self, ctx: &Context<'_>, order: ID) -> Result<Order> {
        let (upstream, visitor) = both(ctx)?;
        let (token, order) = (visitor.customer()?, order_id(&order)?);
        let body = upstream.cancel(&token, order).await?;
        // The read model hears of it in a moment; who cancelled sees it now.
        let payment = upstream.payment_of(&token, order).await;
        Ok(composed(body, payment, false))
    }

    /// Places the lines of a cancelled order again, at today's prices, with another payment
    /// method. Code: `order-not-cancelled`.
    async fn pay_again(
        &self,
        ctx: &Context<'_>,
        input: PayAgainInput,
        #[graphql(validator(min_length = 1, max_length = 255))] idempotency_key: String,
    ) -> Result<PlacedOrder> {
        let (upstream, visitor) = both(ctx)?;
        let key = header_safe(&idempotency_key)?;
        let token = visitor.customer()?;
        let (order, body) = input.into_parts()?;
        Ok(upstream.reorder(&token, key, order, &body).await?)
    }

    /// Puts the lines of any order into the cart again. What the cart holds already counts: doing
    /// it twice, or once more after half of it failed, puts nothing in twice.
    async fn buy_again(&self, ctx: &Context<'_>, order: ID) -> Result<BoughtAgain> {
        let (upstream, visitor) = both(ctx)?;
        let (token, order) = (visitor.customer()?, order_id(&order)?);
        let unknown = || Failure::new("order-unknown", "there is no such order");
        let order = whole(upstream, &token, order).await?.ok_or_else(unknown)?;
        Ok(carts::bring_back(upstream, visitor, order.bought()).await?)
    }
}

fn both<'c>(ctx: &Context<'c>) -> Result<(&'c Arc<Upstream>, &'c Arc<Visitor>)> {
    Ok((ctx.data()?, ctx.data()?))
}

/// It travels on as a header.
fn header_safe(key: &str) -> Result<&str, Failure> {
    if key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key);
    }
    Err(Failure::not_valid("idempotencyKey: letters, digits and signs of ASCII, without blanks"))
}
