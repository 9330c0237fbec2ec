//! Child processes and what becomes of them.

use std::time::Duration;

use xtask::run_folder::RunFolder;

use crate::support::{eventually, is_alive, start};

#[test]
fn kill_9_takes_the_grandchildren_along() {
    let dir = tempfile::tempdir().unwrap();
    let folder = RunFolder::open(dir.path()).unwrap();
    // The grandchild leaves the group, as PostgreSQL's backends do.
    let mut parent = start(&folder, "setsid sleep 300 & echo $! > grandchild; wait");
    let grandchild = eventually(|| std::fs::read_to_string(folder.file("grandchild")).ok());

    parent.kill9().unwrap();

    assert!(!is_alive(&grandchild));
}

#[test]
fn a_process_that_ignores_the_request_to_stop_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = RunFolder::open(dir.path()).unwrap();
    let mut stubborn = start(&folder, "trap '' TERM; echo up > up; while :; do sleep 0.05; done");
    eventually(|| std::fs::read_to_string(folder.file("up")).ok());

    stubborn.stop_within(Duration::from_millis(200)).unwrap();

    assert!(!is_alive(&stubborn.pid().to_string()));
}

#[test]
fn what_a_killed_owner_left_running_is_ended_by_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let folder = RunFolder::open(dir.path()).unwrap();
    let orphan = start(&folder, "while :; do sleep 0.05; done");
    let pid = orphan.pid().to_string();
    // Neither stopped nor waited for, as after `kill -9` of its owner.
    std::mem::forget(orphan);
    drop(folder);

    let next = RunFolder::open(dir.path()).unwrap();

    assert!(!is_alive(&pid));
    assert!(!next.file("child.pid").exists());
}

#[test]
fn the_last_words_of_a_process_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let folder = RunFolder::open(dir.path()).unwrap();

    let mut failing = start(&folder, "echo one; echo two >&2; exit 3");
    let status = eventually(|| failing.ended().unwrap());

    assert_eq!(status.code(), Some(3));
    assert!(failing.last_words().ends_with("  | one\n  | two"), "{}", failing.last_words());
}
