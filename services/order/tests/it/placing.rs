use serde_json::json;
use shop_contracts::order::{OrderPlaced, PaymentMethod};
use shop_kernel::{CartId, Locale, PaymentMethodId};

use crate::fixtures::*;
use crate::support::*;

#[tokio::test]
async fn an_order_is_accepted_and_can_be_looked_at_at_once() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        ada.puts(RED_BOWL, 1).await;

        let placed = ada.places("key-1", &ada.checkout().await).await;

        let order = placed.order();
        assert_eq!(placed.headers["location"], format!("/orders/{order}"));
        assert_eq!(placed.headers["content-type"], "application/json");
        let found = ada.order(order).await;
        assert_eq!(found["status"], "provisional");
        assert_eq!(found["total"], json!({ "minor": 4_300, "currency": "USD" }));
        assert_eq!(found["lines"][0]["name"]["en"], "Blue mug");
        assert_eq!(found["lines"][1]["total"]["minor"], 1_800);
        assert_eq!(found["timeline"][0]["type"], "placed");
        assert_eq!(found["cancellable_until"], found["expires_at"]);
        assert_eq!(placed.body["expires_at"], found["expires_at"]);
    }
}

#[tokio::test]
async fn a_placed_order_is_published_with_what_others_need() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let mut checkout = ada.checkout().await;
        let card = PaymentMethodId::generate();
        checkout["payment_method"] = json!({ "card": card });
        checkout["locale"] = json!("ko");

        let order = ada.places("key-1", &checkout).await.order();

        let told = shop.hears::<OrderPlaced>().await;
        assert_eq!((told.data.order, told.data.customer), (order, ADA));
        assert_eq!((told.source.as_str(), told.version), ("/order", 1));
        assert_eq!(told.correlation_id, Some(order));
        assert_eq!(told.data.payment_method, PaymentMethod::Card(card));
        assert_eq!(told.data.locale, Locale::Ko);
        assert_eq!(told.data.contact, contact());
        assert_eq!(told.data.total, usd(2_500));
        assert_eq!((told.data.expires_at - told.data.placed_at).num_seconds(), 900);
    }
}

#[tokio::test]
async fn a_cart_becomes_one_order_and_the_next_thing_opens_another_cart() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;
        let order = ada.places("key-1", &checkout).await.order();

        let again = ada.places("key-2", &checkout).await;
        let empty = ada.cart().await;
        ada.puts(RED_BOWL, 1).await;

        assert_eq!(again.code(), (409, "cart-checked-out"));
        assert_eq!(again.body["order"], order.to_string());
        assert_eq!((&empty["id"], &empty["version"]), (&json!(null), &json!(0)));
        assert_ne!(ada.cart().await["id"], checkout["cart"]);
    }
}

#[tokio::test]
async fn of_many_checkouts_of_one_cart_one_becomes_an_order() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;

        let keys: Vec<_> = (0..8).map(|number| format!("key-{number}")).collect();
        let tries = keys.iter().map(|key| ada.places(key, &checkout));
        let answers = futures::future::join_all(tries).await;

        let accepted = answers.iter().filter(|answer| answer.status == 202).count();
        let refused = answers.iter().filter(|answer| answer.code() == (409, "cart-checked-out"));
        assert_eq!((accepted, refused.count()), (1, 7));
        let orders = ada.get("/orders").await;
        assert_eq!(orders.body["items"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_changed_price_is_told_with_both_prices_and_the_version() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;
        shop.lists(&[product(BLUE_MUG, "Blue mug", 1_300, 4)]).await;

        let refused = ada.places("key-1", &checkout).await;
        let accepted = ada.places("key-1", &ada.checkout().await).await;

        assert_eq!(refused.code(), (409, "price-changed"));
        let change = json!([{
            "product": BLUE_MUG,
            "seen": { "minor": 1_250, "currency": "USD" },
            "now": { "minor": 1_300, "currency": "USD" },
            "price_version": 4,
        }]);
        assert_eq!(refused.body["changes"], change);
        assert_eq!(accepted.body["total"]["minor"], 2_600, "{}", accepted.text);
    }
}

#[tokio::test]
async fn what_cannot_be_sold_is_refused() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;
        let mut mug = product(BLUE_MUG, "Blue mug", 1_250, 4);
        mug.on_sale = false;
        shop.lists(&[mug]).await;

        let off_sale = ada.places("key-1", &checkout).await;
        let put_in = shop.haru().puts(BLUE_MUG, 1).await;
        let unknown = shop.haru().puts(shop_kernel::ProductId::generate(), 1).await;

        assert_eq!(off_sale.code(), (422, "not-on-sale"));
        assert_eq!(off_sale.body["products"], json!([BLUE_MUG]));
        assert_eq!(put_in.code(), (422, "not-on-sale"));
        assert_eq!(unknown.code(), (422, "not-on-sale"));
    }
}

#[tokio::test]
async fn a_cart_that_is_not_what_was_seen_is_refused() {
    for shop in shops().await {
        let ada = shop.ada();
        ada.puts(BLUE_MUG, 2).await;
        let checkout = ada.checkout().await;
        ada.adds(BLUE_MUG, 1).await;

        let stale = ada.places("key-1", &checkout).await;
        let mut partial = ada.checkout().await;
        partial["prices"] = json!([{ "product": RED_BOWL, "unit_price": usd(1_800) }]);
        let partial = ada.places("key-2", &partial).await;
        ada.removes(BLUE_MUG).await;
        let mut empty = ada.checkout().await;
        empty["prices"] = checkout["prices"].clone();
        let empty = ada.places("key-3", &empty).await;

        assert_eq!(stale.code(), (409, "cart-changed"));
        assert_eq!(stale.body["cart_version"], 3);
        assert_eq!(partial.code(), (422, "price-missing"));
        assert_eq!(empty.code(), (422, "cart-empty"));
    }
}

#[tokio::test]
async fn guests_fill_carts_and_place_nothing() {
    for shop in shops().await {
        let visitor = shop.visitor();
        visitor.puts(BLUE_MUG, 2).await;
        let checkout = visitor.checkout().await;

        let refused = visitor.places("key-1", &checkout).await;
        let taken = shop.ada().places("key-1", &checkout).await;

        assert_eq!(refused.code(), (403, "not-allowed"));
        assert_eq!(taken.code(), (404, "cart-unknown"));
    }
}

#[tokio::test]
async fn carts_of_others_are_answered_like_none() {
    for shop in shops().await {
        shop.ada().puts(BLUE_MUG, 2).await;
        let adas = shop.ada().checkout().await;
        let mut nobodys = adas.clone();
        nobodys["cart"] = json!(CartId::generate());

        let foreign = shop.haru().places("key-1", &adas).await;
        let unknown = shop.haru().places("key-2", &nobodys).await;

        assert_eq!(foreign.code(), (404, "cart-unknown"));
        assert_eq!(unknown.code(), foreign.code());
    }
}
