//! Carts of whoever visits: a guest's begins with the first change and is the customer's after
//! they sign in.

use shop_kernel::ProductId;

use crate::failure::{Failure, SESSION_EXPIRED};
use crate::schema::cart::Cart;
use crate::schema::checkout::BoughtAgain;
use crate::schema::order::OrderLine;
use crate::schema::product_id;
use crate::session::Visitor;
use crate::upstream::{LineChange, Upstream};

/// The visitor's cart; empty for somebody who never put anything into one, and refused where it is
/// merely out of reach because the session has ended.
pub(crate) async fn current(upstream: &Upstream, visitor: &Visitor) -> Result<Cart, Failure> {
    if let Some(merged) = merged(upstream, visitor).await? {
        return Ok(merged);
    }
    let Some(token) = visitor.shopper()? else {
        return Ok(Cart::default());
    };
    match upstream.cart(&token).await {
        Err(failure) if opens_nothing(&failure, visitor) => Ok(Cart::default()),
        answer => answer,
    }
}

/// Changes the visitor's cart; a stranger becomes a guest.
pub(crate) async fn change(
    upstream: &Upstream,
    visitor: &Visitor,
    product: ProductId,
    change: LineChange,
) -> Result<Cart, Failure> {
    let token = owner(upstream, visitor, change).await?;
    match upstream.change_line(&token, product, change).await {
        Err(failure) if opens_nothing(&failure, visitor) => {
            let token = owner(upstream, visitor, change).await?;
            upstream.change_line(&token, product, change).await
        }
        answer => answer,
    }
}

/// Brings what was bought before into the customer's cart: as many of each as there were, where
/// it holds fewer. Said as what the cart is to hold, so that repeating any part changes nothing.
pub(crate) async fn bring_back(
    upstream: &Upstream,
    visitor: &Visitor,
    lines: &[OrderLine],
) -> Result<BoughtAgain, Failure> {
    let token = visitor.customer()?;
    let mut cart = current(upstream, visitor).await?;
    let mut left_out = Vec::new();
    // One after the other: they change the same cart.
    for line in lines {
        let product = product_id(&line.product_id)?;
        let quantity = cart.quantity_of(&line.product_id).max(line.quantity);
        match upstream.change_line(&token, product, LineChange::Set(quantity)).await {
            Ok(changed) => cart = changed,
            Err(failure) if failure.code() == "not-on-sale" => {
                left_out.push(line.product_id.clone());
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(BoughtAgain { cart, left_out })
}

/// Whether this was a guest's token that opens nothing any more, as after keys were replaced; it
/// is forgotten then.
fn opens_nothing(failure: &Failure, visitor: &Visitor) -> bool {
    let ended = failure.code() == SESSION_EXPIRED && !visitor.is_signed_in();
    if ended {
        visitor.no_longer_guest();
    }
    ended
}

/// The token that owns the cart which is about to change.
async fn owner(
    upstream: &Upstream,
    visitor: &Visitor,
    change: LineChange,
) -> Result<String, Failure> {
    // Before the change, or the guest's lines would come on top of it later.
    merged(upstream, visitor).await?;
    match visitor.shopper() {
        Ok(Some(token)) => return Ok(token),
        Ok(None) => {}
        // Their next sign-in brings it to what they had; changing that needs the sign-in first.
        Err(failure)
            if failure.code() == SESSION_EXPIRED && matches!(change, LineChange::Add(_)) => {}
        Err(failure) => return Err(failure),
    }
    let guest = upstream.guest(visitor).await?;
    let token = guest.access.clone();
    visitor.become_guest(guest);
    Ok(token)
}

/// Brings the guest's cart into the customer's, where that is still to be done. A guest stays one
/// until it is: should `order` be away at the sign-in, the next look at the cart does it.
async fn merged(upstream: &Upstream, visitor: &Visitor) -> Result<Option<Cart>, Failure> {
    if !visitor.is_signed_in() {
        return Ok(None);
    }
    let Some(guest) = visitor.guest() else {
        return Ok(None);
    };
    match upstream.merge(&visitor.customer()?, &guest).await {
        Ok(cart) => {
            visitor.no_longer_guest();
            Ok(Some(cart))
        }
        Err(failure) if failure.is_for_now() || failure.code() == SESSION_EXPIRED => Err(failure),
        // It will not be taken later either; the customer's own cart must stay within reach.
        Err(failure) => {
            tracing::warn!(code = failure.code(), "a guest's cart could not be merged");
            visitor.no_longer_guest();
            Ok(None)
        }
    }
}
