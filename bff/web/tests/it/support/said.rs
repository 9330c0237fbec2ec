//! What the services say, in their own words.

use serde_json::{Value, json};

pub(crate) const ORDER: &str = "ord_0193456789ab70008000000000004de4";
pub(crate) const CART: &str = "crt_0193456789ab7000800000000000ca47";
pub(crate) const CARD: &str = "pm_0193456789ab7000800000000000ca4d";
pub(crate) const CHARGED: &str = "0193b000-0000-7000-8000-000000000002";
const PLACED_AT: &str = "2026-11-20T11:58:00Z";
const EXPIRES_AT: &str = "2026-11-20T12:13:00Z";

/// The `number`th product's id.
pub(crate) fn product_id(number: usize) -> String {
    format!("prd_0193456789ab70008000{number:012x}")
}

pub(crate) fn product(number: usize) -> Value {
    json!({
        "id": product_id(number), "version": 1, "slug": format!("mug-{number}"), "category": "mugs",
        "name": { "en": "Mug", "ko": "머그" }, "description": { "en": "Holds tea.", "ko": "차." },
        "prices": [usd(1250), { "minor": 15000, "currency": "KRW" }], "picture": "mug",
        "tags": ["tea"], "popularity": 3, "on_sale": true,
        "stock": { "state": "few_left", "left": 3 }, "added_at": PLACED_AT,
    })
}

pub(crate) fn products(numbers: impl IntoIterator<Item = usize>) -> Value {
    json!({ "items": numbers.into_iter().map(product).collect::<Vec<_>>() })
}

pub(crate) fn usd(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "USD" })
}

pub(crate) fn customer() -> Value {
    json!({
        "id": "cus_0193456789ab7000800000000000ada0", "email": "ada@example.org", "name": "Ada",
        "locale": "en", "role": "customer", "created_at": PLACED_AT,
    })
}

pub(crate) fn session(access: &str, refresh: &str) -> Value {
    json!({
        "access_token": access, "token_type": "Bearer", "expires_in": 600,
        "refresh_token": refresh, "refresh_expires_at": "2026-12-20T12:00:00Z",
        "customer": customer(),
    })
}

pub(crate) fn guest(token: &str) -> Value {
    json!({
        "guest": "gst_0193456789ab70008000000000009e57", "access_token": token,
        "token_type": "Bearer", "expires_in": 30 * 24 * 3600,
    })
}

/// A cart with one of each of these products.
pub(crate) fn cart(products: &[usize]) -> Value {
    let lines = products.iter().map(|number| {
        json!({
            "product": product_id(*number), "quantity": 1, "on_sale": true,
            "name": { "en": "Mug", "ko": "머그" }, "unit_prices": [usd(1250)], "price_version": 1,
        })
    });
    let lines: Vec<Value> = lines.collect();
    json!({ "id": CART, "version": 7, "totals": [usd(1250)], "lines": lines })
}

pub(crate) fn line(number: usize) -> Value {
    json!({
        "product": product_id(number), "name": { "en": "Mug", "ko": "머그" }, "quantity": 2,
        "unit_price": usd(1250), "total": usd(2500),
    })
}

fn address() -> Value {
    json!({ "street": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH", "country": "GB" })
}

/// A confirmed order, as `order-history` shows it.
pub(crate) fn order_view() -> Value {
    json!({
        "order": ORDER, "customer": "cus_0193456789ab7000800000000000ada0",
        "status": "confirmed", "reason": null, "total": usd(2500), "lines": [line(1)],
        "ship_to": { "name": "Ada Lovelace", "address": address() },
        "money": { "state": "charged", "movements": [{
            "kind": "charge", "amount": usd(2500), "reason": null, "at": PLACED_AT,
            "method": { "kind": "card", "brand": "visa", "last4": "4242" }, "message": CHARGED,
        }] },
        "stock": { "state": "held", "short": [] },
        "timeline": [
            step("order.placed.v1", "order", 1), step("payment.processed.v1", "payment", 2),
            step("order.confirmed.v1", "order", 3),
        ],
        "placed_at": PLACED_AT, "expires_at": EXPIRES_AT, "confirmed_at": PLACED_AT,
        "cancelled_at": null, "cancellable_until": "2026-11-20T12:28:00Z", "replaces": null,
        "revision": 3,
    })
}

fn step(kind: &str, producer: &str, number: u64) -> Value {
    json!({
        "type": kind, "producer": producer, "time": PLACED_AT, "version": number,
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "causation_id": null,
        "message_id": format!("0193b000-0000-7000-8000-{number:012}"),
    })
}

/// An order in `order-history`'s list.
pub(crate) fn order_in_list(number: usize, products: &[usize]) -> Value {
    json!({
        "order": format!("ord_0193456789ab70008000{number:012x}"), "status": "placed",
        "reason": null, "total": usd(2500), "money": "pending", "stock": "pending",
        "lines": products.iter().map(|number| line(*number)).collect::<Vec<_>>(),
        "placed_at": PLACED_AT, "cancellable_until": null, "replaces": null,
    })
}

/// A cancelled order, as `order` shows it.
pub(crate) fn order_body() -> Value {
    json!({
        "id": ORDER, "customer": "cus_0193456789ab7000800000000000ada0", "status": "cancelled",
        "reason": "by-customer", "version": 4, "lines": [line(1)], "total": usd(2500),
        "contact": { "name": "Ada Lovelace", "email": "ada@example.org", "address": address() },
        "locale": "en", "payment_method": { "card": CARD }, "placed_at": PLACED_AT,
        "expires_at": EXPIRES_AT, "confirmed_at": null, "cancelled_at": "2026-11-20T11:59:00Z",
        "cancellable_until": null, "cart": CART, "replaces": null,
        "payment": { "state": "processed", "payment": "pay_0193456789ab70008000000000009a1d" },
        "stock": { "state": "reserved" },
        "timeline": [
            { "version": 1, "type": "placed", "at": PLACED_AT },
            { "version": 2, "type": "payment-processed", "at": "2026-11-20T11:58:01Z" },
            { "version": 3, "type": "stock-reserved", "at": "2026-11-20T11:58:02Z" },
            { "version": 4, "type": "cancelled", "at": "2026-11-20T11:59:00Z", "reason": "by-customer" },
        ],
    })
}

/// A refunded payment, as `payment` shows it.
pub(crate) fn payment() -> Value {
    json!({
        "payment": "pay_0193456789ab70008000000000009a1d", "order": ORDER,
        "customer": "cus_0193456789ab7000800000000000ada0", "state": "refunded",
        "amount": usd(2500), "method": { "kind": "card", "brand": "visa", "last4": "4242" },
        "failure": null, "parked": null, "movements": [
            { "kind": "charge", "amount": usd(2500), "at": "2026-11-20T11:58:01Z" },
            { "kind": "refund", "amount": usd(2500), "at": "2026-11-20T11:59:01Z" },
        ],
    })
}

/// An inbox that took in the charge.
pub(crate) fn inbox(queue: &str, attempt: u32) -> Value {
    json!({ "items": [{
        "consumer": queue, "message_id": CHARGED, "kind": "payment.processed.v1",
        "subject": "pay_x", "correlation_id": ORDER, "traceparent": null, "attempt": attempt,
        "received_at": PLACED_AT, "committed_at": "2026-11-20T11:58:01Z",
    }] })
}

pub(crate) fn mail() -> Value {
    json!({
        "id": "0193b000-0000-7000-8000-00000000a111", "order": ORDER, "kind": "receipt",
        "state": "sent", "created_at": PLACED_AT, "settled_at": PLACED_AT,
        "to": "ada@example.org", "subject": "Your receipt",
    })
}
