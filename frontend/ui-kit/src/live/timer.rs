//! A deed that waits.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// Something to be done later, unless it is dropped before.
#[derive(Debug)]
pub struct Timer {
    id: i32,
    _closure: Closure<dyn FnMut()>,
}

impl Timer {
    /// Does it after so many milliseconds; `None` outside of a page.
    pub fn after(millis: i32, act: impl FnOnce() + 'static) -> Option<Self> {
        let closure = Closure::once(act);
        let function = closure.as_ref().unchecked_ref();
        let window = web_sys::window()?;
        let id = window.set_timeout_with_callback_and_timeout_and_arguments_0(function, millis);
        Some(Self { id: id.ok()?, _closure: closure })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}
