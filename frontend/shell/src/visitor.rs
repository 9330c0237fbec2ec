//! Who is here and how much is in the cart: all that the header asks for.

use js_sys::Reflect;
use ui_kit::graphql;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

const DOCUMENT: &str = "{ cart { count } me { name } }";

/// What the header shows of them; absent where it could not be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) pieces: Option<usize>,
    pub(crate) name: Option<String>,
}

/// Asks; a header without a number is better than one that waits.
pub(crate) async fn ask() -> Visitor {
    let body = format!(r#"{{"query":"{DOCUMENT}"}}"#);
    let Ok(response) = graphql::post(&body).await else { return Visitor::default() };
    // Read by the browser: a JSON parser of our own would cost more than all of the header.
    let answer = match response.json() {
        Ok(reading) => JsFuture::from(reading).await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    Visitor {
        pieces: whole(&at(&answer, &["data", "cart", "count"])),
        name: at(&answer, &["data", "me", "name"]).as_string(),
    }
}

/// A count as JavaScript has it.
pub(crate) fn whole(value: &JsValue) -> Option<usize> {
    // A count of pieces is far below 2^53; a cast cuts what is no count to 0.
    value.as_f64().map(|number| number as usize)
}

fn at(value: &JsValue, path: &[&str]) -> JsValue {
    let mut value = value.clone();
    for name in path {
        value = Reflect::get(&value, &(*name).into()).unwrap_or(JsValue::NULL);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::DOCUMENT;
    use json_kit::FromJson;

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Data {
        cart: Option<Cart>,
        me: Option<Me>,
    }

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Cart {
        count: u32,
    }

    #[derive(FromJson)]
    #[expect(dead_code, reason = "only read into")]
    struct Me {
        name: String,
    }

    #[test]
    fn what_the_header_asks_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
    }
}
