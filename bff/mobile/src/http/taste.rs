//! In which language and currency a client wants to read.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::web::Query;
use actix_web::{FromRequest, HttpRequest};
use chassis::Problem;
use serde::Deserialize;
use shop_kernel::{Currency, Locale, LocalizedText, Money};
use utoipa::IntoParams;

use super::shape::{CurrencyShape, LocaleShape};

/// What every screen takes beside its own parameters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TasteParams {
    /// The language of the texts; what `Accept-Language` asks for when absent, and English then.
    #[param(value_type = Option<LocaleShape>)]
    locale: Option<Locale>,
    /// The currency of the prices; the one of the language when absent.
    #[param(value_type = Option<CurrencyShape>)]
    currency: Option<Currency>,
}

/// The language and the currency a client wants to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taste {
    pub(crate) locale: Locale,
    pub(crate) currency: Currency,
}

impl Taste {
    /// The text in the language.
    pub(crate) fn text(self, text: &LocalizedText) -> String {
        text.get(self.locale).to_owned()
    }

    /// The one of these amounts that is in the currency.
    pub(crate) fn price(self, prices: &[Money]) -> Option<Money> {
        prices.iter().find(|price| price.currency == self.currency).copied()
    }

    fn of(params: &TasteParams, accepted: Option<&str>) -> Self {
        let locale = params.locale.or_else(|| first_spoken(accepted?)).unwrap_or_default();
        let currency = params.currency.unwrap_or(match locale {
            Locale::En => Currency::Usd,
            Locale::Ko => Currency::Krw,
        });
        Self { locale, currency }
    }
}

/// The first language of the list that the shop speaks: clients write the one they like best first,
/// and say so a second time by the weights.
fn first_spoken(accepted: &str) -> Option<Locale> {
    accepted.split(',').find_map(|language| {
        let tag = language.split([';', '-']).next().unwrap_or_default().trim();
        match tag.to_ascii_lowercase().as_str() {
            "en" => Some(Locale::En),
            "ko" => Some(Locale::Ko),
            _ => None,
        }
    })
}

impl FromRequest for Taste {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let params = Query::<TasteParams>::from_query(request.query_string());
        let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        ready(params.map(|params| Self::of(&params, accepted)).map_err(Problem::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taste(locale: Option<Locale>, accepted: &str) -> (Locale, Currency) {
        let taste = Taste::of(&TasteParams { locale, currency: None }, Some(accepted));
        (taste.locale, taste.currency)
    }

    #[test]
    fn the_parameter_wins_over_the_header_and_the_currency_follows() {
        assert_eq!(taste(None, "ko-KR,ko;q=0.9,en;q=0.8"), (Locale::Ko, Currency::Krw));
        assert_eq!(taste(Some(Locale::En), "ko-KR"), (Locale::En, Currency::Usd));
        assert_eq!(taste(None, "de, fr;q=0.5, KO;q=0.1"), (Locale::Ko, Currency::Krw));
        assert_eq!(taste(None, "de"), (Locale::En, Currency::Usd));
    }
}
