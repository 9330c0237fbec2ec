//! Who asks: the token is checked here, and shown to the services, which check it themselves.

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use chassis::Problem;
use chassis::auth::{OptionalShopper, Shopper, SignedInCustomer};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;

use crate::upstream::Token;

/// A customer who has signed in.
pub(super) struct SignedIn(pub(super) Token);

/// Someone with a cart: a customer or a guest.
pub(super) struct Carrier(pub(super) Token);

/// Anyone; a bad token is refused all the same.
pub(super) struct Visitor {
    /// Theirs, if they have one.
    pub(super) token: Option<Token>,
    /// Whether it is a customer's.
    pub(super) is_customer: bool,
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (checked, token) = (SignedInCustomer::from_request(request, payload), token(request));
        checked.map(|checked| checked.map(|_| Self(token))).boxed_local()
    }
}

impl FromRequest for Carrier {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (checked, token) = (Shopper::from_request(request, payload), token(request));
        checked.map(|checked| checked.map(|_| Self(token))).boxed_local()
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (checked, token) = (OptionalShopper::from_request(request, payload), token(request));
        let visitor = move |OptionalShopper(shopper)| Self {
            token: shopper.map(|_| token),
            is_customer: matches!(shopper, Some(Shopper::Customer(_))),
        };
        checked.map(|checked| checked.map(visitor)).boxed_local()
    }
}

/// The token of the one `Authorization` header; only believed once the chassis has checked it.
fn token(request: &HttpRequest) -> Token {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|header| header.split_once(' ')).map(|(_, token)| token.trim());
    Token(token.unwrap_or_default().to_owned())
}
