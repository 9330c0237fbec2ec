//! Sales figures, the audit, and what the service says about itself.

use serde_json::json;
use shop_contracts::order::CancelReason;
use shop_kernel::Currency;
use testkit::eventually;

use crate::story::Story;
use crate::support::{BOUND, Shop, everywhere};

everywhere!(
    sales_are_summed_by_day_and_by_product,
    a_period_that_is_none_is_refused,
    the_audit_pages_through_every_document,
    the_service_is_ready_and_measures_itself,
);

async fn sales_are_summed_by_day_and_by_product(shop: Shop) {
    let on = |day: &str| Story::of_someone().starting(&format!("{day}T12:00:00Z"));
    for story in [
        on("2026-11-01").all_well(),
        on("2026-11-02").with_mugs(3, Currency::Usd).all_well(),
        on("2026-11-02").all_well().cancelled(CancelReason::ByCustomer),
    ] {
        shop.tell(&story).await;
        shop.shows(&story).await;
    }
    let ask = async |group: &str| {
        let path = format!("/sales?from=2026-11-01&to=2026-11-30&group={group}");
        shop.get(&path, &shop.operator()).await.body
    };

    let (days, products) = (ask("day").await, ask("product").await);

    assert_eq!(
        days["rows"],
        json!([
            { "day": "2026-11-01", "orders": 1, "quantity": 2,
              "total": { "minor": 3_810, "currency": "USD" } },
            { "day": "2026-11-02", "orders": 1, "quantity": 3,
              "total": { "minor": 5_715, "currency": "USD" } },
        ])
    );
    assert_eq!(products["rows"][0]["quantity"], 5);
    assert_eq!(products["rows"][0]["total"]["minor"], 9_525);
    shop.remove().await;
}

async fn a_period_that_is_none_is_refused(shop: Shop) {
    for (query, status, code) in [
        ("from=2026-11-02&to=2026-11-01&group=day", 422, "period-not-valid"),
        ("from=2020-01-01&to=2026-11-01&group=day", 422, "period-not-valid"),
        ("from=2026-11-01&to=2026-11-01&group=week", 400, "query-not-valid"),
        ("from=today&to=2026-11-01&group=day", 400, "query-not-valid"),
        ("group=day", 400, "query-not-valid"),
    ] {
        let answer = shop.get(&format!("/sales?{query}"), &shop.operator()).await;

        assert_eq!((answer.status, &answer.body["code"]), (status, &json!(code)), "{query}");
    }
    shop.remove().await;
}

async fn the_audit_pages_through_every_document(shop: Shop) {
    let stories: Vec<_> = (0..3).map(|_| Story::of_someone().all_well()).collect();
    for story in &stories {
        shop.tell(story).await;
        shop.shows(story).await;
    }

    let mut audited = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/ops/audit?limit=2{cursor}");
        let page = shop.get(&path, &shop.operator()).await.body;
        audited.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&after={next}");
    }

    assert_eq!(audited.len(), 3);
    for (story, audited) in stories.iter().zip(&audited) {
        assert_eq!(audited["order"], json!(story.order));
        let digest = story.document().view().unwrap().digest().unwrap();
        assert_eq!(audited["view"]["digest"], json!(digest));
        assert_eq!(audited["view"]["money"]["state"], "charged");
        assert!(!audited.to_string().contains("Analytical Row"));
    }
    shop.remove().await;
}

async fn the_service_is_ready_and_measures_itself(shop: Shop) {
    let story = Story::of_someone().placed();
    shop.tell(&story).await;
    shop.shows(&story).await;

    let ready = shop.get("/health/ready", "").await;

    assert_eq!((ready.status, &ready.body["keys"]), (200, &json!(true)));
    assert_eq!(ready.body["reported"]["broker"], true);
    eventually(BOUND, || async {
        let page = shop.get("/metrics", "").await.body.to_string();
        ["order_history_projection_lag_seconds", "order_history_documents"]
            .iter()
            .all(|metric| page.contains(metric))
    })
    .await;
    shop.remove().await;
}
