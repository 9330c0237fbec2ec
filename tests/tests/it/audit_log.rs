//! Who changed what, and what money moved: one line each.

use serde_json::{Value, json};
use shop_tests::client::Call;
use shop_tests::intent::Intent;
use shop_tests::referee::Leniency;
use shop_tests::shopper::PATIENCE;
use testkit::eventually;
use uuid::Uuid;

use crate::crowd::Crowd;
use crate::stage::{SOON, Stage};

pub(crate) async fn what_operators_do_is_in_the_audit_log_once(stage: &mut Stage) {
    let crowd = Crowd::of(stage, 1).await;
    let (product, customer) = (&crowd.shelf.plenty[0], crowd.shoppers[0].id());
    let adjust = format!("/products/{product}/adjustments");
    let limit = format!("/ops/credit/{customer}");
    let nowhere = format!("/ops/due-work/{}/reopen", Uuid::new_v4());
    let (reason, key) = (format!("counted {}", Uuid::new_v4()), Uuid::new_v4().to_string());
    let counted = json!({ "delta": 1, "reason": reason });
    let generous = json!({ "limit": { "minor": 4_200, "currency": "USD" } });

    for (call, status) in [
        (Call::post("catalog", &adjust).key(&key).json(&counted), 201),
        (Call::put("payment", &limit).json(&generous), 200),
        (Call::post("email", &nowhere), 404),
    ] {
        let answer = stage.client.insist(&call.token(&stage.operator), PATIENCE).await.unwrap();
        assert_eq!(answer.status, status, "{}", answer.body);
    }

    let deeds = |service: &'static str, subject: &str| {
        let subject = subject.to_owned();
        let mut lines = audited(stage, service, move |line| line["subject"] == subject.as_str());
        // The crowd has raised the stock and the credit before.
        let last = lines.pop().unwrap();
        (lines.len(), last)
    };
    let (before, adjusted) = deeds("catalog", &adjust);
    assert!(adjusted["details"].as_str().unwrap().contains(&reason), "{adjusted}");
    assert_eq!(audited(stage, "catalog", |line| line.to_string().contains(&reason)).len(), 1);
    assert!(before >= 1, "stocking up was a deed, too");
    let (before, raised) = deeds("payment", &limit);
    assert_eq!((before, &raised["action"]), (1, &json!("PUT /ops/credit/{customer}")));
    let (before, refused) = deeds("email", &nowhere);
    assert_eq!((before, &refused["outcome"]), (0, &json!("refused")));
    for line in [adjusted, raised, refused] {
        assert!(line["by"].as_str().is_some_and(|by| by.starts_with("cus_")), "{line}");
        assert!(line["trace_id"].is_string() && line["request.id"].is_string(), "{line}");
    }
}

pub(crate) async fn money_that_moves_is_in_the_audit_log_once(stage: &mut Stage) {
    let crowd = Crowd::of(stage, 1).await;
    let shopper = &crowd.shoppers[0];
    let changes_mind = Intent { cancels: true, ..Intent::PLAIN };
    let attempt = shopper.shop(changes_mind, &crowd.shelf, 0).await.unwrap();
    let order = attempt.order().unwrap().to_string();
    let second = shopper.shop(Intent::PLAIN, &crowd.shelf, 1).await.unwrap();
    let plain = second.order().unwrap().to_string();

    let of = |order: &str| {
        let order = order.to_owned();
        audited(stage, "payment", move |line| line["order.id"] == order.as_str())
    };
    eventually(SOON, || async { !of(&plain).is_empty() }).await;
    stage.must_be_in_order(&[attempt, second], Leniency::None).await;

    let charged = of(&plain);
    let [line] = charged.as_slice() else { panic!("one charge, one line: {charged:#?}") };
    assert_eq!((&line["action"], &line["outcome"]), (&json!("charge"), &json!("charged")));
    assert!(line["subject"].as_str().unwrap().starts_with("pay_"), "{line}");
    assert!(line["trace_id"].is_string() && line["amount"].is_string(), "{line}");
    // A log is searched by either: the order leads to its trace, and the trace to everybody.
    let mut placing = lines(stage, "order");
    placing.extend(lines(stage, "order-2"));
    placing.retain(|it| it["order.id"] == plain.as_str() && it["http.route"] == "/orders");
    assert!(placing.iter().any(|it| it["trace_id"] == line["trace_id"]), "{placing:#?}");
    // Whether anything was charged before the customer changed their mind, the two may race for.
    let told = of(&order);
    let count = |action: &str| told.iter().filter(|line| line["action"] == action).count();
    let charges = told.iter().filter(|line| line["outcome"] == "charged").count();
    assert_eq!(count("refund"), charges, "what was charged went back: {told:#?}");
}

/// The lines of the audit log of a service that are like that.
fn audited(stage: &Stage, service: &str, is_meant: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut lines = lines(stage, service);
    lines.retain(|line| line["target"] == "audit" && is_meant(line));
    lines
}

/// Everything a process has logged.
fn lines(stage: &Stage, process: &str) -> Vec<Value> {
    let log = stage.service_folder().join(format!("{process}.log"));
    let text = std::fs::read_to_string(log).unwrap();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}
