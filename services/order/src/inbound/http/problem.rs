//! What the errors of the use cases are to a client: one place, no default.

use chassis::Problem;
use order_core::app::cancel::CancelOrderError;
use order_core::app::change_cart::ChangeCartError;
use order_core::app::find::FindOrderError;
use order_core::app::merge::MergeCartsError;
use order_core::app::place::PlaceOrderError;
use order_core::app::reorder::ReorderError;
use order_core::app::view_cart::ViewCartError;
use order_core::app::{PriceChange, PricingError};
use order_core::domain::cart::{CartError, End};
use order_core::domain::order::OrderError;
use order_core::ports::StoreError;
use serde::Serialize;
use shop_kernel::{Money, OrderId, ProductId};

use super::code;

/// A wrapper, because neither the errors nor the problem are ours to connect.
#[derive(Debug)]
pub(super) struct Refused(Problem);

impl<E: IntoProblem> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into_problem())
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        refused.0
    }
}

/// An error a client can be told about.
pub(super) trait IntoProblem {
    /// What the client is told.
    fn into_problem(self) -> Problem;
}

impl IntoProblem for StoreError {
    fn into_problem(self) -> Problem {
        match self {
            Self::Conflict => {
                Problem::unavailable(code::TOO_BUSY, "too many change the same at once")
            }
            Self::Unavailable(_) => {
                Problem::unavailable(code::STORE_UNAVAILABLE, "the store does not answer")
                    .caused_by(self)
            }
            Self::Failed(_) | Self::Corrupt(_) | Self::Unwritable(_) => Problem::internal(self),
        }
    }
}

impl IntoProblem for CartError {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Ended(End::CheckedOut { order }) => {
                Problem::conflict(code::CART_CHECKED_OUT, detail).with("order", order)
            }
            Self::Ended(End::Merged { into }) => {
                Problem::conflict(code::CART_MERGED, detail).with("cart", into)
            }
            Self::Empty => Problem::unprocessable(code::CART_EMPTY, detail),
            Self::Full => Problem::unprocessable(code::CART_FULL, detail),
        }
    }
}

/// A price that changed, as the client is told.
#[derive(Serialize)]
struct Change {
    product: ProductId,
    seen: Money,
    now: Money,
    price_version: u64,
}

impl From<PriceChange> for Change {
    fn from(change: PriceChange) -> Self {
        let PriceChange { product, seen, now, price_version } = change;
        Self { product, seen, now, price_version }
    }
}

impl IntoProblem for PricingError {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::Loading => Problem::unavailable(code::PRICE_LIST_LOADING, detail),
            Self::NotOnSale(products) => {
                Problem::unprocessable(code::NOT_ON_SALE, detail).with("products", products)
            }
            Self::SeenPriceMissing(product) => {
                Problem::unprocessable(code::PRICE_MISSING, detail).with("product", product)
            }
            Self::Changed(changes) => {
                let changes: Vec<Change> = changes.into_iter().map(Change::from).collect();
                Problem::conflict(code::PRICE_CHANGED, detail).with("changes", changes)
            }
            Self::Lines(_) => Problem::unprocessable(code::ORDER_TOO_LARGE, detail),
        }
    }
}

impl IntoProblem for OrderError {
    fn into_problem(self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::TooLateToCancel { until } => {
                Problem::conflict(code::TOO_LATE_TO_CANCEL, detail).with("cancellable_until", until)
            }
            Self::AmountDiffers { .. } => Problem::internal(self),
        }
    }
}

fn unknown_order(_: OrderId) -> Problem {
    Problem::not_found(code::ORDER_UNKNOWN, "there is no such order")
}

fn reused() -> Problem {
    let detail = "the idempotency key was used for another request";
    Problem::unprocessable(code::KEY_REUSED, detail)
}

impl IntoProblem for PlaceOrderError {
    fn into_problem(self) -> Problem {
        match self {
            Self::KeyReused => reused(),
            Self::UnknownCart(_) => Problem::not_found(code::CART_UNKNOWN, "there is no such cart"),
            Self::CartChanged { now, .. } => {
                Problem::conflict(code::CART_CHANGED, self.to_string()).with("cart_version", now)
            }
            Self::Cart(error) => error.into_problem(),
            Self::Pricing(error) => error.into_problem(),
            Self::Store(error) => error.into_problem(),
        }
    }
}

impl IntoProblem for ReorderError {
    fn into_problem(self) -> Problem {
        match self {
            Self::KeyReused => reused(),
            Self::UnknownOrder(order) => unknown_order(order),
            Self::NotCancelled => Problem::conflict(code::ORDER_NOT_CANCELLED, self.to_string()),
            Self::Pricing(error) => error.into_problem(),
            Self::Store(error) => error.into_problem(),
        }
    }
}

impl IntoProblem for CancelOrderError {
    fn into_problem(self) -> Problem {
        match self {
            Self::UnknownOrder(order) => unknown_order(order),
            Self::Refused(error) => error.into_problem(),
            Self::Store(error) => error.into_problem(),
        }
    }
}

impl IntoProblem for FindOrderError {
    fn into_problem(self) -> Problem {
        match self {
            Self::UnknownOrder(order) => unknown_order(order),
            Self::Store(error) => error.into_problem(),
        }
    }
}

impl IntoProblem for ChangeCartError {
    fn into_problem(self) -> Problem {
        match self {
            Self::PricesLoading => PricingError::Loading.into_problem(),
            Self::NotOnSale(product) => PricingError::NotOnSale(vec![product]).into_problem(),
            Self::Refused(error) => error.into_problem(),
            Self::Store(error) => error.into_problem(),
        }
    }
}

impl IntoProblem for MergeCartsError {
    fn into_problem(self) -> Problem {
        match self {
            Self::Refused(error) => error.into_problem(),
            Self::Store(error) => error.into_problem(),
        }
    }
}

impl IntoProblem for ViewCartError {
    fn into_problem(self) -> Problem {
        match self {
            Self::Sum(_) => Problem::unprocessable(code::ORDER_TOO_LARGE, self.to_string()),
            Self::Store(error) => error.into_problem(),
        }
    }
}
