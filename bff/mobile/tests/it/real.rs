//! Journeys through the real services: the stand-ins of the other tests speak as they do.

use reqwest::Method;
use serde_json::{Value, json};

use crate::real_shop::RealShop;
use crate::support::{Answer, BOUND};

/// A product one can buy two of, once the catalog is there.
async fn some_product(shop: &RealShop) -> Value {
    testkit::eventually(BOUND, || async {
        let home = shop.phone.get("/home").await.body;
        let in_stock = |card: &&Value| card["stock"]["state"] == "in_stock";
        home["popular"].as_array()?.iter().find(in_stock).cloned()
    })
    .await
}

/// A guest with two of it in the cart, once `order` has its prices.
async fn guest_with_two(shop: &RealShop, product: &Value) -> String {
    let guest = shop.phone.send(Method::POST, "/guests", None, &[], None).await;
    let guest = guest.body["access_token"].as_str().unwrap().to_owned();
    let (line, two) =
        (format!("/cart/lines/{}", product["id"].as_str().unwrap()), json!({ "quantity": 2 }));
    let cart = testkit::eventually(BOUND, || async {
        let cart = shop.phone.send(Method::PUT, &line, Some(&guest), &[], Some(&two)).await;
        (cart.status == 200).then_some(cart.body)
    })
    .await;
    assert_eq!((&cart["count"], &cart["lines"][0]["price"]), (&json!(2), &product["price"]));
    guest
}

/// Signs in with a guest's cart and checks out with a card; the path of the order.
async fn buy(shop: &RealShop, ada: &str, guest: &str) -> String {
    let merged = shop.post(ada, "/cart/merge", "none", &json!({ "guest_token": guest })).await;
    assert_eq!((merged.status, &merged.body["count"]), (200, &json!(2)), "{merged:?}");
    let card = json!({
        "number": "4242 4242 4242 4242", "expiry_month": 12, "expiry_year": 2030, "cvc": "123",
        "holder": "Ada",
    });
    let card = shop.post(ada, "/cards", "card", &card).await;
    assert_eq!((card.status, &card.body["last4"]), (201, &json!("4242")), "{card:?}");
    let checkout = shop.phone.get_as(ada, "/checkout").await.body;
    assert_eq!((&checkout["degraded"], &checkout["cards"][0]), (&json!(false), &card.body));
    assert!(checkout["store_credit"]["minor"].is_i64(), "{checkout}");

    let body = order_of(&checkout, &card);
    let placed = shop.post(ada, "/checkout", "order", &body).await;
    let again = shop.post(ada, "/checkout", "order", &body).await;
    assert_eq!((placed.status, &again.body), (202, &placed.body), "{placed:?}");
    placed.header("location").strip_prefix("/api/v1").unwrap().to_owned()
}

fn order_of(checkout: &Value, card: &Answer) -> Value {
    let lines = checkout["cart"]["lines"].as_array().unwrap().iter();
    let prices =
        lines.map(|line| json!({ "product": line["product"], "unit_price": line["price"] }));
    json!({
        "cart": checkout["cart"]["id"], "cart_version": checkout["cart"]["version"],
        "currency": "USD", "prices": prices.collect::<Vec<_>>(),
        "contact": {
            "name": checkout["contact"]["name"], "email": checkout["contact"]["email"],
            "address": {
                "street": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH",
                "country": "GB",
            },
        },
        "locale": "en", "payment_method": { "card": card.body["id"] },
    })
}

fn is_settled(order: &Value) -> bool {
    order["status"] == "confirmed"
        && order["money"]["state"] == "charged"
        && order["stock"] == "held"
        && order["steps"].as_array().is_some_and(|steps| steps.len() == 4)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_buys_and_the_order_is_the_same_whoever_tells_of_it() {
    let mut shop = RealShop::open().await;
    let product = some_product(&shop).await;
    let guest = guest_with_two(&shop, &product).await;
    let ada = shop.sign_in("ada@example.org", "demo-ada-2026").await;
    let haru = shop.sign_in("haru@example.org", "demo-haru-2026").await;

    let path = buy(&shop, &ada, &guest).await;
    let shown = shop.order_when(&ada, &path, is_settled).await;
    let list = shop.phone.get_as(&ada, "/orders").await.body;
    let foreign = shop.phone.get_as(&haru, &path).await;
    let cancel = shop.post(&haru, &format!("{path}/cancel"), "none", &json!({})).await;
    let credit = json!({ "payment_method": "store-credit" });
    let reorder = shop.post(&haru, &format!("{path}/reorder"), "again", &credit).await;
    shop.stop_history().await;
    let composed = shop.phone.get_as(&ada, &path).await.body;
    let outline = shop.phone.get_as(&ada, "/orders").await.body;
    let foreign_composed = shop.phone.get_as(&haru, &path).await;

    assert_eq!((&list["items"][0]["id"], &list["items"][0]["count"]), (&shown["id"], &json!(2)));
    for refused in [foreign, cancel, reorder, foreign_composed] {
        assert_eq!((refused.status, refused.code()), (404, "order-unknown"));
    }
    assert_eq!((&shown["degraded"], &composed["degraded"]), (&json!(false), &json!(true)));
    for part in [
        "id",
        "status",
        "total",
        "lines",
        "ship_to",
        "money",
        "stock",
        "placed_at",
        "cancellable_until",
    ] {
        assert_eq!(composed[part], shown[part], "{part}");
    }
    assert_eq!((&outline["items"][0]["id"], &outline["degraded"]), (&shown["id"], &json!(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_order_gets_its_money_back_and_can_be_bought_again() {
    let shop = RealShop::open().await;
    let product = some_product(&shop).await;
    let guest = guest_with_two(&shop, &product).await;
    let ada = shop.sign_in("ada@example.org", "demo-ada-2026").await;
    let path = buy(&shop, &ada, &guest).await;
    shop.order_when(&ada, &path, is_settled).await;

    let cancelled = shop.post(&ada, &format!("{path}/cancel"), "none", &json!({})).await;
    let refunded = |order: &Value| order["money"]["state"] == "refunded";
    let order = shop.order_when(&ada, &path, refunded).await;
    let body = json!({ "payment_method": "store-credit" });
    let again = shop.post(&ada, &format!("{path}/reorder"), "again", &body).await;

    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("cancelled")));
    assert_eq!(order["money"]["movements"][1]["kind"], "refund");
    assert_eq!((again.status, &again.body["status"]), (202, &json!("placed")), "{again:?}");
}
