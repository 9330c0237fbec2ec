//! Cards in, tokens out.

use actix_web::web::{self, Json};
use actix_web::{HttpResponse, post};
use chassis::Problem;
use chassis::problem::Invalid;
use chrono::Datelike as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use shop_kernel::Clock;
use utoipa::ToSchema;

use super::api_key::FromShop;
use super::body::Silent;
use super::{SlowFor, admit, code};
use crate::card::CardNumber;
use crate::desk::Desk;
use crate::mode::Switch;

/// A card as its holder reads it off.
#[derive(Deserialize, ToSchema)]
pub(super) struct CardBody {
    /// The number; blanks and hyphens are skipped.
    #[schema(value_type = String, format = Password)]
    number: SecretString,
    /// 1 to 12.
    expiry_month: u32,
    /// With four digits.
    expiry_year: i32,
    /// Three or four digits.
    #[schema(value_type = String, format = Password)]
    cvc: SecretString,
}

/// What stands in for the card from now on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenBody {
    token: String,
    /// As `visa`.
    brand: String,
    /// The last four digits of the number.
    last4: String,
}

/// Stores a card and answers with a token for it.
#[utoipa::path(
    tag = "provider",
    request_body = CardBody,
    security(("bearer" = [])),
    responses(
        (status = 201, body = TokenBody),
        (status = 401, body = Problem, description = "not the shop's key"),
        (status = 422, body = Problem, description = "not a card, or not a test card"),
        (status = 503, body = Problem, description = "switched off"),
    )
)]
#[post("/v1/tokens")]
pub(super) async fn store_card(
    _: FromShop,
    desk: web::Data<Desk>,
    clock: web::Data<dyn Clock>,
    switch: web::Data<Switch>,
    slow: web::Data<SlowFor>,
    body: Silent<CardBody>,
) -> Result<HttpResponse, Problem> {
    admit(&switch, **slow).await?;
    let today = clock.now();
    let card = body.0.check((today.year(), today.month()))?;
    let (brand, last4) = (card.brand.clone(), card.last4.clone());
    let token = desk.tokenize(card)?;
    Ok(HttpResponse::Created().json(Json(TokenBody { token, brand, last4 })))
}

impl CardBody {
    fn check(&self, this_month: (i32, u32)) -> Result<crate::card::Card, Problem> {
        let cvc = self.cvc.expose_secret();
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, message: &str| {
            errors.push(Invalid { pointer: pointer.to_owned(), message: message.to_owned() });
        };
        if !(1..=12).contains(&self.expiry_month) {
            wrong("/expiry_month", "not a month");
        } else if (self.expiry_year, self.expiry_month) < this_month {
            wrong("/expiry_year", "the card has expired");
        }
        if !matches!(cvc.len(), 3 | 4) || !cvc.bytes().all(|b| b.is_ascii_digit()) {
            wrong("/cvc", "not three or four digits");
        }
        let card = CardNumber::typed(self.number.expose_secret()).look_up();
        if let Err(error) = &card {
            wrong("/number", &error.to_string());
        }
        match card {
            Ok(card) if errors.is_empty() => Ok(card),
            Ok(_) | Err(_) => {
                Err(Problem::unprocessable(code::CARD_NOT_VALID, "this card cannot be stored")
                    .with_errors(errors))
            }
        }
    }
}
