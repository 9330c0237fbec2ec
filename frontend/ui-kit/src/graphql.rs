//! A question to the web BFF: a document that the schema was held against, and a typed answer.
//!
//! No client crate: a generated one costs 12 KB per bundle, and `query-check` proves in a test what
//! it would prove at compile time.

mod turn;

use std::pin::Pin;

use js_sys::{Object, Promise, Reflect};
use json_kit::{FromJson, Json, Reader, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

/// Where the BFF answers: at the page's own address.
pub const ENDPOINT: &str = "/graphql";
/// Longer than any service may take; without it a lost connection would load for ever.
const PATIENCE_MS: u32 = 15_000;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came back: no network, or nobody there.
    Offline,
    /// Somebody is there who cannot answer now.
    Away,
    /// Something came back that is no answer.
    Broken,
    /// The shop said no, or could not.
    Refused(Refusal),
}

impl Failure {
    /// The code of a refusal, as `price-changed`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Offline | Self::Away | Self::Broken => None,
        }
    }

    /// Whether the same question will be refused again: its values are none the shop knows.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self.code(), Some("" | "not-valid" | "not-found" | "refused"))
    }

    /// Whether signing in is what helps.
    #[must_use]
    pub fn is_signed_out(&self) -> bool {
        matches!(self.code(), Some("not-signed-in" | "session-expired"))
    }
}

/// One entry of `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The root field that failed.
    field: Option<String>,
    /// The code and the facts that belong to it.
    pub extensions: Json,
}

impl Refusal {
    /// As the services' tables have it; `unavailable` when one of them is away.
    #[must_use]
    pub fn code(&self) -> &str {
        self.extensions.get("code").and_then(Json::as_str).unwrap_or_default()
    }
}

impl FromJson for Refusal {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        let path: Option<Vec<Json>> = reader.field(value, "path");
        let field = path.unwrap_or_default().first().and_then(Json::as_str).map(str::to_owned);
        Self { field, extensions: reader.field(value, "extensions") }
    }
}

/// What came, and what did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// By the document's fields.
    pub data: T,
    /// Why some of them are null.
    pub errors: Vec<Refusal>,
}

impl<T> Answer<T> {
    /// A root field that may be null, or why it is.
    ///
    /// # Errors
    /// With the refusal that belongs to the field.
    pub fn field<F>(&self, name: &str, value: Option<F>) -> Result<Option<F>, Failure> {
        let refusal = self.errors.iter().find(|error| error.field.as_deref() == Some(name));
        match (value, refusal) {
            (None, Some(refusal)) => Err(Failure::Refused(refusal.clone())),
            (value, _) => Ok(value),
        }
    }

    /// A root field that is null only when something failed.
    ///
    /// # Errors
    /// With the refusal that belongs to the field.
    pub fn must<F>(&self, name: &str, value: Option<F>) -> Result<F, Failure> {
        self.field(name, value)?.ok_or(Failure::Broken)
    }
}

/// Asks, and reads the answer.
///
/// # Errors
/// When no data comes back; a field that is missing among others is no error.
pub async fn ask<T: FromJson>(
    document: &'static str,
    variables: Json,
) -> Result<Answer<T>, Failure> {
    read(&text(document, variables).await?)
}

/// The text of an answer. Boxed, so that it is compiled once and not into everyone who asks.
fn text(
    document: &'static str,
    variables: Json,
) -> Pin<Box<dyn Future<Output = Result<String, Failure>>>> {
    Box::pin(async move {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let is_change = document.starts_with("mutation");
        let sent = if is_change { turn::take(move || send(&body)) } else { send(&body) };
        let response = answer(sent).await?;
        if response.status() >= 500 {
            return Err(Failure::Away);
        }
        let text = response.text().map_err(|_| Failure::Broken)?;
        let text = JsFuture::from(text).await.map_err(|_| Failure::Offline)?;
        Ok(text.as_string().unwrap_or_default())
    })
}

/// Sends a question that changes nothing, and hands out the answer as it comes.
///
/// # Errors
/// When nothing comes back in time.
pub async fn post(body: &str) -> Result<Response, Failure> {
    answer(send(body)).await
}

/// A request that a page of another site could not send: the header makes browsers ask first.
fn send(body: &str) -> Promise {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body.into());
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    let headers = Object::new();
    for (name, value) in [("content-type", "application/json"), ("x-csrf", "1")] {
        // A plain object of ours takes any property.
        let _ = Reflect::set(&headers, &name.into(), &value.into());
    }
    init.set_headers(&headers);
    match web_sys::window() {
        Some(window) => window.fetch_with_str_and_init(ENDPOINT, &init),
        None => Promise::reject(&JsValue::NULL),
    }
}

async fn answer(sent: Promise) -> Result<Response, Failure> {
    JsFuture::from(sent).await.map(JsCast::unchecked_into).map_err(|_| Failure::Offline)
}

/// Reads the body of an answer.
///
/// # Errors
/// When it has no data, or is none.
pub fn read<T: FromJson>(text: &str) -> Result<Answer<T>, Failure> {
    let body: Body<T> = json_kit::read(text).map_err(|_| Failure::Broken)?;
    let errors = body.errors.unwrap_or_default();
    match body.data {
        Some(data) => Ok(Answer { data, errors }),
        None => Err(errors.into_iter().next().map_or(Failure::Broken, Failure::Refused)),
    }
}

struct Body<T> {
    data: Option<T>,
    errors: Option<Vec<Refusal>>,
}

impl<T: FromJson> FromJson for Body<T> {
    fn from_json(value: &Json, reader: &Reader) -> Self {
        Self { data: reader.field(value, "data"), errors: reader.field(value, "errors") }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, read};
    use json_kit::FromJson;

    #[derive(Debug, PartialEq, FromJson)]
    struct Data {
        cart: Option<u32>,
        me: Option<u32>,
    }

    const PARTIAL: &str = r#"{"data": {"cart": null, "me": 7}, "errors": [{"message": "order is away",
        "path": ["cart", "lines"], "extensions": {"code": "unavailable"}}]}"#;

    #[test]
    fn a_field_that_failed_does_not_take_the_others_along() {
        let answer = read::<Data>(PARTIAL).unwrap();

        assert_eq!(answer.must("me", answer.data.me), Ok(7));
        let failed = answer.must("cart", answer.data.cart).unwrap_err();
        assert_eq!(failed.code(), Some("unavailable"));
    }

    #[test]
    fn null_without_an_error_is_an_answer() {
        let answer = read::<Data>(r#"{"data": {"cart": null, "me": null}}"#).unwrap();

        assert_eq!(answer.field("me", answer.data.me), Ok(None));
        assert_eq!(answer.must("cart", answer.data.cart), Err(Failure::Broken));
    }

    #[test]
    fn no_data_at_all_is_the_first_refusal() {
        let text = r#"{"data": null, "errors": [{"message": "no", "extensions": {"code": "price-changed", "changes": []}}]}"#;

        let failure = read::<Data>(text).unwrap_err();

        assert_eq!(failure.code(), Some("price-changed"));
    }

    #[test]
    fn some_refusals_pass_and_some_end_with_a_sign_in() {
        let refused = |code: &str| {
            let text =
                format!(r#"{{"data": null, "errors": [{{"extensions": {{"code": "{code}"}}}}]}}"#);
            read::<Data>(&text).unwrap_err()
        };

        assert!(refused("not-valid").is_final() && refused("").is_final());
        assert!(!refused("unavailable").is_final() && !Failure::Offline.is_final());
        assert!(
            refused("session-expired").is_signed_out() && refused("not-signed-in").is_signed_out()
        );
        assert!(!refused("unavailable").is_signed_out());
    }

    #[test]
    fn what_is_no_answer_is_broken() {
        for text in ["", "<html>", "[]", "{}", r#"{"data": {"cart": "x"}}"#] {
            assert_eq!(read::<Data>(text).unwrap_err(), Failure::Broken, "{text}");
        }
    }
}
