//! `/customers`: registering, and what one may know and change of oneself.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use chassis::auth::SignedInCustomer;
use chassis::{Problem, Valid};
use shop_kernel::EmailAddress;

use super::bodies::{ChangeMe, Customer, Register};
use super::problem::{CUSTOMER_GONE, too_many};
use crate::Identity;
use crate::accounts::{Account, Registration};
use crate::limiter::{Key, Turn};

/// Opens an account for a customer.
#[utoipa::path(tag = "customers", request_body = Register, responses(
    (status = 201, body = Customer),
    (status = 409, body = Problem, description = "email-taken"),
    (status = 422, body = Problem, description = "weak-password, not-valid"),
    (status = 429, body = Problem, description = "too-many-attempts"),
    (status = 503, body = Problem, description = "passwords-busy"),
))]
#[post("/customers")]
pub(super) async fn register_customer(
    request: HttpRequest,
    body: Valid<Json<Register>>,
    identity: Data<Identity>,
) -> Result<HttpResponse, Problem> {
    let client = Key::of("register", &[&identity.proxies.client_of(&request)]);
    if let Turn::Refused { retry_after } =
        identity.limiter.take(&client, identity.registrations).await?
    {
        return Err(too_many(retry_after));
    }
    let body = body.0.into_inner();
    let who = Registration {
        email: parsed(&body.email)?,
        name: body.name.trim().to_owned(),
        locale: body.locale,
        password: body.password,
    };
    let account = identity.accounts.register(who).await?;
    Ok(HttpResponse::Created()
        .insert_header(("Location", "/customers/me"))
        .json(Customer::from(account)))
}

/// Shows one's own account.
#[utoipa::path(tag = "customers", security(("bearer" = [])), responses(
    (status = 200, body = Customer),
    (status = 401, body = Problem),
    (status = 404, body = Problem, description = "customer-gone"),
))]
#[get("/customers/me")]
pub(super) async fn read_me(
    me: SignedInCustomer,
    identity: Data<Identity>,
) -> Result<Json<Customer>, Problem> {
    found(identity.accounts.find(me.id).await?)
}

/// Changes one's own account.
#[utoipa::path(tag = "customers", security(("bearer" = [])), request_body = ChangeMe, responses(
    (status = 200, body = Customer),
    (status = 401, body = Problem),
    (status = 404, body = Problem, description = "customer-gone"),
    (status = 422, body = Problem, description = "not-valid"),
))]
#[patch("/customers/me")]
pub(super) async fn change_me(
    me: SignedInCustomer,
    body: Valid<Json<ChangeMe>>,
    identity: Data<Identity>,
) -> Result<Json<Customer>, Problem> {
    let body = body.0.into_inner();
    let name = body.name.map(|name| name.trim().to_owned());
    found(identity.accounts.change(me.id, name, body.locale).await?)
}

fn found(account: Option<Account>) -> Result<Json<Customer>, Problem> {
    let gone = || Problem::not_found(CUSTOMER_GONE, "there is no such account any more");
    account.map(|account| Json(account.into())).ok_or_else(gone)
}

/// Checked by the body's own rules before; an address that slips through is refused here.
pub(super) fn parsed(email: &str) -> Result<EmailAddress, Problem> {
    email.parse().map_err(|error| Problem::unprocessable("not-valid", format!("{error}")))
}
