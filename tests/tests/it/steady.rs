//! A shop nobody kills: what is promised to customers, operators and strangers.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use shop_kernel::OrderId;
use shop_tests::books::{PRODUCERS, deliveries, feed};
use shop_tests::client::{Call, list, text};
use shop_tests::intent::{Ending, Intent, Pay};
use shop_tests::referee::Leniency;
use shop_tests::shopper::{PATIENCE, Shopper};
use testkit::eventually;
use uuid::Uuid;

use crate::crowd::Crowd;
use crate::stage::{SOON, Stage};
use crate::steps::play;
use crate::verb;

#[test]
fn a_running_shop_keeps_its_promises() {
    play!("steady", crate::traces::are_collected;
        the_tour_ends_green_and_so_does_the_audit,
        one_key_at_both_replicas_at_once_places_one_order,
        an_order_is_one_trace_through_all_services,
        crate::traces::a_checkout_is_one_trace_from_the_browser_to_the_mail,
        crate::figures::every_metric_of_the_table_is_exported_and_no_other,
        crate::figures::the_figures_of_orders_add_up,
        crate::audit_log::what_operators_do_is_in_the_audit_log_once,
        crate::audit_log::money_that_moves_is_in_the_audit_log_once,
        crate::isolation::no_service_opens_the_store_of_another,
        crate::isolation::no_process_knows_the_password_of_anothers_store,
        crate::security::every_operation_is_known_to_these_tests,
        crate::security::what_is_not_public_needs_a_token,
        crate::security::a_forged_token_opens_nothing,
        crate::security::an_expired_token_opens_nothing,
        crate::security::what_belongs_to_another_does_not_exist,
        crate::security::lists_hold_nothing_of_others,
        crate::security::customers_and_guests_do_not_operate_the_shop,
        crate::security::bad_bodies_are_answered_with_a_useful_problem,
        crate::security::nothing_of_another_pays_for_an_order,
        crate::messages::every_message_told_three_times_more_changes_nothing,
        crate::messages::unreadable_messages_end_as_dead_letters_and_hold_up_nobody,
        crate::messages::poison_that_is_replayed_dies_again_and_can_be_thrown_away,
        crate::messages::a_dead_letter_that_is_replayed_finishes_its_order,
        orders_run_out_of_time_while_payment_is_down_and_nobody_pays,
        a_rebuilt_read_model_shows_what_the_old_one_did,
        no_mail_went_out_twice,
        crate::logs::nothing_secret_was_logged,
        crate::traces::nothing_secret_is_in_a_span,
    );
}

async fn the_tour_ends_green_and_so_does_the_audit(stage: &mut Stage) {
    verb::tour(&stage.local.url()).await;

    verb::audit(&stage.local.url()).await;
}

async fn one_key_at_both_replicas_at_once_places_one_order(stage: &mut Stage) {
    const ORDERS: usize = 10;
    let crowd = Crowd::of(stage, 1).await;
    let shopper = &crowd.shoppers[0];

    let mut placed = BTreeSet::new();
    for n in 0..ORDERS {
        let body = shopper.checkout(Intent::PLAIN, &crowd.shelf, n).await.unwrap();
        let key = Uuid::new_v4().to_string();
        let call = Call::post("order", "/orders").token(shopper.token()).key(&key).json(&body);
        let ask = || stage.client.insist(&call, PATIENCE);
        let answers = [ask(), ask(), ask(), ask(), ask(), ask()];
        let answers: Vec<_> = join_all(answers).await.into_iter().map(Result::unwrap).collect();

        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (202, &answers[0].body), "of key {n}");
        }
        placed.insert(text(&answers[0].body, "/id").unwrap().to_owned());
        let mut other = body.clone();
        other["locale"] = "ko".into();
        let call = Call::post("order", "/orders").token(shopper.token()).key(&key).json(&other);
        let reused = stage.client.insist(&call, PATIENCE).await.unwrap();
        assert_eq!((reused.status, &reused.body["code"]), (422, &"idempotency-key-reused".into()));
    }

    let mine = Call::get("order", "/orders?limit=100").token(shopper.token());
    let mine = stage.client.insist(&mine, PATIENCE).await.unwrap().ok().unwrap();
    let mine = list(&mine, "/items").unwrap().iter().map(|it| text(it, "/id").unwrap().to_owned());
    assert_eq!(mine.collect::<BTreeSet<_>>(), placed);
    assert_eq!(placed.len(), ORDERS);
}

async fn an_order_is_one_trace_through_all_services(stage: &mut Stage) {
    verb::audit(&stage.local.url()).await;

    let mut traces: BTreeMap<OrderId, BTreeMap<String, String>> = BTreeMap::new();
    for service in PRODUCERS {
        for message in feed(&stage.client, &stage.operator, service).await.unwrap() {
            let Some(order) = message.correlation_id else { continue };
            let parent = message.traceparent.unwrap_or_default();
            let trace = parent.split('-').nth(1).unwrap_or("none").to_owned();
            traces.entry(order).or_default().insert(message.kind, trace);
        }
    }

    let confirmed = traces.values().filter(|facts| {
        facts.contains_key("order.confirmed.v1") && !facts.contains_key("order.cancelled.v1")
    });
    let (mut orders, mut broken) = (0, Vec::new());
    for facts in confirmed {
        orders += 1;
        assert_eq!(facts.len(), 4, "placed, processed, reserved, confirmed: {facts:?}");
        let one = facts.values().collect::<BTreeSet<_>>().len() == 1;
        if !one || facts.values().any(|trace| trace == "none") {
            broken.push(facts);
        }
    }
    assert!(
        broken.is_empty(),
        "{} of {orders} orders are more than one trace: {broken:#?}",
        broken.len()
    );
    assert!(orders >= 10, "only {orders} orders");
}

async fn orders_run_out_of_time_while_payment_is_down_and_nobody_pays(stage: &mut Stage) {
    let crowd = Crowd::of(stage, 3).await;
    stage.local.services().hold("payment").unwrap();
    let mut attempts = Vec::new();
    for (n, shopper) in crowd.shoppers.iter().enumerate() {
        let pay = [Pay::Good, Pay::Declined, Pay::Credit][n];
        let intent = Intent { pay, ..Intent::PLAIN };
        attempts.push(shopper.shop(intent, &crowd.shelf, n).await.unwrap());
    }

    for (shopper, attempt) in crowd.shoppers.iter().zip(&attempts) {
        eventually(SOON, || has_ended(shopper, attempt.order().unwrap())).await;
    }
    stage.local.services().release("payment").unwrap();
    stage.local.services().wait_ready(&["payment"], SOON).unwrap();

    let books = stage.must_be_in_order(&attempts, Leniency::TimedOut).await;
    for order in attempts.iter().map(|attempt| attempt.order().unwrap()) {
        assert_eq!(books.orders[&order].ending(), Some(Ending::Cancelled("timed-out")));
        assert!(books.payments.get(&order).is_none_or(|payment| payment.charged == 0));
    }
}

async fn has_ended(shopper: &Shopper, order: OrderId) -> bool {
    shopper.look(order).await.unwrap()["status"] != "provisional"
}

async fn a_rebuilt_read_model_shows_what_the_old_one_did(stage: &mut Stage) {
    let before = verb::audit(&stage.local.url()).await;

    let rebuild = verb::run(&["rebuild", "--url", &stage.local.url()]).await;

    assert_eq!(rebuild.code, Some(0), "{}", rebuild.said());
    assert_eq!(verb::audit(&stage.local.url()).await, before);
}

async fn no_mail_went_out_twice(stage: &mut Stage) {
    let times = deliveries(&stage.client).await.unwrap();

    assert!(times.len() > 100, "that was no shop: {} mails", times.len());
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
