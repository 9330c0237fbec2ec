//! What went wrong, for programs: every code of this service, and no other file makes one up.

/// The cart became an order already; `order` names it.
pub(super) const CART_CHECKED_OUT: &str = "cart-checked-out";
/// The cart is not at the version that was seen; `cart_version` is the present one.
pub(super) const CART_CHANGED: &str = "cart-changed";
/// There is nothing in the cart.
pub(super) const CART_EMPTY: &str = "cart-empty";
/// The cart holds as many products as it takes.
pub(super) const CART_FULL: &str = "cart-full";
/// The guest's cart went into the customer's; `cart` names that.
pub(super) const CART_MERGED: &str = "cart-merged";
/// There is no such cart, or it is another's.
pub(super) const CART_UNKNOWN: &str = "cart-unknown";
/// The guest token is none, or has ended.
pub(super) const GUEST_TOKEN_NOT_VALID: &str = "guest-token-not-valid";
/// The header `Idempotency-Key` is missing, or is none.
pub(super) const KEY_MISSING: &str = "idempotency-key-missing";
/// The key was used for another request.
pub(super) const KEY_REUSED: &str = "idempotency-key-reused";
/// Products are not on sale; `products` names them.
pub(super) const NOT_ON_SALE: &str = "not-on-sale";
/// Only a cancelled order can be bought again.
pub(super) const ORDER_NOT_CANCELLED: &str = "order-not-cancelled";
/// The order costs more than any real amount.
pub(super) const ORDER_TOO_LARGE: &str = "order-too-large";
/// There is no such order, or it is another's.
pub(super) const ORDER_UNKNOWN: &str = "order-unknown";
/// Prices are not what was seen; `changes` has both, with the price version.
pub(super) const PRICE_CHANGED: &str = "price-changed";
/// The price list is not loaded yet; come again.
pub(super) const PRICE_LIST_LOADING: &str = "price-list-loading";
/// The price of a product in the cart was not sent along; `product` names it.
pub(super) const PRICE_MISSING: &str = "price-missing";
/// The query needs exactly one of its parameters.
pub(super) const QUERY_NOT_VALID: &str = "query-not-valid";
/// The store does not answer; come again.
pub(super) const STORE_UNAVAILABLE: &str = "store-unavailable";
/// Too many change the same at once; come again.
pub(super) const TOO_BUSY: &str = "too-busy";
/// The time to cancel is over; `cancellable_until` says when it ended.
pub(super) const TOO_LATE_TO_CANCEL: &str = "too-late-to-cancel";
