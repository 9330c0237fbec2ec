//! What operators do to the range and the stock.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shop_contracts::RawEnvelope;
use shop_contracts::catalog::ProductChanged;

use crate::support::{BOUND, Shop, product};

fn teapot() -> Value {
    json!({
        "slug": "iron-teapot",
        "category": "tea-and-coffee",
        "name": { "en": "Iron Teapot", "ko": "무쇠 주전자" },
        "description": { "en": "Keeps tea warm for an hour.", "ko": "한 시간 동안 따뜻합니다." },
        "price": { "krw": 99000, "usd": 7500 },
        "picture": "iron-teapot",
        "tags": ["samovar"],
        "popularity": 10,
    })
}

async fn news(shop: &Shop, product: &str, version: u64) -> RawEnvelope {
    testkit::eventually(BOUND, || async {
        let feed = shop.feed().await.into_iter();
        feed.filter(|m| m.subject == product).find(|message| message.version == version)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_is_added_can_be_found_and_is_announced() {
    for shop in Shop::all().await {
        let body = json!({ "product": teapot(), "stock": 4 });

        let (status, added) = shop.post("/products", "teapot-1", &body).await;

        assert_eq!(status, StatusCode::CREATED, "{added}");
        assert_eq!(added["stock"], json!({ "state": "few_left", "left": 4 }));
        let id = added["id"].as_str().unwrap();
        assert_eq!(shop.get(&format!("/products/{id}")).await.1, added);
        assert_eq!(shop.slugs("/products?q=samovar").await.0, ["iron-teapot"]);
        let changed = news(&shop, id, 1).await.decode::<ProductChanged>().unwrap().data;
        assert_eq!(changed.name.ko, "무쇠 주전자");
        let (_, stock) = shop.inspect(&format!("/products/{id}/adjustments")).await;
        assert_eq!(stock["items"][0]["reason"], "initial");
        assert_eq!(stock["items"][0]["delta"], 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_added_once_under_one_key() {
    for shop in Shop::all().await {
        let body = json!({ "product": teapot(), "stock": 4 });
        let (_, added) = shop.post("/products", "teapot-1", &body).await;

        let (status, again) = shop.post("/products", "teapot-1", &body).await;
        let other = json!({ "product": teapot(), "stock": 5 });
        let (refused, problem) = shop.post("/products", "teapot-1", &other).await;

        assert_eq!((status, &again), (StatusCode::CREATED, &added));
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["code"], "idempotency-key-reused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_replaces_a_product_whole_and_is_announced() {
    for shop in Shop::all().await {
        let id = product("celadon-teapot").to_string();
        let change = json!({ "version": 1, "product": teapot() });

        let (status, changed) = shop.put(&format!("/products/{id}"), &change).await;

        assert_eq!(status, StatusCode::OK, "{changed}");
        assert_eq!((&changed["version"], &changed["slug"]), (&2.into(), &"iron-teapot".into()));
        assert_eq!(changed["stock"], json!({ "state": "few_left", "left": 4 }));
        assert_eq!(shop.slugs("/products?q=samovar").await.0, ["iron-teapot"]);
        assert_eq!(shop.get("/products/celadon-teapot").await.0, StatusCode::NOT_FOUND);
        let data = news(&shop, &id, 2).await.decode::<ProductChanged>().unwrap().data;
        assert_eq!((data.version, data.prices[1].minor), (2, 7500));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_based_on_one_version_the_second_is_refused() {
    for shop in Shop::all().await {
        let path = format!("/products/{}", product("celadon-teapot"));
        let change = json!({ "version": 1, "product": teapot() });
        shop.put(&path, &change).await;

        let (status, problem) = shop.put(&path, &change).await;

        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["code"], "version-conflict");
        assert_eq!(problem["current"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slugs_and_categories_are_checked() {
    for shop in Shop::all().await {
        let mut taken = teapot();
        taken["slug"] = "blue-mug".into();
        let mut nowhere = teapot();
        nowhere["category"] = "nowhere".into();
        let path = format!("/products/{}", product("celadon-teapot"));

        for (details, status, code) in
            [(taken, 409, "slug-taken"), (nowhere, 422, "unknown-category")]
        {
            let add = json!({ "product": details, "stock": 1 });
            let change = json!({ "version": 1, "product": details });
            for (got, problem) in
                [shop.post("/products", code, &add).await, shop.put(&path, &change).await]
            {
                assert_eq!(got.as_u16(), status, "{problem}");
                assert_eq!(problem["code"], code);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjustment_changes_what_is_available_and_keeps_its_reason() {
    for shop in Shop::all().await {
        let path = format!("/products/{}/adjustments", product("blue-mug"));
        let breakage = json!({ "delta": -2, "reason": "dropped on the way" });
        let delivery = json!({ "delta": 12, "reason": "delivery of November" });

        shop.post(&path, "breakage", &breakage).await;
        let (status, adjusted) = shop.post(&path, "delivery", &delivery).await;

        assert_eq!(status, StatusCode::CREATED, "{adjusted}");
        assert_eq!(adjusted["stock"], json!({ "available": 250, "held": 0 }));
        let (_, first) = shop.inspect(&format!("{path}?limit=2")).await;
        let cursor = first["next"].as_str().unwrap();
        let (_, rest) = shop.inspect(&format!("{path}?limit=2&after={cursor}")).await;
        let reasons: Vec<_> = [&first, &rest]
            .into_iter()
            .flat_map(|page| page["items"].as_array().unwrap())
            .map(|item| item["reason"].as_str().unwrap())
            .collect();
        assert_eq!(reasons, ["delivery of November", "dropped on the way", "initial"]);
        assert_eq!(first["available"], 250);
        assert!(rest.get("next").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjustment_under_one_key_happens_once() {
    for shop in Shop::all().await {
        let path = format!("/products/{}/adjustments", product("blue-mug"));
        let body = json!({ "delta": 10, "reason": "delivery of November" });
        let (_, adjusted) = shop.post(&path, "delivery", &body).await;

        let (status, again) = shop.post(&path, "delivery", &body).await;
        let other = json!({ "delta": 11, "reason": "delivery of November" });
        let (refused, problem) = shop.post(&path, "delivery", &other).await;

        assert_eq!((status, &again), (StatusCode::CREATED, &adjusted));
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["code"], "idempotency-key-reused");
        assert_eq!(shop.inspect(&path).await.1["available"], 250);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjustment_never_takes_more_than_there_is() {
    for shop in Shop::all().await {
        let path = format!("/products/{}/adjustments", product("cast-iron-skillet"));
        let body = json!({ "delta": -4, "reason": "lost in the cellar" });

        let (status, problem) = shop.post(&path, "lost", &body).await;

        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(problem["code"], "below-zero");
        assert_eq!(problem["available"], 3);
        let body = json!({ "delta": -3, "reason": "lost in the cellar" });
        assert_eq!(shop.post(&path, "lost", &body).await.0, StatusCode::CREATED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_bodies_are_refused_with_the_place_of_what_is_wrong() {
    let shop = Shop::embedded().await;
    let adjust = format!("/products/{}/adjustments", product("blue-mug"));
    let with = |pointer: &str, value: Value| {
        let mut body = json!({ "product": teapot(), "stock": 1 });
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let cases = [
        ("/products", with("/product/slug", "Iron Teapot".into()), Some("/product/slug")),
        ("/products", with("/product/name/ko", " ".into()), Some("/product/name")),
        ("/products", with("/product/name/en", "Tea\0pot".into()), Some("/product/name")),
        ("/products", with("/product/tags", json!(["\0"])), Some("/product/tags/0")),
        (&adjust, json!({ "delta": 1, "reason": "found\0" }), Some("/reason")),
        ("/products", with("/product/price/usd", 0.into()), Some("/product/price/usd")),
        ("/products", with("/product/tags", json!([""])), Some("/product/tags/0")),
        ("/products", with("/stock", (-1).into()), None),
        ("/products", json!({ "product": teapot(), "stock": 1, "id": "mine" }), None),
        (&adjust, json!({ "delta": 0, "reason": "nothing" }), Some("/delta")),
        (&adjust, json!({ "delta": 1, "reason": "" }), Some("/reason")),
        (&adjust, json!({ "delta": 1 }), None),
    ];

    for (path, body, pointer) in cases {
        let (status, problem) = shop.post(path, "bad", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {problem}");
        assert_eq!(problem["code"], "not-valid", "{body}");
        if let Some(pointer) = pointer {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
    }
    let unknown = format!("/products/{}/adjustments", shop_kernel::ProductId::generate());
    let body = json!({ "delta": 1, "reason": "for nobody" });
    assert_eq!(shop.post(&unknown, "k", &body).await.1["code"], "product-not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_creates_something_needs_a_key() {
    let shop = Shop::embedded().await;
    let path = format!("/products/{}/adjustments", product("blue-mug"));
    let body = json!({ "delta": 1, "reason": "found in the cellar" });

    for key in ["", &"k".repeat(101)] {
        let (status, problem) = shop.post(&path, key, &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(problem["code"], "idempotency-key-needed");
    }
}
