//! The ledger's file, whole, torn and broken.

use super::*;
use crate::bank::{Refund, RefundStatus};
use shop_kernel::{Currency, Money};

fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn refund(key: &str) -> Entry {
    Entry::Refund(Refund {
        key: key.to_owned(),
        charge: "pay_1".to_owned(),
        amount: Money::new(1, Currency::Usd),
        status: RefundStatus::Refunded,
    })
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dir.path()).unwrap();
    ledger.append(noon(), refund("ref_1")).unwrap();
    ledger.append(noon(), refund("ref_2")).unwrap();

    let reopened = Ledger::open(dir.path()).unwrap();

    assert_eq!(reopened.lines(), ledger.lines());
    assert_eq!(reopened.lines().iter().map(|line| line.no).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_last_line_cut_off_by_a_kill_is_forgotten_and_written_over() {
    let dir = tempfile::tempdir().unwrap();
    Ledger::open(dir.path()).unwrap().append(noon(), refund("ref_1")).unwrap();
    let path = dir.path().join("ledger.jsonl");
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"no":2,"at":"2026-03-01T12:0"#).unwrap();

    let mut ledger = Ledger::open(dir.path()).unwrap();
    ledger.append(noon(), refund("ref_3")).unwrap();

    let reopened = Ledger::open(dir.path()).unwrap();
    let entries: Vec<_> = reopened.lines().iter().map(|line| line.entry.clone()).collect();
    assert_eq!(entries, [refund("ref_1"), refund("ref_3")]);
}

#[test]
fn a_line_broken_in_the_middle_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.jsonl");
    std::fs::write(&path, "{\"no\":1\n{}\n").unwrap();

    let opened = Ledger::open(dir.path());

    assert!(matches!(opened, Err(LedgerError::Broken { line: 1, .. })));
}
