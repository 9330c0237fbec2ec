//! What the audit of the whole shop is shown.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{AdasOrder, BOUND, Shop, product};

async fn audited(shop: &Shop, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let (status, page) = shop.inspect(&format!("/ops/audit?limit={limit}{cursor}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&after={next}"),
            None => return items,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_sees_every_product_and_every_order() {
    for shop in Shop::all().await {
        let held = AdasOrder::of(&[(product("blue-mug"), 2)]);
        let short = AdasOrder::of(&[(product("music-box"), 1)]);
        let early = AdasOrder::of(&[(product("blue-mug"), 1)]);

        shop.publish(&[held.placed(), short.placed(), early.cancelled()]).await;

        let orders = testkit::eventually(BOUND, || async {
            let items = audited(&shop, 20).await.into_iter();
            let orders: Vec<_> = items.filter(|item| item["kind"] == "order").collect();
            (orders.len() == 3).then_some(orders)
        })
        .await;
        let state = |order: &AdasOrder| {
            let id = order.id.to_string();
            orders.iter().find(|item| item["order"] == id.as_str()).unwrap()["state"].clone()
        };
        assert_eq!(state(&held), "reserved");
        assert_eq!(state(&short), "rejected");
        assert_eq!(state(&early), "tombstone");
        let items = audited(&shop, 500).await;
        let products: Vec<_> = items.iter().filter(|item| item["kind"] == "product").collect();
        assert_eq!(products.len(), 52);
        let mug = product("blue-mug").to_string();
        let mug = products.iter().find(|item| item["product"] == mug.as_str()).unwrap();
        assert_eq!((&mug["adjusted"], &mug["available"]), (&240.into(), &238.into()));
        assert_eq!(mug["held"], 2);
        let (status, problem) = shop.inspect("/ops/audit?after=x").await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &"cursor-not-valid".into()));
    }
}
