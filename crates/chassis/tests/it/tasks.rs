//! Tasks end together, in order, and whoever ends first is named.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chassis::{Phase, TaskSet};

use crate::support::{BOUND, Example};

#[tokio::test]
async fn phases_stop_one_after_the_other() {
    let ended = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = TaskSet::new("example");
    for (phase, name) in [(Phase::Relay, "relay"), (Phase::Http, "http"), (Phase::Work, "work")] {
        let ended = Arc::clone(&ended);
        tasks.spawn(phase, name, |stop| async move {
            stop.cancelled().await;
            tokio::task::yield_now().await;
            ended.lock().unwrap().push(name);
            Ok(())
        });
    }
    let closed = Arc::clone(&ended);
    tasks.at_the_end(async move { closed.lock().unwrap().push("pool") });

    tasks.stop().await;

    assert_eq!(*ended.lock().unwrap(), ["http", "work", "relay", "pool"]);
}

#[tokio::test]
async fn a_task_that_fails_ends_the_service_and_is_named() {
    let mut tasks = TaskSet::new("example");
    tasks.spawn(Phase::Http, "steady", |stop| async move {
        stop.cancelled().await;
        Ok(())
    });
    tasks.spawn(Phase::Work, "weak", |_| async { anyhow::bail!("no more coal") });

    let error = tasks.until_shutdown().await.unwrap_err();

    assert_eq!(format!("{error:#}"), "the task weak failed: no more coal");
}

#[tokio::test]
async fn a_task_that_panics_or_just_ends_is_named_too() {
    let mut quiet = TaskSet::new("example");
    quiet.spawn(Phase::Work, "quiet", |_| async { Ok(()) });
    let mut loud = TaskSet::new("example");
    loud.spawn(Phase::Work, "loud", |_| boom());

    let quiet = quiet.until_shutdown().await.unwrap_err();
    let loud = loud.until_shutdown().await.unwrap_err();

    assert_eq!(quiet.to_string(), "the task quiet ended by itself");
    assert_eq!(loud.to_string(), "the task loud died");
}

#[tokio::test]
async fn a_task_that_does_not_stop_is_ended_at_its_bound() {
    let mut tasks = TaskSet::new("example");
    tasks.spawn(Phase::Relay, "stubborn", |_| std::future::pending::<()>());
    let handle = tasks.shutdown_handle();

    handle.shut_down();
    let outcome = tokio::time::timeout(Duration::from_secs(20), tasks.until_shutdown()).await;

    assert!(matches!(outcome, Ok(Ok(()))));
}

#[tokio::test]
async fn a_stopped_server_takes_no_more_requests() {
    let example = Example::start().await;
    let address = example.address;

    example.tasks.stop().await;

    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_in_hand_is_finished_before_the_server_stops() {
    let example = Example::start().await;
    let gate = Arc::clone(&example.gate);
    let request = example.request(reqwest::Method::GET, "/gate").send();
    let stop = async {
        testkit::eventually(BOUND, || async { gate.reached.load(Ordering::SeqCst) }).await;
        let opens = async {
            testkit::eventually(BOUND, || async {
                tokio::net::TcpStream::connect(example.address).await.is_err()
            })
            .await;
            gate.open.notify_one();
        };
        tokio::join!(example.tasks.stop(), opens);
    };

    let (answer, ()) = tokio::join!(request, stop);

    assert_eq!(answer.unwrap().text().await.unwrap(), "passed");
}

#[tokio::test]
async fn what_a_request_started_outlives_the_server() {
    let example = Example::start().await;
    let gate = Arc::clone(&example.gate);
    example.request(reqwest::Method::GET, "/leave-work").send().await.unwrap();

    example.tasks.stop().await;
    gate.open.notify_one();

    testkit::eventually(BOUND, || async { gate.passed.load(Ordering::SeqCst) }).await;
}

#[tokio::test]
async fn a_dropped_server_frees_its_address() {
    let example = Example::start().await;
    let address = example.address;

    drop(example);

    testkit::eventually(BOUND, || async { tokio::net::TcpStream::connect(address).await.is_err() })
        .await;
}

async fn boom() {
    panic!("boom")
}
