//! What was typed, kept in this tab while its shopper signs in again.

use web_sys::Storage;

const KEY: &str = "checkout";

/// Keeps it until the next checkout of this tab.
pub(super) fn keep(text: &str) {
    if let Some(storage) = storage() {
        // Where the browser keeps nothing, it has to be typed again.
        let _ = storage.set_item(KEY, text);
    }
}

/// What was kept, once.
pub(super) fn take() -> Option<String> {
    let storage = storage()?;
    let kept = storage.get_item(KEY).ok().flatten();
    let _ = storage.remove_item(KEY);
    kept
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
