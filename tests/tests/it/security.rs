//! What strangers, customers and guests can do to things that are not theirs: nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shop_tests::attempt::Attempt;
use shop_tests::books::Books;
use shop_tests::client::{Call, list, text};
use shop_tests::intent::{Ending, Intent, Pay};
use shop_tests::referee::Leniency;
use shop_tests::shopper::{PATIENCE, Shopper};

use crate::crowd::Crowd;
use crate::forged;
use crate::stage::Stage;
use crate::surface::{Access, Operation, Reply, customer_with_things, operations};
use crate::verb;

pub(crate) async fn every_operation_is_known_to_these_tests(stage: &mut Stage) {
    let unknown = operations(stage).await.into_iter().filter(|it| it.access().is_none());

    let unknown: Vec<String> = unknown.map(|it| it.to_string()).collect();
    assert_eq!(unknown, Vec::<String>::new(), "say in surface.rs who may use these");
}

pub(crate) async fn what_is_not_public_needs_a_token(stage: &mut Stage) {
    let (_, things) = customer_with_things(stage).await;

    let mut wrong = Vec::new();
    for operation in guarded(stage).await {
        let reply = operation.send(stage, None, &things).await;
        wrong.extend(unless(&operation, &reply, 401, "no token"));
    }
    assert_none(&wrong);
}

pub(crate) async fn a_forged_token_opens_nothing(stage: &mut Stage) {
    let (shopper, things) = customer_with_things(stage).await;
    let tokens = forged::tokens(stage, &shopper).await;

    let mut wrong = Vec::new();
    for operation in guarded(stage).await {
        for (how, token) in &tokens {
            let reply = operation.send(stage, Some(token), &things).await;
            wrong.extend(unless(&operation, &reply, 401, how));
        }
    }
    assert_none(&wrong);
}

pub(crate) async fn an_expired_token_opens_nothing(stage: &mut Stage) {
    let (shopper, things) = customer_with_things(stage).await;
    let (alive, expired) = forged::alive_and_expired(stage, &shopper).await;

    let mut wrong = Vec::new();
    for operation in guarded(stage).await {
        let reply = operation.send(stage, Some(&expired), &things).await;
        wrong.extend(unless(&operation, &reply, 401, "an expired token"));
    }
    assert_none(&wrong);
    // By the same hand, and alive: what was refused was its age.
    let me = Call::get("identity", "/customers/me").token(&alive);
    assert_eq!(stage.client.ask(&me).await.unwrap().status, 200);
}

pub(crate) async fn what_belongs_to_another_does_not_exist(stage: &mut Stage) {
    let (owner, things) = customer_with_things(stage).await;
    let stranger = stranger(stage).await;

    let (mut wrong, mut tried) = (Vec::new(), 0);
    for operation in operations(stage).await {
        if operation.access() != Some(Access::Owner) {
            continue;
        }
        tried += 1;
        let theirs = operation.send(stage, Some(stranger.token()), &things).await;
        wrong.extend(unless(&operation, &theirs, 404, "a stranger's token"));
        if operation.method == reqwest::Method::GET {
            let own = operation.send(stage, Some(owner.token()), &things).await;
            wrong.extend(unless(&operation, &own, 200, "the owner's token"));
        }
    }
    assert_none(&wrong);
    assert!(tried >= 10, "only {tried} operations name something of a customer");
    // Neither the cancellation nor the removal of the card was obeyed.
    assert_eq!(owner.look(things.order).await.unwrap()["status"], "confirmed");
    let cards = Call::get("payment", "/payment-methods").token(owner.token());
    let cards = stage.client.insist(&cards, PATIENCE).await.unwrap().ok().unwrap();
    assert_eq!(list(&cards, "/items").unwrap().len(), Pay::CARDS.len());
}

pub(crate) async fn lists_hold_nothing_of_others(stage: &mut Stage) {
    let (owner, things) = customer_with_things(stage).await;
    let stranger = stranger(stage).await;
    let order = things.order;

    for (service, path) in [
        ("order", "/orders".to_owned()),
        ("order", format!("/orders?customer={}", owner.id())),
        ("order", format!("/inbox?order={order}")),
        ("payment", format!("/inbox?order={order}")),
        ("catalog", format!("/inbox?order={order}")),
        ("email", format!("/inbox?order={order}")),
        ("order-history", format!("/inbox?order={order}")),
        ("order-history", "/orders".to_owned()),
        ("email", "/mails".to_owned()),
        ("email", format!("/mails?order={order}")),
    ] {
        let call = Call::get(service, &path);
        let own = stage.client.ask(&call.clone().token(owner.token())).await.unwrap();
        assert_eq!(own.status, 200, "{service} {path}: {}", own.body);
        assert!(!list(&own.body, "/items").unwrap().is_empty(), "{service} {path} has nothing");

        let theirs = stage.client.ask(&call.token(stranger.token())).await.unwrap();
        let items = theirs.body.get("items").and_then(Value::as_array);
        let holds_nothing = items.is_some_and(Vec::is_empty) || theirs.status == 404;
        assert!(holds_nothing, "{service} {path}: {} {}", theirs.status, theirs.body);
    }
}

pub(crate) async fn customers_and_guests_do_not_operate_the_shop(stage: &mut Stage) {
    let (owner, things) = customer_with_things(stage).await;
    let guest = stage.client.insist(&Call::post("identity", "/guests"), PATIENCE).await;
    let guest = text(&guest.unwrap().ok().unwrap(), "/access_token").unwrap().to_owned();
    stage.secrets.push(guest.clone());

    let mut wrong = Vec::new();
    for operation in guarded(stage).await {
        let access = operation.access().unwrap();
        let of_customer = match access {
            Access::Operator | Access::Trusted => Some(403),
            // It knows one key, and no customers.
            Access::ApiKey => Some(401),
            Access::Public | Access::Shopper | Access::Customer | Access::Owner => None,
        };
        if let Some(status) = of_customer {
            let reply = operation.send(stage, Some(owner.token()), &things).await;
            wrong.extend(unless(&operation, &reply, status, "a customer's token"));
        }
        let of_guest = match access {
            Access::Customer | Access::Owner => Some(403),
            Access::Public | Access::Shopper => None,
            Access::Operator | Access::Trusted | Access::ApiKey => of_customer,
        };
        if let Some(status) = of_guest {
            let reply = operation.send(stage, Some(&guest), &things).await;
            wrong.extend(unless(&operation, &reply, status, "a guest's token"));
        }
    }
    assert_none(&wrong);
}

pub(crate) async fn bad_bodies_are_answered_with_a_useful_problem(stage: &mut Stage) {
    let (owner, things) = customer_with_things(stage).await;
    let api_key = std::fs::read_to_string(stage.service_folder().join("provider.key.password"));
    let api_key = api_key.unwrap().trim().to_owned();
    let json = "application/json";
    let bad: [(&str, &str, Vec<u8>); 6] = [
        ("half an object", json, br#"{"a": "#.to_vec()),
        ("a list", json, b"[]".to_vec()),
        ("nothing", json, Vec::new()),
        ("bytes that are no text", json, vec![0xff; 64]),
        ("a field nobody knows", json, br#"{"is_operator": true}"#.to_vec()),
        ("far too much", json, vec![b' '; 200 << 10]),
    ];

    let (mut wrong, mut tried) = (Vec::new(), 0);
    let takes_body = operations(stage).await.into_iter().filter(|it| it.takes_body);
    for operation in takes_body {
        let token = match operation.access().unwrap() {
            Access::Operator | Access::Trusted => stage.operator.clone(),
            Access::ApiKey => api_key.clone(),
            Access::Public | Access::Shopper | Access::Customer | Access::Owner => {
                owner.token().to_owned()
            }
        };
        for (what, media, body) in &bad {
            if body.is_empty() && !operation.needs_body {
                continue;
            }
            tried += 1;
            let reply =
                operation.send_body(stage, Some(&token), &things, media, body.clone()).await;
            wrong.extend(unless_useful(&operation, &reply, what));
            if *what == "far too much" && reply.status != 413 {
                wrong.push(format!("{operation} takes {what}: {}", reply.status));
            }
        }
    }
    assert_none(&wrong);
    assert!(tried > 60, "only {tried} bad bodies");
}

pub(crate) async fn nothing_of_another_pays_for_an_order(stage: &mut Stage) {
    let (victim, _) = customer_with_things(stage).await;
    let crowd = Crowd::of(stage, 1).await;
    let thief = &crowd.shoppers[0];

    let mut with_their_card = thief.checkout(Intent::PLAIN, &crowd.shelf, 0).await.unwrap();
    with_their_card["payment_method"] = victim.method(Pay::Good).unwrap().clone();
    let placed = place(stage, thief, &with_their_card).await;
    let order = text(&placed.body, "/id").unwrap().parse().unwrap();
    let with_their_cart = victim.checkout(Intent::PLAIN, &crowd.shelf, 0).await.unwrap();
    let refused = place(stage, thief, &with_their_cart).await;

    assert_eq!((refused.status, &refused.body["code"]), (404, &json!("cart-unknown")));
    verb::audit(&stage.local.url()).await;
    let books = Books::read(&stage.client, &stage.operator).await.unwrap();
    assert_eq!(books.orders[&order].ending(), Some(Ending::Cancelled("payment-failed")));
    assert_eq!(books.payments[&order].charged, 0);
    stage.must_be_in_order(&Vec::<Attempt>::new(), Leniency::None).await;
}

async fn place(stage: &Stage, who: &Shopper, body: &Value) -> shop_tests::client::Answer {
    let key = uuid::Uuid::new_v4().to_string();
    let call = Call::post("order", "/orders").token(who.token()).key(&key).json(body);
    stage.client.insist(&call, PATIENCE).await.unwrap()
}

/// Every operation that is not public.
async fn guarded(stage: &Stage) -> Vec<Operation> {
    let operations = operations(stage).await.into_iter();
    let guarded = operations.filter(|it| !matches!(it.access(), None | Some(Access::Public)));
    let guarded: Vec<_> = guarded.collect();
    assert!(guarded.len() > 50, "only {} operations are guarded", guarded.len());
    guarded
}

async fn stranger(stage: &mut Stage) -> Shopper {
    Crowd::of(stage, 1).await.shoppers.remove(0)
}

/// What is wrong with a reply that should have this status and, from 400 on, say why.
fn unless(operation: &Operation, reply: &Reply, status: u16, with: &str) -> Option<String> {
    if reply.status != status {
        return Some(format!("{operation} with {with}: {} {}", reply.status, reply.body));
    }
    if status >= 400 { unless_useful(operation, reply, with) } else { None }
}

/// What is wrong with a problem document that should tell a client what to mend, and no more.
fn unless_useful(operation: &Operation, reply: &Reply, with: &str) -> Option<String> {
    let body = &reply.body;
    let is_problem = reply.media.starts_with("application/problem+json");
    let has_code = body["code"].as_str().is_some_and(|code| !code.is_empty());
    let has_status = body["status"] == reply.status && (400..500).contains(&reply.status);
    let says_why = body["detail"].as_str().is_some_and(|detail| detail.len() > 5);
    let text = body.to_string();
    let leaks: BTreeSet<_> = ["src/", ".rs:", "panicked", "sqlx", "SELECT ", "postgres"]
        .into_iter()
        .filter(|inner| text.contains(inner))
        .collect();
    let is_useful = is_problem && has_code && has_status && says_why && leaks.is_empty();
    (!is_useful)
        .then(|| format!("{operation} with {with}: {} {} {text}", reply.status, reply.media))
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
