//! What stands below the header: one fragment's element, swapped or told of a new address.

use std::cell::RefCell;

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;

use crate::document;

/// What the outlet should show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) tag: String,
    /// Attributes of its element.
    pub(crate) attributes: Vec<(&'static str, String)>,
}

thread_local! {
    /// Read when the swap happens, because a view transition swaps a frame later and six quick
    /// clicks must end where the last one led.
    static WANTED: RefCell<Option<Wanted>> = const { RefCell::new(None) };
}

/// Shows a fragment, with a view transition where the browser has them.
pub(crate) fn show(wanted: Wanted) {
    let stays = shown().is_some_and(|element| element.local_name() == wanted.tag);
    WANTED.set(Some(wanted));
    if stays {
        // The page's own HTML has it already, or it shows another of its pages.
        swap();
        return;
    }
    let function = Closure::once_into_js(swap);
    let function: &Function = function.unchecked_ref();
    let Some(document) = document() else { return };
    match method(&document, "startViewTransition") {
        Some(start) => {
            // `ready` rejects when the next transition overtakes this one: not an error.
            let transition = start.call1(&document, function);
            let ready = transition.and_then(|it| Reflect::get(&it, &"ready".into()));
            if let Ok(ready) = ready
                && let Some(catch) = method(&ready, "catch")
            {
                let _ = catch.call1(&ready, &Closure::once_into_js(|_: JsValue| {}));
            }
        }
        None => swap(),
    }
}

fn swap() {
    let (Some(wanted), Some(outlet)) = (WANTED.with_borrow(Clone::clone), outlet()) else { return };
    if let Some(element) = shown().filter(|element| element.local_name() == wanted.tag) {
        dress(&element, &wanted);
        return;
    }
    let made = document().and_then(|document| document.create_element(&wanted.tag).ok());
    if let Some(element) = made {
        dress(&element, &wanted);
        outlet.replace_children_with_node_1(&element);
    }
}

fn dress(element: &Element, wanted: &Wanted) {
    for (name, value) in &wanted.attributes {
        if element.get_attribute(name).as_ref() != Some(value) {
            // Refused for names that are none, and ours are.
            let _ = element.set_attribute(name, value);
        }
    }
}

/// Where fragments stand.
pub(crate) fn outlet() -> Option<Element> {
    document()?.get_element_by_id("outlet")
}

fn shown() -> Option<Element> {
    outlet()?.first_element_child()
}

fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
