//! The events by which bundles talk: bubbling, so that anyone may listen on the document.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Event, EventTarget};
use yew::prelude::{hook, use_effect_with};

/// The cart has another count; `detail` is the number of pieces.
pub const CART_CHANGED: &str = "cart:changed";
/// Somebody signed in or out.
pub const SESSION_CHANGED: &str = "session:changed";
/// A page knows its title; `detail` is the text.
pub const TITLE: &str = "page:title";
/// A fragment wants another page; `detail` is the address.
pub const NAVIGATE: &str = "navigate";
/// Something to be read out; `detail` is the text.
pub const ANNOUNCE: &str = "announce";

/// Sends an event that bubbles up to the document.
pub fn emit(from: &EventTarget, name: &str, detail: impl Into<JsValue>) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&detail.into());
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        // Refused only while the very same event is on its way.
        let _ = from.dispatch_event(&event);
    }
}

/// The text or number that an event carries.
#[must_use]
pub fn detail(event: &Event) -> JsValue {
    event.unchecked_ref::<CustomEvent>().detail()
}

/// Listens on a target for as long as the value lives.
#[derive(Debug)]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// From now on.
    pub fn new(target: EventTarget, name: &'static str, hear: impl Fn(Event) + 'static) -> Self {
        let closure = Closure::<dyn Fn(Event)>::new(hear);
        // Fails for no target that is one.
        let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        Self { target, name, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, function);
    }
}

/// Listens on the document for as long as the component lives.
#[hook]
pub fn use_document_event(name: &'static str, hear: impl Fn(Event) + 'static) {
    use_effect_with((), move |()| {
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.map(|document| Listener::new(document.into(), name, hear));
        move || drop(listener)
    });
}
