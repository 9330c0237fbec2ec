//! An order once more: its lines in the cart, or paid another way.

use serde_json::{Value, json};

use crate::support::{Shop, code, said};

fn order(fields: &str) -> String {
    format!(r#"{{ order(id: "{}") {{ {fields} }} }}"#, said::ORDER)
}

fn buy_again() -> String {
    format!(r#"mutation {{ buyAgain(order: "{}") {{ cart {{ count }} leftOut }} }}"#, said::ORDER)
}

#[tokio::test]
async fn what_is_bought_again_goes_into_the_cart_as_far_as_it_is_on_sale() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut view = said::order_view();
    view["lines"] = json!([said::line(1), said::line(2)]);
    shop.history.says("GET", "/orders/*", 200, view);
    shop.order.says("GET", "/carts/current", 200, said::cart(&[]));
    let gone = format!("/carts/current/lines/{}", said::product_id(2));
    shop.order.refuses("PUT", &gone, 422, "not-on-sale");
    shop.order.says("PUT", "/carts/current/lines/*", 200, said::cart(&[1]));

    let answer = ada.ask(&buy_again()).await;

    let again = json!({ "cart": { "count": 1 }, "leftOut": [said::product_id(2)] });
    assert_eq!(answer["data"]["buyAgain"], again, "{answer}");
}

#[tokio::test]
async fn who_tries_again_after_half_of_it_failed_has_no_line_twice() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut view = said::order_view();
    view["lines"] = json!([said::line(1), said::line(2)]);
    shop.history.says("GET", "/orders/*", 200, view);
    let line = |number: usize| format!("/carts/current/lines/{}", said::product_id(number));
    // Two of each were bought, and one of the second is in the cart.
    let (empty, half, whole) =
        (holding(&[(2, 1)]), holding(&[(2, 1), (1, 2)]), holding(&[(2, 2), (1, 2)]));
    shop.order.says("GET", "/carts/current", 200, empty);
    shop.order.says("PUT", &line(1), 200, half.clone());
    shop.order.refuses("PUT", &line(2), 503, "price-list-loading");

    let failed = ada.ask(&buy_again()).await;
    shop.order.says("GET", "/carts/current", 200, half);
    shop.order.says("PUT", &line(1), 200, holding(&[(2, 1), (1, 2)]));
    shop.order.says("PUT", &line(2), 200, whole);
    shop.forget_calls();
    let again = ada.ask(&buy_again()).await;

    assert_eq!(code(&failed), "price-list-loading", "{failed}");
    assert_eq!(again["data"]["buyAgain"], json!({ "cart": { "count": 4 }, "leftOut": [] }));
    let asked: Vec<_> =
        shop.order.calls().into_iter().filter(|call| call.path.contains("lines")).collect();
    let asked: Vec<_> =
        asked.iter().map(|call| (call.path.as_str(), &call.body["quantity"])).collect();
    assert_eq!(asked, [(line(1).as_str(), &json!(2)), (line(2).as_str(), &json!(2))]);
}

#[tokio::test]
async fn what_is_in_the_cart_already_stays_as_it_is() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.says("GET", "/orders/*", 200, said::order_view());
    shop.order.says("GET", "/carts/current", 200, holding(&[(1, 5)]));
    shop.order.says("PUT", "/carts/current/lines/*", 200, holding(&[(1, 5)]));

    ada.ask(&buy_again()).await;

    let calls = shop.order.calls();
    assert_eq!(calls.last().unwrap().body, json!({ "quantity": 5 }), "{calls:?}");
}

/// A cart with so many of these products.
fn holding(lines: &[(usize, u32)]) -> Value {
    let products: Vec<_> = lines.iter().map(|(product, _)| *product).collect();
    let mut cart = said::cart(&products);
    for (place, (_, quantity)) in lines.iter().enumerate() {
        cart["lines"][place]["quantity"] = json!(quantity);
    }
    cart
}

#[tokio::test]
async fn what_would_be_paid_again_is_shown_at_todays_prices() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut view = said::order_view();
    view["status"] = json!("cancelled");
    view["lines"] = json!([said::line(1), said::line(2)]);
    shop.history.says("GET", "/orders/*", 200, view);
    let mut products = said::products([1, 2]);
    products["items"][0]["prices"][0]["minor"] = json!(1300);
    products["items"][1]["on_sale"] = json!(false);
    shop.catalog.says("GET", "/products/batch", 200, products);

    let fields = "again { count totals { minor currency }
        lines { quantity onSale name { en } unitPrices { minor } product { slug } } }";
    let answer = ada.ask(&order(fields)).await;

    let again = &answer["data"]["order"]["again"];
    let won = json!({ "minor": 60000, "currency": "KRW" });
    let dollars = json!({ "minor": 5100, "currency": "USD" });
    assert_eq!(again["totals"], json!([won, dollars]), "{answer}");
    assert_eq!(again["count"], 4);
    assert_eq!(again["lines"][0]["unitPrices"][0]["minor"], 1300);
    assert_eq!(again["lines"][1]["onSale"], false);
    assert_eq!(again["lines"][1]["product"]["slug"], "mug-2");
    assert_eq!(shop.catalog.calls().len(), 1, "prices and pictures come together");
}

#[tokio::test]
async fn while_the_catalog_is_away_what_is_paid_again_costs_what_it_did() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut view = said::order_view();
    shop.history.says("GET", "/orders/*", 200, view.clone());
    shop.catalog.is_away(true);
    let fields = order("again { totals { minor } lines { onSale } }");

    let standing = ada.ask(&fields).await;
    view["status"] = json!("cancelled");
    shop.history.says("GET", "/orders/*", 200, view);
    let cancelled = ada.ask(&fields).await;

    assert_eq!(standing["data"]["order"]["again"], json!(null));
    let again = json!({ "totals": [{ "minor": 2500 }], "lines": [{ "onSale": true }] });
    assert_eq!(cancelled["data"]["order"]["again"], again, "{cancelled}");
}

#[tokio::test]
async fn a_cancelled_order_is_paid_again_with_another_card() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.order.refuses("POST", "/orders/*", 409, "order-not-cancelled");

    let answer = ada.ask(&pay_again(said::ORDER, said::CARD)).await;

    assert_eq!(code(&answer), "order-not-cancelled");
    let call = &shop.order.calls()[0];
    assert_eq!(call.path, format!("/orders/{}/reorder", said::ORDER));
    assert_eq!(call.body["payment_method"], json!({ "card": said::CARD }));
}

#[tokio::test]
async fn what_is_anothers_is_neither_paid_again_nor_removed() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.order.refuses("POST", "/orders/*", 404, "order-unknown");
    shop.payment.refuses("DELETE", "/payment-methods/*", 404, "payment-method-unknown");

    let paid = ada.ask(&pay_again(said::ORDER, said::CARD)).await;
    let no_order = ada.ask(&pay_again("ord_1", said::CARD)).await;
    let no_card = ada.ask(&pay_again(said::ORDER, "../payments/by-order/x")).await;
    let remove = |card: &str| format!(r#"mutation {{ removeCard(id: "{card}") }}"#);
    let removed = ada.ask(&remove(said::CARD)).await;
    let none = ada.ask(&remove("../payments/by-order/x")).await;

    assert_eq!(code(&paid), "order-unknown", "{paid}");
    assert_eq!((code(&no_order), code(&no_card)), ("not-valid", "not-valid"));
    // As one there is not: nothing tells that somebody has it.
    assert_eq!(removed, json!({ "data": { "removeCard": true } }));
    assert_eq!(code(&none), "not-valid");
    assert_eq!((shop.order.calls().len(), shop.payment.calls().len()), (1, 1));
}

fn pay_again(order: &str, card: &str) -> String {
    format!(
        r#"mutation {{ payAgain(idempotencyKey: "k",
            input: {{ order: "{order}", paymentMethod: {{ card: "{card}" }} }}) {{ id }} }}"#
    )
}
