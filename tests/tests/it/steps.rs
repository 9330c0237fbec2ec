//! A scenario in named steps: an expensive shop is started once, and every step still tells by
//! name whether it passed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use tokio::runtime::Runtime;

use crate::stage::Stage;

/// Plays only steps whose name contains this; for the person who mends one.
const ONLY: &str = "SHOP_TEST_STEPS";

/// Plays each step in turn, and fails at the end when any did.
macro_rules! play {
    ($scenario:literal, $plan:expr; $($step:path),+ $(,)?) => {{
        let mut play = $crate::steps::Play::begin($scenario, $plan);
        $( play.step(stringify!($step), $step); )+
        play.end();
    }};
}
pub(crate) use play;

/// A scenario being played.
pub(crate) struct Play {
    scenario: &'static str,
    runtime: Runtime,
    stage: Stage,
    only: Option<String>,
    played: usize,
    failed: Vec<String>,
}

impl Play {
    pub(crate) fn begin(
        scenario: &'static str,
        plan: impl FnOnce(&mut xtask::local_shop::Plan),
    ) -> Self {
        let runtime = Runtime::new().unwrap();
        let began = Instant::now();
        let stage = Stage::set(&runtime, scenario, plan);
        eprintln!("── {scenario}: the shop is open after {:.1?}", began.elapsed());
        let only = std::env::var(ONLY).ok();
        Self { scenario, runtime, stage, only, played: 0, failed: Vec::new() }
    }

    pub(crate) fn step(&mut self, name: &str, step: impl AsyncFnOnce(&mut Stage)) {
        let name = name.rsplit("::").next().unwrap_or(name).trim();
        if self.only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            return;
        }
        let began = Instant::now();
        let played = catch_unwind(AssertUnwindSafe(|| {
            self.runtime.block_on(async {
                self.stage.begin_step().await;
                step(&mut self.stage).await;
            });
        }));
        let verdict = if played.is_ok() { "ok" } else { "FAILED" };
        eprintln!("── {} … {verdict} after {:.1?}", name, began.elapsed());
        self.played += 1;
        if played.is_err() {
            self.failed.push(name.to_owned());
        }
    }

    pub(crate) fn end(self) {
        let Self { scenario, stage, played, failed, .. } = self;
        assert!(played > 0, "no step of {scenario} has a name with that in it");
        if failed.is_empty() {
            eprintln!("── {scenario}: {played} steps passed");
            stage.clear();
            return;
        }
        let logs = stage.close();
        panic!(
            "{scenario}: {} of {played} steps failed:\n  {}\nThe logs are in {}",
            failed.len(),
            failed.join("\n  "),
            logs.display(),
        );
    }
}
