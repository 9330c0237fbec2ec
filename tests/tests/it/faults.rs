//! Kills and outages while orders come in.

use std::time::{Duration, Instant};

use serde_json::Value;
use shop_tests::books::deliveries;
use shop_tests::client::{Call, list};
use shop_tests::referee::Leniency;
use testkit::eventually;
use xtask::servers::Server;

use crate::crowd::{Crowd, PER_SECOND, progress};
use crate::stage::{SOON, Stage};
use crate::steps::play;

/// The promise of the design.
const WITHOUT_THE_BROKER: Duration = Duration::from_secs(60);
/// All of it is still to be done when the broker comes back.
const SLOW_ENOUGH_TO_CATCH_UP: u32 = 6;

/// Tries that failed, in an outage that everyone has noticed.
const FELT_BY_ALL: usize = 60;

#[test]
fn the_shop_outlives_every_kill_and_every_outage() {
    play!("faults", |plan| {
        // Longer than any outage here: none may be excused as a time-out.
        plan.settings.push(("order".into(), "SHOP_SAGA__TIMEOUT_S".into(), "900".into()));
    };
        each_service_is_killed_in_the_middle_of_sagas_and_nothing_is_lost,
        all_services_are_killed_at_once_and_nothing_is_lost,
        rabbitmq_is_killed_under_load_and_nothing_is_lost,
        postgres_is_killed_under_load_and_nothing_is_lost,
        mongodb_is_killed_under_load_and_nothing_is_lost,
        orders_are_accepted_for_a_minute_without_the_broker,
        crate::logs::nothing_secret_was_logged,
    );
}

async fn each_service_is_killed_in_the_middle_of_sagas_and_nothing_is_lost(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let load = crowd.order(PER_SECOND);

    let mut open_at_kills = Vec::new();
    // Twice, so that a process is also killed that was killed before.
    for process in [stage.processes(), stage.processes()].concat() {
        progress(&load, 3, SOON).await;
        open_at_kills.push(some_sagas_are_open(stage).await);
        stage.local.services().kill9(&process).unwrap();
        stage.local.services().wait_ready(&[&process], SOON).unwrap();
    }
    progress(&load, 10, SOON).await;

    eprintln!("   open orders at the {} kills: {open_at_kills:?}", open_at_kills.len());
    let attempts = load.stop().await.unwrap();
    stage.must_be_in_order(&attempts, Leniency::None).await;
    mails_went_out_twice_at_most(stage, 2 * open_at_kills.len()).await;
}

async fn all_services_are_killed_at_once_and_nothing_is_lost(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let load = crowd.order(PER_SECOND);
    progress(&load, 20, SOON).await;

    for process in stage.processes() {
        stage.local.services().kill9(&process).unwrap();
    }
    stage.local.wait_ready().unwrap();
    progress(&load, 20, SOON).await;

    let attempts = load.stop().await.unwrap();
    stage.must_be_in_order(&attempts, Leniency::None).await;
}

async fn rabbitmq_is_killed_under_load_and_nothing_is_lost(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let load = crowd.order(PER_SECOND);
    progress(&load, 20, SOON).await;

    let Server::Private(rabbitmq) = &mut stage.local.servers().rabbitmq else {
        panic!("the servers of this test are its own")
    };
    rabbitmq.kill9().unwrap();
    // Nobody needs it to accept an order.
    progress(&load, 20, SOON).await;
    rabbitmq.restart().unwrap();
    progress(&load, 20, SOON).await;

    let attempts = load.stop().await.unwrap();
    let slow = attempts.iter().filter(|attempt| !attempt.was_accepted_at_once()).count();
    assert_eq!(slow, 0, "of {} orders", attempts.len());
    stage.must_be_in_order(&attempts, Leniency::None).await;
}

async fn postgres_is_killed_under_load_and_nothing_is_lost(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let load = crowd.order(PER_SECOND);
    progress(&load, 20, SOON).await;

    let client = stage.client.clone();
    let Server::Private(postgres) = &mut stage.local.servers().postgres else {
        panic!("the servers of this test are its own")
    };
    postgres.kill9().unwrap();
    // Long enough for everyone to stand before a closed door, and every pool to be emptied.
    let felt = client.failures() + FELT_BY_ALL;
    eventually(SOON, || std::future::ready(client.failures() >= felt)).await;
    postgres.restart().unwrap();
    let began = Instant::now();
    progress(&load, 1, SOON).await;
    eprintln!("   the first order after the restart took {:.1?}", began.elapsed());
    progress(&load, 20, SOON).await;

    let attempts = load.stop().await.unwrap();
    stage.must_be_in_order(&attempts, Leniency::None).await;
}

async fn mongodb_is_killed_under_load_and_nothing_is_lost(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let load = crowd.order(PER_SECOND);
    progress(&load, 20, SOON).await;

    let Server::Private(mongodb) = &mut stage.local.servers().mongodb else {
        panic!("the servers of this test are its own")
    };
    mongodb.kill9().unwrap();
    progress(&load, 30, SOON).await;
    mongodb.restart().unwrap();
    progress(&load, 20, SOON).await;

    let attempts = load.stop().await.unwrap();
    let slow = attempts.iter().filter(|attempt| !attempt.was_accepted_at_once()).count();
    assert_eq!(slow, 0, "of {} orders", attempts.len());
    stage.must_be_in_order(&attempts, Leniency::None).await;
}

async fn orders_are_accepted_for_a_minute_without_the_broker(stage: &mut Stage) {
    let crowd = Crowd::gather(stage).await;
    let Server::Private(rabbitmq) = &mut stage.local.servers().rabbitmq else {
        panic!("the servers of this test are its own")
    };
    rabbitmq.kill9().unwrap();

    let began = Instant::now();
    let load = crowd.order(SLOW_ENOUGH_TO_CATCH_UP);
    while began.elapsed() < WITHOUT_THE_BROKER {
        // No stretch of the minute in which nothing is accepted.
        progress(&load, 1, Duration::from_secs(5)).await;
    }
    let attempts = load.stop().await.unwrap();
    stage.every_process_is_ready().await;
    let Server::Private(rabbitmq) = &mut stage.local.servers().rabbitmq else { unreachable!() };
    rabbitmq.restart().unwrap();

    let slow = attempts.iter().filter(|attempt| !attempt.was_accepted_at_once()).count();
    assert_eq!(slow, 0, "of {} orders were not answered 202 at once", attempts.len());
    assert!(attempts.len() > 200, "that was no load: {} orders", attempts.len());
    stage.must_be_in_order(&attempts, Leniency::None).await;
}

impl Stage {
    /// Demands it of every process at this very moment.
    async fn every_process_is_ready(&self) {
        for service in self.client.services() {
            // As many asks as there are replicas reach each of them once.
            for _ in self.client.replicas(&service) {
                let call = Call::get(&service, "/health/ready");
                let answer = self.client.ask(&call).await.unwrap();
                assert_eq!(answer.status, 200, "{service}: {}", answer.body);
            }
        }
    }
}

/// Waits until there are provisional orders, and counts them.
async fn some_sagas_are_open(stage: &Stage) -> usize {
    eventually(SOON, || async {
        let call = Call::get("order", "/orders?status=provisional&limit=100");
        let page = stage.client.ask(&call.token(&stage.operator)).await.ok()?;
        let open = list(&page.body, "/items").map(<[Value]>::len).ok()?;
        (open > 0).then_some(open)
    })
    .await
}

/// A mail goes out again only when a kill fell between the mail server's answer and the commit.
async fn mails_went_out_twice_at_most(stage: &Stage, kills: usize) {
    let times = deliveries(&stage.client).await.unwrap();
    let again = times.values().filter(|times| **times > 1).count();
    eprintln!("   {} mails went out, {again} of them twice", times.len());
    assert!(again <= kills, "{again} mails went out again");
    assert!(times.values().all(|times| *times <= 3), "{times:?}");
}
