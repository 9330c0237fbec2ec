//! Who may see what.

use chassis::auth::{Role, Subject};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use shop_kernel::{CustomerId, GuestId, OrderId};

use crate::story::Story;
use crate::support::{Shop, everywhere, path};

everywhere!(
    anothers_order_looks_like_none_on_every_route,
    services_and_operators_see_every_order,
    what_operators_do_nobody_else_may,
    without_a_token_of_ours_nothing_is_told,
);

async fn anothers_order_looks_like_none_on_every_route(shop: Shop) {
    let story = Story::of_someone().all_well();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let eve = shop.customer(CustomerId::generate());

    for suffix in ["", "/updates"] {
        let foreign = shop.get(&format!("{}{suffix}", path(&story)), &eve).await;
        let none = shop.get(&format!("/orders/{}{suffix}", OrderId::generate()), &eve).await;
        let no_id = shop.get(&format!("/orders/1{suffix}"), &eve).await;

        assert_eq!((foreign.status, none.status, no_id.status), (404, 404, 404), "{suffix}");
        assert_eq!(foreign.body["code"], "order-unknown");
        assert_eq!(foreign.body["detail"], none.body["detail"]);
    }
    assert_eq!(shop.get("/orders", &eve).await.body["items"], json!([]));
    shop.remove().await;
}

async fn services_and_operators_see_every_order(shop: Shop) {
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;

    for token in [shop.service(), shop.operator()] {
        assert_eq!(shop.get(&path(&story), &token).await.status, 200);
    }
    shop.remove().await;
}

async fn what_operators_do_nobody_else_may(shop: Shop) {
    let customer = shop.customer(CustomerId::generate());
    let sales = "/sales?from=2026-11-01&to=2026-11-02&group=day";

    for (method, path) in [
        (Method::GET, sales),
        (Method::GET, "/ops/audit"),
        (Method::GET, "/ops/rebuild"),
        (Method::POST, "/ops/rebuild"),
        (Method::GET, "/ops/backlog"),
    ] {
        let answer = shop.ask(method, path, Some(&customer)).await;

        assert_eq!((answer.status, &answer.body["code"]), (403, &json!("not-allowed")), "{path}");
    }
    shop.remove().await;
}

async fn without_a_token_of_ours_nothing_is_told(shop: Shop) {
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;
    let owner = Subject::Customer(story.customer);
    let stranger = chassis::auth::TokenSigner::generate().unwrap();
    let now = shop_kernel::Clock::now(&*shop.clock);
    let hour = TimeDelta::hours(1);
    let forged = stranger.token(owner.clone(), &[Role::Customer], now, hour).unwrap();
    let expired = shop.token_for(owner, Role::Customer, TimeDelta::minutes(-5));
    let guest = shop.token(Subject::Guest(GuestId::generate()), Role::Guest);

    for path in [path(&story), format!("{}/updates", path(&story)), "/orders".to_owned()] {
        let ask = async |token: Option<&str>| shop.ask(Method::GET, &path, token).await.status;

        assert_eq!(ask(None).await, 401, "{path}");
        assert_eq!(ask(Some(&forged)).await, 401, "{path}");
        assert_eq!(ask(Some(&expired)).await, 401, "{path}");
        assert_eq!(ask(Some(&guest)).await, 403, "{path}");
    }
    shop.remove().await;
}
