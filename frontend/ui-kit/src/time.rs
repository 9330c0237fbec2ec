//! Moments as the browser writes them in the shopper's language and time zone.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::i18n::Locale;

/// How much of a moment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// `3 May 2026`.
    Day,
    /// The day and the minute.
    Minute,
    /// The time of day to the second.
    Second,
}

/// A moment in RFC 3339 as people of this language write it; where it is none, as it came.
#[must_use]
pub fn show(moment: &str, shown: Shown, locale: Locale) -> String {
    let options = Object::new();
    let (date, time) = match shown {
        Shown::Day => (Some("medium"), None),
        Shown::Minute => (Some("medium"), Some("short")),
        Shown::Second => (None, Some("medium")),
    };
    for (name, value) in [("dateStyle", date), ("timeStyle", time)] {
        if let Some(value) = value {
            // A plain object of ours takes any property.
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
    }
    let date = Date::new(&moment.into());
    if date.get_time().is_nan() {
        return moment.to_owned();
    }
    let format = Intl::DateTimeFormat::new(&Array::of1(&locale.tag().into()), &options).format();
    let text = format.call1(&JsValue::NULL, &date).ok().and_then(|text| text.as_string());
    text.unwrap_or_else(|| moment.to_owned())
}
