//! The published messages, byte for byte as consumers read them in their tests.

use std::path::PathBuf;

use shop_kernel::Quantity;

use super::*;
use crate::seed::Range;

fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn adas_order() -> About {
    About {
        order: OrderId::from_uuid(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_0001)),
        customer: CustomerId::from_uuid(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_0ada)),
        cause: Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_00c0_0010),
        at: noon(),
    }
}

fn product(slug: &str) -> Product {
    let range = Range::built_in().unwrap();
    let product = range.products.iter().find(|product| product.details().slug == slug).unwrap();
    Product { id: product.id, version: 1, details: product.details(), added_at: noon() }
}

fn lines() -> Vec<StockLine> {
    [("blue-mug", 2), ("brass-fountain-pen", 1)]
        .map(|(slug, count)| StockLine {
            product: product(slug).id,
            quantity: Quantity::new(count).unwrap(),
        })
        .to_vec()
}

/// Compares with the golden file; `UPDATE_GOLDEN=1` writes it instead.
fn assert_golden(number: u128, mut message: RawEnvelope) {
    message.id = Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_00c0_0000 + number);
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    message.traceparent = Some(traceparent.to_owned());
    let text = serde_json::to_string_pretty(&message).unwrap() + "\n";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../crates/shop-contracts/golden/catalog")
        .join(format!("{}.json", message.kind));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }

    let golden = std::fs::read_to_string(&path).unwrap();

    assert_eq!(golden, text, "{} is not what is published", path.display());
}

#[test]
fn a_reservation_is_published_as_in_its_golden_file() {
    assert_golden(1, reserved(adas_order(), &lines()).unwrap());
}

#[test]
fn a_rejection_is_published_as_in_its_golden_file() {
    let line = lines().remove(1);
    let short = ShortLine { product: line.product, requested: line.quantity, available: 0 };

    assert_golden(2, rejected(adas_order(), vec![short]).unwrap());
}

#[test]
fn a_release_is_published_as_in_its_golden_file() {
    assert_golden(3, released(adas_order(), &lines()).unwrap());
}

#[test]
fn a_product_is_published_as_in_its_golden_file() {
    assert_golden(4, product_changed(&product("blue-mug"), noon()).unwrap());
}
