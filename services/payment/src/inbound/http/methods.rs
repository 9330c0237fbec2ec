//! A customer's cards.

use actix_web::web::{self, Json};
use actix_web::{HttpResponse, delete, get, post};
use chassis::Problem;
use chassis::auth::SignedInCustomer;
use chassis::problem::Invalid;
use payment_core::domain::CardOnFile;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shop_kernel::PaymentMethodId;
use utoipa::ToSchema;

use super::code;
use super::idempotency::IdempotencyKey;
use super::silent::Silent;
use crate::card::{CardDetails, CardNumber};
use crate::outbound::methods::{Known, MOST_CARDS, Methods, StoreKey};
use crate::outbound::provider::HttpProvider;

/// A card as its holder reads it off.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewCard)]
pub(super) struct NewCardBody {
    /// The number; blanks and hyphens are skipped. It goes to the provider and is not kept.
    #[schema(value_type = String, format = Password)]
    number: SecretString,
    /// 1 to 12.
    expiry_month: u32,
    /// With four digits.
    expiry_year: i32,
    /// Three or four digits.
    #[schema(value_type = String, format = Password)]
    cvc: SecretString,
    /// The name on the card.
    holder: String,
}

/// A stored card: all that is kept of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentMethod)]
pub(super) struct MethodBody {
    /// What orders name it by, as `pm_…`.
    #[schema(value_type = String)]
    id: PaymentMethodId,
    /// Always `card`.
    kind: &'static str,
    /// As `visa`.
    brand: String,
    /// The last four digits of its number.
    last4: String,
}

/// A customer's cards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentMethods)]
pub(super) struct MethodsBody {
    items: Vec<MethodBody>,
}

impl From<CardOnFile> for MethodBody {
    fn from(card: CardOnFile) -> Self {
        Self { id: card.id, kind: "card", brand: card.brand, last4: card.last4 }
    }
}

/// Stores a card. Its number goes to the provider at once; brand and last four digits are kept.
#[utoipa::path(
    tag = "payment methods",
    request_body = NewCardBody,
    params(("Idempotency-Key" = String, Header, description = "the same for every repetition")),
    security(("bearer" = [])),
    responses(
        (status = 201, body = MethodBody),
        (status = 400, body = Problem, description = "no idempotency key"),
        (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "the key was used, or there are too many cards"),
        (status = 422, body = Problem, description = "no valid card; nothing of it is repeated"),
        (status = 503, body = Problem, description = "the provider does not answer"),
    )
)]
#[post("/payment-methods")]
pub(super) async fn add_payment_method(
    customer: SignedInCustomer,
    key: IdempotencyKey,
    methods: web::Data<Methods>,
    provider: web::Data<HttpProvider>,
    body: Silent<NewCardBody>,
) -> Result<HttpResponse, Problem> {
    let card = body.0.into_card()?;
    let fingerprint = fingerprint(&card);
    let ask = StoreKey { customer: customer.id, key: key.0, fingerprint };
    let mut known = methods.known(&ask).await?;
    if known == Known::Nothing {
        if !methods.has_room(customer.id).await? {
            let detail = format!("remove one of your {MOST_CARDS} cards first");
            return Err(Problem::conflict(code::TOO_MANY_METHODS, detail));
        }
        let stored = provider.tokenize(&card).await?;
        let card = CardOnFile {
            id: PaymentMethodId::generate(),
            owner: customer.id,
            token: stored.token,
            brand: stored.brand,
            last4: stored.last4,
        };
        known = methods.store(&ask, card).await?;
    }
    match known {
        Known::Same(card) => Ok(HttpResponse::Created().json(MethodBody::from(card))),
        Known::Nothing | Known::Other => {
            let detail = "this idempotency key was used for another card";
            Err(Problem::conflict(code::KEY_REUSED, detail))
        }
    }
}

/// Lists the customer's cards, oldest first.
#[utoipa::path(
    tag = "payment methods",
    security(("bearer" = [])),
    responses(
        (status = 200, body = MethodsBody),
        (status = 401, body = Problem), (status = 403, body = Problem),
    )
)]
#[get("/payment-methods")]
pub(super) async fn list_payment_methods(
    customer: SignedInCustomer,
    methods: web::Data<Methods>,
) -> Result<Json<MethodsBody>, Problem> {
    let cards = methods.of(customer.id).await?;
    Ok(Json(MethodsBody { items: cards.into_iter().map(MethodBody::from).collect() }))
}

/// Removes a card. Orders cannot name it any more; charges and refunds under way go on.
#[utoipa::path(
    tag = "payment methods",
    params(("id" = String, Path, description = "as `pm_…`")),
    security(("bearer" = [])),
    responses(
        (status = 204, description = "removed"),
        (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no such card of this customer"),
    )
)]
#[delete("/payment-methods/{id}")]
pub(super) async fn remove_payment_method(
    customer: SignedInCustomer,
    methods: web::Data<Methods>,
    id: web::Path<PaymentMethodId>,
) -> Result<HttpResponse, Problem> {
    if methods.remove(customer.id, *id).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found(code::METHOD_UNKNOWN, "you have no such payment method"))
    }
}

impl NewCardBody {
    /// What can be seen to be wrong without the provider.
    fn into_card(self) -> Result<CardDetails, Problem> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, message: &str| {
            errors.push(Invalid { pointer: pointer.to_owned(), message: message.to_owned() });
        };
        let number = CardNumber::parse(&self.number);
        if number.is_err() {
            wrong("/number", "not a card number");
        }
        if !(1..=12).contains(&self.expiry_month) {
            wrong("/expiry_month", "not a month");
        }
        if !(2000..=2100).contains(&self.expiry_year) {
            wrong("/expiry_year", "not a year with four digits");
        }
        let cvc = self.cvc.expose_secret();
        if !matches!(cvc.len(), 3 | 4) || !cvc.bytes().all(|b| b.is_ascii_digit()) {
            wrong("/cvc", "not three or four digits");
        }
        let holder = self.holder.trim();
        if holder.is_empty() || holder.chars().count() > 100 {
            wrong("/holder", "not a name of 1 to 100 characters");
        }
        match number {
            Ok(number) if errors.is_empty() => Ok(CardDetails {
                number,
                expiry_month: self.expiry_month,
                expiry_year: self.expiry_year,
                holder: holder.to_owned(),
                cvc: self.cvc,
            }),
            Ok(_) | Err(_) => {
                Err(Problem::unprocessable(code::CARD_NOT_VALID, "this card cannot be stored")
                    .with_errors(errors))
            }
        }
    }
}

/// Tells one card from another under the same key. Made of what may be known: a hash of the number
/// could be turned back into it by trying them all.
fn fingerprint(card: &CardDetails) -> String {
    let (last4, holder) = (card.number.last4(), &card.holder);
    let parts = format!("{last4}|{}|{}|{holder}", card.expiry_month, card.expiry_year);
    format!("{:x}", Sha256::digest(parts))
}
