use chassis::auth::{Role, Subject};
use serde_json::Value;
use shop_contracts::order::CancelReason;
use shop_kernel::{CustomerId, GuestId, OrderId};

use crate::facts::ada;
use crate::support::{Place, Shop};

#[tokio::test]
async fn a_customer_reads_their_mails_and_nobody_elses() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let (mine, foreign) = (ada(), ada());
        shop.hear(&[mine.placed(), mine.processed(), foreign.placed(), foreign.processed()]).await;
        shop.until_states(mine.order, &[("receipt", "sent")]).await;
        shop.until_states(foreign.order, &[("receipt", "sent")]).await;
        let me = shop.customer(mine.customer);

        let (status, all) = shop.get("/mails", &me).await;
        let (_, of_order) = shop.get(&format!("/mails?order={}", mine.order), &me).await;
        let id = all["items"][0]["id"].as_str().unwrap();
        let (_, mail) = shop.get(&format!("/mails/{id}"), &me).await;

        assert_eq!((status, all["items"].as_array().unwrap().len()), (200, 1));
        assert_eq!(of_order, all);
        assert_eq!(mail["order"], mine.order.to_string());
        assert_eq!(mail["to"], "ada@example.org");
        assert!(mail["text"].as_str().unwrap().contains("We charged $38.10"));
        assert!(mail["html"].as_str().unwrap().starts_with("<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn a_foreign_order_or_mail_answers_as_one_that_does_not_exist() {
    let shop = Shop::open(Place::embedded().await).await;
    let order = ada();
    shop.hear(&[order.placed(), order.processed()]).await;
    shop.until_states(order.order, &[("receipt", "sent")]).await;
    let (_, mine) = shop.get("/mails", &shop.customer(order.customer)).await;
    let id = mine["items"][0]["id"].as_str().unwrap();
    let eve = shop.customer(CustomerId::generate());

    for (foreign, unknown) in [
        (format!("/mails?order={}", order.order), format!("/mails?order={}", OrderId::generate())),
        (format!("/mails/{id}"), "/mails/00000000-0000-7000-8000-000000000000".to_owned()),
    ] {
        let (foreign, unknown) = (shop.get(&foreign, &eve).await, shop.get(&unknown, &eve).await);
        assert_eq!(
            (foreign.0, without_request_id(foreign.1)),
            (404, without_request_id(unknown.1))
        );
    }
    let (_, none) = shop.get("/mails", &eve).await;
    assert_eq!(none["items"].as_array().unwrap().len(), 0);
    let (_, inbox) = shop.get(&format!("/inbox?order={}", order.order), &eve).await;
    assert_eq!(inbox["items"].as_array().unwrap().len(), 0);
}

fn without_request_id(mut body: Value) -> Value {
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[tokio::test]
async fn an_order_nobody_was_written_about_yet_has_no_mails() {
    let shop = Shop::open(Place::embedded().await).await;
    let order = ada();
    shop.hear(&[order.placed()]).await;
    let me = shop.customer(order.customer);
    let path = format!("/mails?order={}", order.order);

    let page = testkit::eventually(crate::support::BOUND, || async {
        let (status, page) = shop.get(&path, &me).await;
        (status == 200).then_some(page)
    })
    .await;

    assert_eq!(page["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let orders: Vec<_> = (0..5).map(|_| ada()).collect();
        for order in &orders {
            shop.hear(&[order.placed(), order.processed()]).await;
            shop.until_states(order.order, &[("receipt", "sent")]).await;
        }

        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let (_, page) = shop.get(&format!("/mails?limit=2{after}"), &shop.operator()).await;
            let items = page["items"].as_array().unwrap().clone();
            seen.extend(items.iter().map(|mail| mail["order"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }

        let newest_first: Vec<_> = orders.iter().rev().map(|o| o.order.to_string()).collect();
        assert_eq!(seen, newest_first);
    }
}

#[tokio::test]
async fn the_audit_lists_every_mail_with_its_state() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let (sent, waiting) = (ada(), ada());
        shop.hear(&[sent.placed(), sent.processed(), waiting.cancelled(CancelReason::TimedOut)])
            .await;
        shop.until_states(sent.order, &[("receipt", "sent")]).await;
        shop.until_states(waiting.order, &[("cancellation", "pending")]).await;

        let (status, audit) = shop.get("/ops/audit", &shop.operator()).await;
        let (_, page) = shop.get("/ops/audit?limit=1", &shop.operator()).await;

        assert_eq!(status, 200);
        assert_eq!(audit["counts"], serde_json::json!({ "pending": 1, "sent": 1 }));
        let mut mails: Vec<_> = audit["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|mail| {
                [&mail["order"], &mail["kind"], &mail["state"]]
                    .map(|v| v.as_str().unwrap().to_owned())
            })
            .collect();
        mails.sort();
        let mut expected = [
            [sent.order.to_string(), "receipt".to_owned(), "sent".to_owned()],
            [waiting.order.to_string(), "cancellation".to_owned(), "pending".to_owned()],
        ];
        expected.sort();
        assert_eq!(mails, expected);
        assert!(audit.get("next").is_none() && page["next"].is_string());
    }
}

#[tokio::test]
async fn only_those_who_may_read_do() {
    let shop = Shop::open(Place::embedded().await).await;
    let customer = shop.customer(CustomerId::generate());
    let guest = shop.token(Subject::Guest(GuestId::generate()), &[Role::Guest]);
    let service = shop.token(Subject::Service("order".to_owned()), &[Role::Service]);

    for (path, token, status) in [
        ("/mails", "", 401),
        ("/mails", "forged", 401),
        ("/mails", guest.as_str(), 403),
        ("/mails", service.as_str(), 200),
        ("/ops/audit", "", 401),
        ("/ops/audit", customer.as_str(), 403),
        ("/ops/audit", service.as_str(), 403),
        ("/mails?order=ord_1", customer.as_str(), 400),
        ("/mails?limit=0", customer.as_str(), 422),
        ("/mails?limit=201", customer.as_str(), 422),
        ("/mails?limit=-1", customer.as_str(), 400),
        ("/mails/not-an-id", customer.as_str(), 404),
    ] {
        let (answered, body) = shop.get(path, token).await;
        assert_eq!(answered, status, "{path}: {body}");
        assert!(status == 200 || body["code"].is_string(), "{path}: {body}");
    }
}

#[tokio::test]
async fn the_inbox_tells_what_was_taken_in_for_an_order() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();
        shop.hear(&[order.placed(), order.processed()]).await;
        shop.until_states(order.order, &[("receipt", "sent")]).await;

        let path = format!("/inbox?order={}", order.order);
        let (_, inbox) = shop.get(&path, &shop.customer(order.customer)).await;

        let mut kinds: Vec<_> =
            inbox["items"].as_array().unwrap().iter().map(|row| row["kind"].clone()).collect();
        kinds.sort_by_key(ToString::to_string);
        assert_eq!(kinds, ["order.placed.v1", "payment.processed.v1"]);
    }
}
