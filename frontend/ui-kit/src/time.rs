//! Moments: as numbers, and as the browser writes them in the shopper's language and time zone.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::i18n::Locale;

/// From 1 March of the year 0 to 1 January 1970.
const EPOCH_DAYS: i64 = 719_468;

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

/// What the clock of this browser says, in milliseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    // A whole number far below 2^53.
    Date::now() as i64
}

/// A moment in RFC 3339 and UTC, in milliseconds since 1970; `None` where it is none.
#[must_use]
pub fn millis(moment: &str) -> Option<i64> {
    let part = |from: usize, to: usize| moment.get(from..to)?.parse::<i64>().ok();
    // Years begin in March here, so that a leap day is the last of its year.
    let (year, month) = (part(0, 4)?, part(5, 7)?);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leaps + (month * 153 + 2) / 5 + part(8, 10)? - 1 - EPOCH_DAYS;
    let seconds = ((days * 24 + part(11, 13)?) * 60 + part(14, 16)?) * 60 + part(17, 19)?;
    let fraction = moment.get(19..)?.strip_prefix('.').unwrap_or_default();
    let digits = fraction.chars().take_while(char::is_ascii_digit).chain("000".chars());
    let digits = digits.take(3).filter_map(|digit| digit.to_digit(10));
    Some(digits.fold(seconds, |sum, digit| sum * 10 + i64::from(digit)))
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

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn a_moment_is_counted_across_days_and_leap_years() {
        for (moment, counted) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00Z", Some(951_825_600_000)),
            ("2026-05-03T10:00:00.998765Z", Some(1_777_802_400_998)),
            ("2026-12-31T23:59:59.5Z", Some(1_798_761_599_500)),
            ("2027-01-01T00:00:00Z", Some(1_798_761_600_000)),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(millis(moment), counted, "{moment}");
        }
    }
}
