//! Amounts as the services count them, shown as the browser writes them.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Reflect};
use json_kit::FromJson;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::i18n::Locale;

/// A currency the shop sells in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromJson)]
pub enum Currency {
    /// Won, without minor digits.
    Krw,
    /// Dollars.
    #[default]
    Usd,
}

impl Currency {
    /// Reads its code; what we do not sell in is dollars.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        if code == "KRW" { Self::Krw } else { Self::Usd }
    }

    /// As ISO 4217 and the schema have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Usd => "USD",
        }
    }

    /// How many digits its minor unit has.
    #[must_use]
    pub fn digits(self) -> usize {
        match self {
            Self::Krw => 0,
            Self::Usd => 2,
        }
    }
}

/// An amount in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub struct Money {
    /// Cents or won.
    pub minor: i64,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// The one in this currency.
    #[must_use]
    pub fn pick(amounts: &[Self], currency: Currency) -> Option<Self> {
        amounts.iter().find(|money| money.currency == currency).copied()
    }

    /// So many of it.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { minor: self.minor.saturating_mul(i64::from(count)), ..self }
    }

    /// The amount in major units: `12.30`. Never through a float.
    #[must_use]
    pub fn decimal(self) -> String {
        let digits = self.currency.digits();
        let sign = if self.minor < 0 { "-" } else { "" };
        // Without the machinery of formats, which is large for what it does here.
        let known = self.minor.unsigned_abs().to_string();
        let zeros = "0".repeat((digits + 1).saturating_sub(known.len()));
        let all = [zeros, known].concat();
        let (major, minor) = all.split_at(all.len() - digits);
        let point = if digits > 0 { "." } else { "" };
        [sign, major, point, minor].concat()
    }

    /// Reads what a person typed as an amount in major units; `None` where it is none.
    #[must_use]
    pub fn read(typed: &str, currency: Currency) -> Option<Self> {
        let (major, minor) = typed.trim().split_once('.').unwrap_or((typed.trim(), ""));
        if minor.len() > currency.digits() || major.is_empty() || major.len() > 12 {
            return None;
        }
        let zeros = "0".repeat(currency.digits().saturating_sub(minor.len()));
        let digits = [major, minor, &zeros].concat();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok()).flatten().map(|minor| Self { minor, currency })
    }

    /// As people of this language write it.
    #[must_use]
    pub fn show(self, locale: Locale) -> String {
        let shown = formatter(locale, self.currency)
            .and_then(|format| format.call1(&JsValue::NULL, &self.decimal().into()).ok())
            .and_then(|text| text.as_string());
        shown.unwrap_or_else(|| [self.currency.code(), " ", &self.decimal()].concat())
    }
}

thread_local! {
    /// Making one costs more than all the amounts of a page.
    static FORMATTERS: RefCell<Vec<((Locale, Currency), Function)>> = const { RefCell::new(Vec::new()) };
}

/// `format` of an `Intl.NumberFormat`, which takes a decimal as a string, to the last digit.
fn formatter(locale: Locale, currency: Currency) -> Option<Function> {
    let key = (locale, currency);
    let known = |all: &Vec<((Locale, Currency), Function)>| {
        all.iter().find(|(of, _)| *of == key).map(|(_, format)| format.clone())
    };
    if let Some(format) = FORMATTERS.with_borrow(known) {
        return Some(format);
    }
    let options = Object::new();
    Reflect::set(&options, &"style".into(), &"currency".into()).ok()?;
    Reflect::set(&options, &"currency".into(), &currency.code().into()).ok()?;
    let locales = Array::of1(&locale.tag().into());
    let made = js_sys::Intl::NumberFormat::new(&locales, &options);
    let format: Function = Reflect::get(&made, &"format".into()).ok()?.dyn_into().ok()?;
    FORMATTERS.with_borrow_mut(|all| all.push((key, format.clone())));
    Some(format)
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money};

    fn usd(minor: i64) -> Money {
        Money { minor, currency: Currency::Usd }
    }

    #[test]
    fn minor_units_become_a_decimal_to_the_last_digit() {
        let krw = |minor| Money { minor, currency: Currency::Krw };

        assert_eq!(usd(1230).decimal(), "12.30");
        assert_eq!(usd(5).decimal(), "0.05");
        assert_eq!(usd(-199).decimal(), "-1.99");
        assert_eq!(krw(18_000).decimal(), "18000");
        assert_eq!(usd(9_007_199_254_740_993).decimal(), "90071992547409.93");
    }

    #[test]
    fn what_is_typed_is_read_back_and_nonsense_is_not() {
        assert_eq!(Money::read("12.3", Currency::Usd), Some(usd(1230)));
        assert_eq!(Money::read(" 7 ", Currency::Usd), Some(usd(700)));
        for nonsense in ["", "x", "1.234", "-3", "1,5", "1.x"] {
            assert_eq!(Money::read(nonsense, Currency::Usd), None, "{nonsense}");
        }
        assert_eq!(Money::read("1.5", Currency::Krw), None);
    }
}
