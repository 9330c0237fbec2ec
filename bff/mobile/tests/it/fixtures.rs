//! What the services say, as they really write it.

use serde_json::{Value, json};

pub(crate) const MUG: &str = "prd_0193456789ab7000800000000000b10e";
pub(crate) const POT: &str = "prd_0193456789ab7000800000000000b20e";
pub(crate) const CART: &str = "crt_0193456789ab7000800000000000ca47";
pub(crate) const ORDER: &str = "ord_0193456789ab70008000000000004de4";
pub(crate) const OLDER: &str = "ord_0193456789ab70008000000000004de3";

pub(crate) fn usd(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "USD" })
}

pub(crate) fn product(id: &str, slug: &str, en: &str, ko: &str) -> Value {
    json!({
        "id": id, "version": 3, "slug": slug, "category": "kitchen",
        "name": { "en": en, "ko": ko },
        "description": { "en": "Good to hold.", "ko": "손에 잘 잡혀요." },
        "prices": [{ "minor": 19000, "currency": "KRW" }, usd(1450)],
        "picture": slug, "tags": ["tea"], "popularity": 7, "on_sale": true,
        "stock": { "state": "few_left", "left": 3 }, "added_at": "2026-11-01T00:00:00Z",
    })
}

pub(crate) fn mug() -> Value {
    product(MUG, "blue-mug", "Blue mug", "파란 머그")
}

pub(crate) fn pot() -> Value {
    product(POT, "tea-pot", "Tea pot", "찻주전자")
}

pub(crate) fn categories() -> Value {
    json!({ "items": [{ "slug": "kitchen", "name": { "en": "Kitchen", "ko": "주방" }, "products": 6 }] })
}

pub(crate) fn cart() -> Value {
    json!({
        "id": CART, "version": 4,
        "lines": [{
            "product": MUG, "quantity": 2, "on_sale": true,
            "name": { "en": "Blue mug", "ko": "파란 머그" },
            "unit_prices": [{ "minor": 19000, "currency": "KRW" }, usd(1450)],
            "price_version": 3,
        }],
        "totals": [{ "minor": 38000, "currency": "KRW" }, usd(2900)],
    })
}

fn line() -> Value {
    json!({
        "product": MUG, "name": { "en": "Blue mug", "ko": "파란 머그" }, "quantity": 2,
        "unit_price": usd(1450), "total": usd(2900),
    })
}

fn contact() -> Value {
    json!({
        "name": "Ada", "email": "ada@example.org",
        "address": { "street": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH", "country": "GB" },
    })
}

/// An order as `order-history` shows it.
pub(crate) fn shown() -> Value {
    let mut ship_to = contact();
    ship_to.as_object_mut().unwrap().remove("email");
    json!({
        "order": ORDER, "customer": "cus_0193456789ab70008000000000000ada",
        "status": "confirmed", "reason": null, "total": usd(2900), "lines": [line()],
        "ship_to": ship_to,
        "money": { "state": "charged", "movements": [{
            "kind": "charge", "amount": usd(2900), "method": { "kind": "card", "brand": "visa", "last4": "4242" },
            "reason": null, "at": "2026-11-20T10:00:02Z", "message": "0193456789ab70008000000000000001",
        }] },
        "stock": { "state": "held", "short": [] },
        "timeline": [
            { "type": "order.placed.v1", "producer": "order", "time": "2026-11-20T10:00:00Z", "version": 1 },
            { "type": "payment.processed.v1", "producer": "payment", "time": "2026-11-20T10:00:02Z", "version": 1 },
            { "type": "stock.reserved.v1", "producer": "catalog", "time": "2026-11-20T10:00:01Z", "version": 1 },
            { "type": "order.confirmed.v1", "producer": "order", "time": "2026-11-20T10:00:03Z", "version": 4 },
        ],
        "placed_at": "2026-11-20T10:00:00Z", "expires_at": "2026-11-20T10:15:00Z",
        "confirmed_at": "2026-11-20T10:00:03Z", "cancelled_at": null,
        "cancellable_until": "2026-11-20T10:30:03Z", "replaces": null, "revision": 4,
    })
}

/// Orders as `order-history` lists them.
pub(crate) fn listed() -> Value {
    json!({
        "items": [{
            "order": ORDER, "status": "confirmed", "reason": null, "total": usd(2900),
            "lines": [line()], "money": "charged", "stock": "held",
            "placed_at": "2026-11-20T10:00:00Z", "cancellable_until": null, "replaces": null,
        }],
        "next": ORDER,
    })
}

/// The same order as `order` knows it.
pub(crate) fn order(status: &str) -> Value {
    json!({
        "id": ORDER, "customer": "cus_0193456789ab70008000000000000ada", "status": status,
        "reason": null, "version": 4, "lines": [line()], "total": usd(2900), "contact": contact(),
        "locale": "en", "payment_method": "store-credit",
        "placed_at": "2026-11-20T10:00:00Z", "expires_at": "2026-11-20T10:15:00Z",
        "confirmed_at": "2026-11-20T10:00:03Z", "cancelled_at": null,
        "cancellable_until": "2026-11-20T10:30:03Z", "cart": CART, "replaces": null,
        "payment": { "state": "processed" }, "stock": { "state": "reserved" },
        "timeline": [
            { "version": 1, "type": "placed", "at": "2026-11-20T10:00:00Z" },
            { "version": 2, "type": "payment-processed", "at": "2026-11-20T10:00:02Z" },
            { "version": 3, "type": "stock-reserved", "at": "2026-11-20T10:00:01Z" },
            { "version": 4, "type": "confirmed", "at": "2026-11-20T10:00:03Z" },
        ],
    })
}

/// Orders as `order` lists them.
pub(crate) fn outlines() -> Value {
    json!({
        "items": [{
            "id": ORDER, "customer": "cus_0193456789ab70008000000000000ada",
            "status": "provisional", "reason": null, "total": usd(2900), "placed_at": "2026-11-20T10:00:00Z",
        }],
        "next": null,
    })
}

pub(crate) fn payment() -> Value {
    json!({
        "payment": "pay_0193456789ab70008000000000004de4", "order": ORDER,
        "customer": "cus_0193456789ab70008000000000000ada", "state": "charged", "amount": usd(2900),
        "method": { "kind": "card", "brand": "visa", "last4": "4242" }, "failure": null,
        "movements": [{ "kind": "charge", "amount": usd(2900), "at": "2026-11-20T10:00:02Z" }],
        "parked": null,
    })
}

pub(crate) fn cards() -> Value {
    json!({ "items": [{ "id": "pm_0193456789ab70008000000000000242", "kind": "card", "brand": "visa", "last4": "4242" }] })
}

pub(crate) fn credit() -> Value {
    json!({ "items": [
        { "currency": "KRW", "limit": { "minor": 100, "currency": "KRW" }, "used": { "minor": 0, "currency": "KRW" },
          "available": { "minor": 100, "currency": "KRW" } },
        { "currency": "USD", "limit": usd(20000), "used": usd(500), "available": usd(19500) },
    ] })
}

pub(crate) fn ada() -> Value {
    json!({
        "id": "cus_0193456789ab70008000000000000ada", "email": "ada@example.org", "name": "Ada",
        "locale": "en", "role": "customer", "created_at": "2026-11-01T00:00:00Z",
    })
}
