//! Extractors: a handler names who may call it.

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use shop_kernel::{CustomerId, GuestId};

use super::{Claims, Denied, Role, Subject, Verifier};
use crate::{Problem, audit};

/// A customer who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInCustomer {
    /// Who it is.
    pub id: CustomerId,
    /// What to call them.
    pub name: Option<String>,
}

/// A visitor with a guest token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest(pub GuestId);

/// Someone who fills a cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shopper {
    /// Who has signed in.
    Customer(CustomerId),
    /// Who has not.
    Guest(GuestId),
}

/// Someone who fills a cart, or nobody we know. A bad token is refused all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionalShopper(pub Option<Shopper>);

/// Someone who runs the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator(pub Subject);

/// One of our services, or someone who runs the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceOrOperator(pub Subject);

/// Someone who reads what belongs to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Sees their own.
    Customer(CustomerId),
    /// A service or an operator: sees all.
    Trusted(Subject),
}

/// Who a token must belong to; `None` says that its bearer may not.
trait Bearer: Sized {
    const NEEDED: &'static str;

    fn of(claims: Claims) -> Option<Self>;
}

impl Bearer for SignedInCustomer {
    const NEEDED: &'static str = "this needs a signed-in customer";

    fn of(claims: Claims) -> Option<Self> {
        let allowed = claims.has(Role::Customer);
        match claims.sub {
            Subject::Customer(id) if allowed => Some(Self { id, name: claims.name }),
            Subject::Customer(_) | Subject::Guest(_) | Subject::Service(_) => None,
        }
    }
}

impl Bearer for Guest {
    const NEEDED: &'static str = "this needs a guest";

    fn of(claims: Claims) -> Option<Self> {
        match Shopper::of(claims)? {
            Shopper::Guest(id) => Some(Self(id)),
            Shopper::Customer(_) => None,
        }
    }
}

impl Bearer for Shopper {
    const NEEDED: &'static str = "this needs a customer or a guest";

    fn of(claims: Claims) -> Option<Self> {
        match claims.sub {
            Subject::Customer(id) if claims.has(Role::Customer) => Some(Self::Customer(id)),
            Subject::Guest(id) if claims.has(Role::Guest) => Some(Self::Guest(id)),
            Subject::Customer(_) | Subject::Guest(_) | Subject::Service(_) => None,
        }
    }
}

impl Bearer for Operator {
    const NEEDED: &'static str = "this needs an operator";

    fn of(claims: Claims) -> Option<Self> {
        let is_operator = claims.has(Role::Operator);
        is_operator.then(|| {
            audit::done_by(&claims.sub);
            Self(claims.sub)
        })
    }
}

impl Bearer for ServiceOrOperator {
    const NEEDED: &'static str = "this needs a service or an operator";

    fn of(claims: Claims) -> Option<Self> {
        if claims.has(Role::Operator) {
            audit::done_by(&claims.sub);
            return Some(Self(claims.sub));
        }
        claims.has(Role::Service).then_some(Self(claims.sub))
    }
}

impl Bearer for Reader {
    const NEEDED: &'static str = "this needs a customer, a service or an operator";

    fn of(claims: Claims) -> Option<Self> {
        if claims.has(Role::Operator) || claims.has(Role::Service) {
            return Some(Self::Trusted(claims.sub));
        }
        SignedInCustomer::of(claims).map(|customer| Self::Customer(customer.id))
    }
}

/// Whoever has a token of ours.
impl Bearer for Claims {
    const NEEDED: &'static str = "this needs a token";

    fn of(claims: Claims) -> Option<Self> {
        Some(claims)
    }
}

async fn claims(request: &HttpRequest) -> Result<Claims, Denied> {
    let verifier = request.app_data::<web::Data<Verifier>>().ok_or(Denied::KeysNotLoaded)?;
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let header = headers.next().ok_or(Denied::Missing)?;
    // Two tokens are one too many: we could believe one and a proxy the other.
    if headers.next().is_some() {
        return Err(Denied::Invalid);
    }
    let header = header.to_str().map_err(|_| Denied::Invalid)?;
    let (scheme, token) = header.split_once(' ').ok_or(Denied::Invalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Denied::Invalid);
    }
    verifier.verify(token.trim()).await
}

async fn bearer<B: Bearer>(request: HttpRequest) -> Result<B, Problem> {
    let claims = claims(&request).await?;
    B::of(claims).ok_or_else(|| Problem::forbidden("not-allowed", B::NEEDED))
}

macro_rules! extractors {
    ($($bearer:ty),*) => {$(
        impl FromRequest for $bearer {
            type Error = Problem;
            type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                bearer(request.clone()).boxed_local()
            }
        }
    )*};
}

extractors!(Claims, SignedInCustomer, Guest, Shopper, Operator, ServiceOrOperator, Reader);

impl FromRequest for OptionalShopper {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            match claims(&request).await {
                Ok(claims) => Ok(Self(Shopper::of(claims))),
                Err(Denied::Missing) => Ok(Self(None)),
                Err(denied) => Err(denied.into()),
            }
        }
        .boxed_local()
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let detail = denied.to_string();
        match denied {
            Denied::Missing => Self::unauthorized("token-missing", detail),
            Denied::Invalid => Self::unauthorized("token-invalid", detail),
            Denied::Expired => Self::unauthorized("token-expired", detail),
            Denied::KeysNotLoaded => Self::unavailable("keys-not-loaded", detail),
        }
    }
}
