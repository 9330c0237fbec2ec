//! One change at a time, in all of the shop's fragments and tabs.
//!
//! Two at once could each make a guest of a stranger, and the cookie of the slower answer would win
//! over the cart of the other.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// The lock's name, which the origin shares.
const NAME: &str = "shop:change";

/// What `send` promises, sent when all changes before it have their answers.
pub(super) fn take(send: impl FnOnce() -> Promise + 'static) -> Promise {
    let Some((locks, request)) = locks() else {
        // Only HTTPS and localhost have them; elsewhere nobody waits.
        return send();
    };
    let send = Closure::once_into_js(send);
    let held = request.call2(&locks, &NAME.into(), &send);
    held.map_or_else(|refused| Promise::reject(&refused), JsCast::unchecked_into)
}

/// The browser's locks, and the method that asks for one: through `Reflect`, because web-sys counts
/// them as unstable.
fn locks() -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
