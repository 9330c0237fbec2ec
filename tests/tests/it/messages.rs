//! Messages as they should not be: again and again, out of order, unreadable, buried.

use std::collections::BTreeMap;
use std::time::Duration;

use chassis_messaging::{AmqpBroker, AmqpOptions, Broker as _};
use reqwest::Method;
use serde_json::{Value, json};
use shop_contracts::RawEnvelope;
use shop_contracts::routing::{QUEUES, queues_for};
use shop_kernel::OrderId;
use shop_tests::books::{BUSY, Books, PRODUCERS, deliveries, feed};
use shop_tests::client::{Call, list, text};
use shop_tests::intent::Intent;
use shop_tests::referee::Leniency;
use shop_tests::shopper::{PATIENCE, Shopper};
use testkit::eventually;
use uuid::Uuid;

use crate::crowd::{Crowd, PER_SECOND, progress};
use crate::raw_queue::RawQueue;
use crate::stage::{SOON, Stage};
use crate::verb;

const TIMES: usize = 3;
/// Thousands of messages through debug builds.
const DIGESTED_WITHIN: Duration = Duration::from_secs(120);

/// All there is to know of a shop at rest.
#[derive(Debug, PartialEq)]
struct Rest {
    audit: Value,
    feeds: BTreeMap<&'static str, Vec<Uuid>>,
    deliveries: BTreeMap<String, usize>,
    stock: Vec<Value>,
}

pub(crate) async fn every_message_told_three_times_more_changes_nothing(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let load = crowd.order(PER_SECOND);
    progress(&load, 60, SOON).await;
    let attempts = load.stop().await.unwrap();
    stage.must_be_in_order(&attempts, Leniency::None).await;
    let before = Rest::of(stage).await;
    let handled = handled(stage).await;

    let told = tell_everything_again(stage).await;
    let expected = told.into_iter().fold(handled, |mut sum, (queue, count)| {
        *sum.entry((queue, "done".into())).or_default() += count;
        sum
    });
    // Exactly as many, and none rejected.
    eventually(DIGESTED_WITHIN, || async { self::handled(stage).await == expected }).await;

    stage.must_be_in_order(&attempts, Leniency::None).await;
    assert_eq!(Rest::of(stage).await, before);
}

pub(crate) async fn unreadable_messages_end_as_dead_letters_and_hold_up_nobody(stage: &mut Stage) {
    let crowd = Crowd::of(stage, 1).await;
    let raw = RawQueue::reach(&stage.local.servers().amqp_url()).await;
    let load = crowd.order(4);
    progress(&load, 2, SOON).await;

    let poison = Poison::brew(stage).await;
    poison.pour(&raw).await;
    let expected = Poison::dead_letters();
    let letters = eventually(SOON, || async {
        let letters = dead_letters(stage).await;
        (letters.len() >= expected.values().sum::<usize>()).then_some(letters)
    })
    .await;
    progress(&load, 2, SOON).await;

    let mut by_queue = BTreeMap::new();
    for letter in &letters {
        *by_queue.entry(text(letter, "/queue").unwrap()).or_default() += 1;
        assert!(text(letter, "/reason").unwrap().len() > 10, "no reason: {letter}");
    }
    assert_eq!(by_queue, expected);
    // Good messages went their way, before and after.
    let attempts = load.stop().await.unwrap();
    let audit = verb::audit(&stage.local.url()).await;
    assert_eq!(audit["invariants"][6]["noted"].as_array().unwrap().len(), letters.len());
    let books = Books::read(&stage.client, &stage.operator).await.unwrap();
    assert_eq!(shop_tests::referee::judge(&attempts, &books, Leniency::None), Vec::<String>::new());
}

pub(crate) async fn poison_that_is_replayed_dies_again_and_can_be_thrown_away(stage: &mut Stage) {
    let before = dead_letters(stage).await.len();
    assert!(before > 0, "the step before leaves poison");
    let rejected = rejected(stage).await;

    let replay = verb::run(&["replay", "--url", &stage.local.url()]).await;

    assert_eq!(replay.code, Some(0), "{}", replay.said());
    assert!(replay.out.contains(&format!("{before} of {before}")), "{}", replay.said());
    eventually(SOON, || async { self::rejected(stage).await == rejected + before as u64 }).await;
    eventually(SOON, || async { dead_letters(stage).await.len() == before }).await;
    for letter in dead_letters(stage).await {
        let (queue, id) = (text(&letter, "/queue").unwrap(), text(&letter, "/message_id").unwrap());
        let path = format!("/ops/dead-letters/{queue}/{id}?note=poison%20of%20a%20test");
        let service = queue.split('.').next().unwrap();
        let call = Call::new(Method::DELETE, service, path).token(&stage.operator);
        stage.client.insist(&call, PATIENCE).await.unwrap().ok().unwrap();
    }
    stage.nobody_has_to_do_anything().await;
}

pub(crate) async fn a_dead_letter_that_is_replayed_finishes_its_order(stage: &mut Stage) {
    let crowd = Crowd::of(stage, 1).await;
    let shopper = &crowd.shoppers[0];
    let raw = RawQueue::reach(&stage.local.servers().amqp_url()).await;
    stage.local.services().hold("payment").unwrap();
    let order = shopper.order(Intent::PLAIN, &crowd.shelf).await.unwrap();
    let name = order.to_string();
    eventually(SOON, || raw.bury("payment.orders", &name)).await;
    stage.local.services().release("payment").unwrap();
    stage.local.services().wait_ready(&["payment"], SOON).unwrap();
    eventually(SOON, || async { dead_letters(stage).await.len() == 1 }).await;
    assert_eq!(status(shopper, order).await, "provisional");

    let replay =
        verb::run(&["replay", "--url", &stage.local.url(), "--queue", "payment.orders"]).await;

    assert_eq!(replay.code, Some(0), "{}", replay.said());
    eventually(SOON, || async { status(shopper, order).await == "confirmed" }).await;
    stage.must_be_in_order(&[], Leniency::None).await;
}

async fn status(shopper: &Shopper, order: OrderId) -> String {
    text(&shopper.look(order).await.unwrap(), "/status").unwrap().to_owned()
}

/// Publishes everything that was ever published, last things first, and counts per queue.
async fn tell_everything_again(stage: &mut Stage) -> BTreeMap<String, u64> {
    let options = AmqpOptions::new("", "whole-shop tests");
    let broker = AmqpBroker::connect(&stage.local.servers().amqp_url(), options);
    eventually(SOON, || async { broker.is_connected() }).await;
    let mut told = BTreeMap::new();
    for service in PRODUCERS {
        let mut messages = feed(&stage.client, &stage.operator, service).await.unwrap();
        messages.reverse();
        let again: Vec<RawEnvelope> = std::iter::repeat_n(messages, TIMES).flatten().collect();
        for batch in again.chunks(100) {
            for published in broker.publish(batch).await {
                published.unwrap();
            }
        }
        for queue in again.iter().flat_map(|message| queues_for(&message.kind)) {
            *told.entry(queue.name.to_owned()).or_default() += 1;
        }
    }
    assert_eq!(told.len(), QUEUES.len(), "a queue was told nothing: {told:?}");
    told
}

impl Rest {
    async fn of(stage: &Stage) -> Self {
        let (client, operator) = (&stage.client, &stage.operator);
        let mut feeds = BTreeMap::new();
        for service in PRODUCERS {
            let messages = feed(client, operator, service).await.unwrap();
            feeds.insert(service, messages.into_iter().map(|message| message.id).collect());
        }
        let stock = Call::get("catalog", "/ops/audit?limit=500").token(operator);
        let stock = client.insist(&stock, PATIENCE).await.unwrap().ok().unwrap();
        Self {
            audit: verb::audit(&stage.local.url()).await,
            feeds,
            deliveries: deliveries(client).await.unwrap(),
            stock: list(&stock, "/items").unwrap().to_vec(),
        }
    }
}

/// How many messages each queue's consumers answered for good, by answer, over all replicas.
async fn handled(stage: &Stage) -> BTreeMap<(String, String), u64> {
    let mut sums = BTreeMap::new();
    for service in BUSY {
        for base in stage.client.replicas(service) {
            let page = reqwest::get(format!("{base}/metrics")).await.unwrap().text().await.unwrap();
            let lines = page.lines().filter(|line| line.starts_with("messages_handled_total{"));
            for line in lines {
                let (labels, count) = line.rsplit_once(' ').unwrap();
                let label = |name: &str| {
                    let (_, rest) = labels.split_once(&format!("{name}=\"")).unwrap();
                    rest.split('"').next().unwrap().to_owned()
                };
                let (queue, outcome) = (label("queue"), label("outcome"));
                // Not for good: a busy store pauses a consumer, and the message is answered later.
                if ["done", "rejected"].contains(&outcome.as_str()) {
                    *sums.entry((queue, outcome)).or_default() += count.parse::<u64>().unwrap();
                }
            }
        }
    }
    sums
}

async fn rejected(stage: &Stage) -> u64 {
    let handled = handled(stage).await;
    handled.iter().filter(|((_, outcome), _)| outcome == "rejected").map(|(_, count)| count).sum()
}

async fn dead_letters(stage: &Stage) -> Vec<Value> {
    let mut letters = Vec::new();
    for service in BUSY {
        let call = Call::get(service, "/ops/dead-letters").token(&stage.operator);
        let page = stage.client.insist(&call, PATIENCE).await.unwrap().ok().unwrap();
        letters.extend_from_slice(list(&page, "/items").unwrap());
    }
    letters
}

/// Messages that are wrong, each in its own way.
struct Poison {
    unknown_kind: Vec<u8>,
    half_a_payment: Vec<u8>,
}

impl Poison {
    async fn brew(stage: &Stage) -> Self {
        let messages = feed(&stage.client, &stage.operator, "payment").await.unwrap();
        let paid = messages.into_iter().find(|it| it.kind == "payment.processed.v1").unwrap();
        let mut unknown = paid.clone();
        unknown.id = Uuid::new_v4();
        unknown.kind = "payment.exploded.v9".into();
        let mut half = paid;
        half.id = Uuid::new_v4();
        half.data = json!({ "order": half.data["order"] });
        let bytes = |message: &RawEnvelope| serde_json::to_vec(message).unwrap();
        Self { unknown_kind: bytes(&unknown), half_a_payment: bytes(&half) }
    }

    async fn pour(&self, raw: &RawQueue) {
        raw.publish("order.placed.v1", b"this is not JSON").await;
        raw.publish("payment.processed.v1", &self.half_a_payment).await;
        for queue in QUEUES {
            raw.put(queue.name, &self.unknown_kind).await;
        }
        raw.put("catalog.orders", &vec![b'x'; 1 << 20]).await;
        raw.put("email.notices", b"").await;
        raw.put("order.replies", br#"{"id": "0190", "data": {"deep": [[[[[[[[]]]]]]]]}}"#).await;
    }

    fn dead_letters() -> BTreeMap<&'static str, usize> {
        BTreeMap::from([
            ("payment.orders", 2),
            ("catalog.orders", 3),
            ("order.replies", 3),
            ("order.prices", 1),
            ("email.notices", 4),
            ("order-history.facts", 3),
        ])
    }
}
