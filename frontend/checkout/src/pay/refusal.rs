//! What a refusal means to the shopper: what to say, what to ask again, where to go instead.

use json_kit::Json;
use ui_kit::Failure;

use super::form::Field;

/// Texts that promise "nothing was charged" need a shop that said no. Where no answer came, or a
/// service that may be done told us to come again, the order may be placed: the same button asks
/// again under the same key, and places it only once.
pub(super) fn text(failure: &Failure) -> &'static str {
    let Failure::Refused(refusal) = failure else { return "refused.offline" };
    match refusal.code() {
        "unavailable" | "store-unavailable" | "too-busy" => "refused.offline",
        "price-changed" => "refused.price",
        "cart-changed" | "cart-merged" | "cart-empty" => "refused.cart",
        "not-on-sale" => "refused.not.on.sale",
        "card-not-valid" => "refused.card",
        "too-many-payment-methods" => "refused.full",
        "not-signed-in" | "session-expired" => "refused.session",
        "order-not-cancelled" => "refused.stands",
        _ => "refused.other",
    }
}

/// Fields that a service finds wrong, by the last parts of the places it names.
pub(super) fn fields(failure: &Failure) -> Vec<Field> {
    let Failure::Refused(refusal) = failure else { return Vec::new() };
    let Some(Json::Array(errors)) = refusal.extensions.get("errors") else { return Vec::new() };
    let places = errors.iter().filter_map(|error| error.get("pointer")?.as_str());
    places.filter_map(|place| field(place.rsplit('/').next()?)).collect()
}

fn field(part: &str) -> Option<Field> {
    Some(match part {
        "name" => Field::Name,
        "email" => Field::Email,
        "street" => Field::Street,
        "city" => Field::City,
        "postal_code" => Field::PostalCode,
        "country" => Field::Country,
        "number" => Field::Number,
        "expiry_month" | "expiry_year" => Field::Expiry,
        "cvc" => Field::Cvc,
        "holder" => Field::Holder,
        _ => return None,
    })
}

/// Whether the shopper has to leave the page for a while.
pub(super) fn leads_away(failure: &Failure) -> bool {
    matches!(text(failure), "refused.session" | "refused.full")
}

/// Whether what was seen is not what is there.
pub(super) fn is_outdated(failure: &Failure) -> bool {
    let code = failure.code().unwrap_or_default();
    ["price-changed", "cart-changed", "cart-merged", "cart-empty", "not-on-sale"].contains(&code)
}

/// The page of the order that this cart became already: the answer to an earlier try was lost.
pub(super) fn placed_at(failure: &Failure) -> Option<String> {
    let Failure::Refused(refusal) = failure else { return None };
    if refusal.code() != "cart-checked-out" {
        return None;
    }
    let order = refusal.extensions.get("order").and_then(|order| order.as_str());
    Some(order.map_or_else(|| "/orders".to_owned(), |order| ["/checkout/placed/", order].concat()))
}

#[cfg(test)]
mod tests {
    use super::{fields, is_outdated, leads_away, placed_at, text};
    use crate::pay::form::Field;
    use json_kit::Json;
    use serde_json::{Value, json};
    use ui_kit::{Failure, graphql};

    fn refused(extensions: Value) -> Failure {
        let error = json!({"message": "no", "extensions": extensions});
        graphql::read::<Json>(&json!({"data": null, "errors": [error]}).to_string()).unwrap_err()
    }

    #[test]
    fn a_full_wallet_is_no_reason_to_try_again() {
        let full = refused(json!({"code": "too-many-payment-methods"}));

        assert_eq!((text(&full), is_outdated(&full)), ("refused.full", false));
        assert!(leads_away(&full) && !leads_away(&Failure::Offline));
    }

    #[test]
    fn nobody_hears_that_nothing_was_charged_while_an_order_may_be_placed() {
        let codes = ["unavailable", "store-unavailable", "too-busy"];
        let told = codes.map(|code| refused(json!({"code": code})));
        let silent = [Failure::Offline, Failure::Away, Failure::Broken];

        for failure in told.into_iter().chain(silent) {
            assert_eq!(text(&failure), "refused.offline", "{failure:?}");
        }
    }

    #[test]
    fn a_cart_that_is_an_order_already_leads_to_the_order() {
        let placed = refused(json!({"code": "cart-checked-out", "order": "ord_1"}));
        let nameless = refused(json!({"code": "cart-checked-out"}));

        assert_eq!(placed_at(&placed).as_deref(), Some("/checkout/placed/ord_1"));
        assert_eq!(placed_at(&nameless).as_deref(), Some("/orders"));
        assert_eq!(placed_at(&refused(json!({"code": "cart-changed"}))), None);
    }

    #[test]
    fn what_a_service_finds_wrong_is_said_at_its_field() {
        let refused = refused(json!({"code": "card-not-valid", "errors": [
            {"pointer": "/number", "detail": ""}, {"pointer": "/expiry_year", "detail": ""},
            {"pointer": "/contact/address/postal_code", "detail": ""}, {"pointer": "/key", "detail": ""},
        ]}));

        assert_eq!(fields(&refused), [Field::Number, Field::Expiry, Field::PostalCode]);
        assert_eq!(fields(&Failure::Offline), []);
    }

    #[test]
    fn what_is_outdated_is_asked_again_and_said() {
        for (code, said) in [
            ("price-changed", "refused.price"),
            ("cart-changed", "refused.cart"),
            ("cart-merged", "refused.cart"),
            ("not-on-sale", "refused.not.on.sale"),
        ] {
            let failure = refused(json!({"code": code}));

            assert!(is_outdated(&failure), "{code}");
            assert_eq!(text(&failure), said);
        }
        assert!(!is_outdated(&Failure::Offline));
    }

    #[test]
    fn a_session_that_ended_is_no_mystery() {
        for code in ["not-signed-in", "session-expired"] {
            assert_eq!(text(&refused(json!({"code": code}))), "refused.session");
        }
    }
}
