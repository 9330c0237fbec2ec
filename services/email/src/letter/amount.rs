//! Amounts as people of a language write them.

use shop_kernel::{Currency, Locale, Money};

/// The amount with its sign, digits grouped by three and the currency where the language puts it.
pub(super) fn in_words_of(locale: Locale, money: Money) -> String {
    let sign = if money.minor < 0 { "-" } else { "" };
    let digits = digits(money);
    match (locale, money.currency) {
        (Locale::En, Currency::Krw) => format!("{sign}₩{digits}"),
        (Locale::En, Currency::Usd) => format!("{sign}${digits}"),
        (Locale::Ko, Currency::Krw) => format!("{sign}{digits}원"),
        // A bare dollar sign would leave a Korean reader to guess whose dollar it is.
        (Locale::Ko, Currency::Usd) => format!("{sign}US${digits}"),
    }
}

fn digits(money: Money) -> String {
    let exponent = money.currency.exponent();
    let scale = 10_u64.pow(exponent);
    let minor = money.minor.unsigned_abs();
    let whole = grouped(minor / scale);
    if exponent == 0 {
        return whole;
    }
    let width = exponent as usize;
    format!("{whole}.{:0width$}", minor % scale)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_reads_as_people_of_the_language_write_it() {
        let (usd, krw) = (Currency::Usd, Currency::Krw);
        for (locale, minor, currency, text) in [
            (Locale::En, 1_905, usd, "$19.05"),
            (Locale::En, 123_456_789, usd, "$1,234,567.89"),
            (Locale::En, -5, usd, "-$0.05"),
            (Locale::En, 19_000, krw, "₩19,000"),
            (Locale::Ko, 999, krw, "999원"),
            (Locale::Ko, 1_000_000, krw, "1,000,000원"),
            (Locale::Ko, 100_000, usd, "US$1,000.00"),
        ] {
            assert_eq!(in_words_of(locale, Money::new(minor, currency)), text);
        }
    }
}
