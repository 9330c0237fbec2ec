//! The shop's own verbs, run as the programs people run.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;
use xtask::workspace::{Profile, program};

/// No verb takes longer, on a machine that is busy with other things.
const BOUND: Duration = Duration::from_secs(300);

/// What a verb said, and the exit code it ended with.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {}", self.said()))
    }

    pub(crate) fn said(&self) -> String {
        format!("exit code {:?}\n{}\n{}", self.code, self.out, self.errors)
    }
}

/// Runs `shop` with these arguments to its end.
pub(crate) async fn run(arguments: &[&str]) -> Ended {
    let mut command = Command::new(program(Profile::Dev, "shop"));
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let ended = timeout(BOUND, command.output()).await;
    let ended = ended.unwrap_or_else(|_| panic!("{arguments:?} takes longer than {BOUND:?}"));
    let ended = ended.unwrap();
    Ended {
        code: ended.status.code(),
        out: String::from_utf8_lossy(&ended.stdout).into_owned(),
        errors: String::from_utf8_lossy(&ended.stderr).into_owned(),
    }
}

/// Demands that every row of the tour comes out right.
pub(crate) async fn tour(url: &str) {
    let tour = run(&["tour", "--url", url, "--json"]).await;
    assert_eq!(tour.code, Some(0), "the tour: {}", tour.said());
    let rows = tour.json()["rows"].as_array().unwrap().clone();
    let played: std::collections::BTreeSet<_> =
        rows.iter().filter_map(|it| it["row"].as_u64()).collect();
    assert_eq!(played, (1..=10).collect(), "a row was left out");
}

/// Demands that the audit finds nothing, and gives what it says.
pub(crate) async fn audit(url: &str) -> Value {
    let audit = run(&["audit", "--url", url, "--json", "--patience", "180"]).await;
    assert_eq!(audit.code, Some(0), "the audit: {}", audit.said());
    let audit = audit.json();
    assert_eq!(audit["invariants"].as_array().unwrap().len(), 7, "{audit}");
    audit
}
