//! What every fragment shows alike. Functions, not components: a component costs each bundle 3 KB of wasm.

mod failed;
mod goods;
mod icon;
mod number;
mod quantity;

pub use failed::{empty, empty_page, failed, way};
pub use goods::{Picture, Stock, StockLevel, price, stock_mark};
pub use icon::icon;
pub use number::order_number;
pub use quantity::Quantity;

use crate::i18n::{Locale, Say, Texts};

static TEXTS: Texts =
    Texts { en: include_str!("../i18n/en.txt"), ko: include_str!("../i18n/ko.txt") };

fn say(locale: Locale) -> Say {
    Say::new(&TEXTS, locale)
}

#[cfg(test)]
mod tests {
    use super::TEXTS;
    use std::path::Path;

    #[test]
    fn both_languages_have_the_same_texts_and_none_is_missing() {
        assert_eq!(TEXTS.one_sided(), Vec::<&str>::new());
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/view");
        assert_eq!(TEXTS.missing_in(&sources).unwrap(), Vec::<String>::new());
    }
}
