use proptest::prelude::*;
use shop_kernel::Currency;

use super::*;
use crate::fixtures::{BLUE_MUG, RED_BOWL, line, named, quantity, usd};

#[test]
fn an_order_without_lines_cannot_be_made() {
    assert_eq!(Lines::new(vec![]), Err(InvalidLines::Empty));
    assert!(serde_json::from_str::<Lines>("[]").is_err());
}

#[test]
fn a_product_has_one_line() {
    let twice = vec![
        line(BLUE_MUG, "Blue mug", 1, usd(1_250)),
        line(RED_BOWL, "Red bowl", 1, usd(1_800)),
        line(BLUE_MUG, "Blue mug", 2, usd(1_250)),
    ];

    assert_eq!(Lines::new(twice), Err(InvalidLines::Repeated(BLUE_MUG)));
}

#[test]
fn lines_of_two_currencies_make_no_order() {
    let mixed = vec![
        line(BLUE_MUG, "Blue mug", 1, usd(1_250)),
        line(RED_BOWL, "Red bowl", 1, Money::new(24_000, Currency::Krw)),
    ];

    assert!(matches!(Lines::new(mixed), Err(InvalidLines::Sum(_))));
}

#[test]
fn lines_without_a_real_sum_make_no_order() {
    let huge = Line::new(BLUE_MUG, named("Blue mug"), quantity(2), usd(i64::MAX));
    assert_eq!(huge, Err(MoneyError::Overflow));

    let two =
        vec![line(BLUE_MUG, "Blue mug", 1, usd(i64::MAX)), line(RED_BOWL, "Red bowl", 1, usd(1))];
    assert_eq!(Lines::new(two), Err(InvalidLines::Sum(MoneyError::Overflow)));
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_price_times_quantity(
        parts in prop::collection::vec((0_i64..1_000_000, 1_u32..=99), 1..30),
    ) {
        let lines = parts.iter().map(|(price, count)| {
            line(ProductId::generate(), "Thing", *count, usd(*price))
        });

        let total = Lines::new(lines.collect()).unwrap().total();

        let exact: i64 = parts.iter().map(|(price, count)| price * i64::from(*count)).sum();
        prop_assert_eq!(total, usd(exact));
    }

    #[test]
    fn lines_read_back_from_what_is_kept(
        parts in prop::collection::vec((0_i64..1_000_000, 1_u32..=99), 1..30),
    ) {
        let lines = parts.iter().map(|(price, count)| {
            line(ProductId::generate(), "Thing", *count, usd(*price))
        });
        let lines = Lines::new(lines.collect()).unwrap();

        let kept = serde_json::to_string(&lines).unwrap();

        prop_assert_eq!(serde_json::from_str::<Lines>(&kept).unwrap(), lines);
    }
}
