//! Services that are kept running.

use std::collections::BTreeMap;
use std::time::Duration;

use xtask::run_folder::RunFolder;
use xtask::supervise::{Service, Supervisor};
use xtask::{http, ports};

use crate::support::{eventually, is_alive};

const SOON: Duration = Duration::from_secs(10);

#[test]
fn a_killed_service_is_started_again() {
    let Some(web) = web_server("web") else { return };
    let dir = tempfile::tempdir().unwrap();
    let supervisor = Supervisor::new(RunFolder::open(dir.path()).unwrap());
    let url = web.ready_url.clone();
    supervisor.start(web).unwrap();
    supervisor.wait_ready(&["web"], SOON).unwrap();
    let first = supervisor.pid("web").unwrap();
    let began = supervisor.up_since("web").unwrap();

    supervisor.kill9("web").unwrap();
    eventually(|| (supervisor.restarts("web").unwrap() == 1).then_some(()));
    supervisor.wait_ready(&["web"], SOON).unwrap();

    assert_ne!(supervisor.pid("web").unwrap(), first);
    assert!(supervisor.up_since("web").unwrap() > began);
    assert_eq!(http::get(&url, SOON).unwrap().status, 200);
}

#[test]
fn a_service_that_is_killed_again_and_again_has_not_crashed() {
    let Some(web) = web_server("web") else { return };
    let dir = tempfile::tempdir().unwrap();
    let supervisor = Supervisor::new(RunFolder::open(dir.path()).unwrap());
    supervisor.start(web).unwrap();
    supervisor.wait_ready(&["web"], SOON).unwrap();

    for kills in 1..=4 {
        supervisor.kill9("web").unwrap();
        eventually(|| (supervisor.restarts("web").unwrap() == kills).then_some(()));
        supervisor.wait_ready(&["web"], SOON).unwrap();
    }
}

#[test]
fn a_held_service_stays_down_until_it_is_released() {
    let Some(web) = web_server("web") else { return };
    let dir = tempfile::tempdir().unwrap();
    let supervisor = Supervisor::new(RunFolder::open(dir.path()).unwrap());
    supervisor.start(web).unwrap();
    supervisor.wait_ready(&["web"], SOON).unwrap();

    supervisor.hold("web").unwrap();
    let unready = supervisor.wait_ready(&["web"], Duration::from_millis(700)).unwrap_err();
    supervisor.release("web").unwrap();

    assert!(unready.to_string().contains("web is not ready"), "{unready:#}");
    supervisor.wait_ready(&["web"], SOON).unwrap();
}

#[test]
fn a_service_that_keeps_crashing_is_reported_with_its_last_words() {
    let dir = tempfile::tempdir().unwrap();
    let supervisor = Supervisor::new(RunFolder::open(dir.path()).unwrap());
    supervisor.start(shell("broken", "echo no key >&2; exit 1")).unwrap();

    let error = supervisor.wait_ready(&["broken"], SOON).unwrap_err();

    let text = format!("{error:#}");
    assert!(text.contains("broken crashed 3 times") && text.contains("no key"), "{text}");
}

#[test]
fn a_dropped_supervisor_leaves_nothing_running() {
    let dir = tempfile::tempdir().unwrap();
    let supervisor = Supervisor::new(RunFolder::open(dir.path()).unwrap());
    supervisor.start(shell("one", "while :; do sleep 0.05; done")).unwrap();
    supervisor.start(shell("two", "while :; do sleep 0.05; done")).unwrap();
    let pids = ["one", "two"].map(|name| supervisor.pid(name).unwrap().unwrap().to_string());

    drop(supervisor);

    assert_eq!(pids.map(|pid| is_alive(&pid)), [false, false]);
}

/// Python's, where there is Python; it answers every path of a folder with 200.
fn web_server(name: &str) -> Option<Service> {
    if xtask::in_path("python3").is_none() {
        eprintln!("skipped: no python3 to serve HTTP with");
        return None;
    }
    let port = ports::free().ok()?;
    let serve = format!("exec python3 -m http.server --bind 127.0.0.1 {port}");
    Some(Service { ready_url: format!("http://127.0.0.1:{port}/"), ..shell(name, &serve) })
}

fn shell(name: &str, script: &str) -> Service {
    Service {
        name: name.to_owned(),
        program: "sh".into(),
        args: ["-c", script].map(Into::into).to_vec(),
        env: BTreeMap::new(),
        ready_url: "http://127.0.0.1:1/".to_owned(),
    }
}
