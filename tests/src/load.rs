//! Shoppers who order at a steady pace until they are told to stop, whatever happens meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::attempt::Attempt;
use crate::intent::Intent;
use crate::shelf::Shelf;
use crate::shopper::Shopper;

/// A running load.
#[derive(Debug)]
pub struct Load {
    shoppers: JoinSet<Result<Vec<Attempt>>>,
    stop: watch::Sender<bool>,
    accepted: Arc<AtomicUsize>,
}

impl Load {
    /// Starts it: together the shoppers try `per_second` orders a second, each one order at a time.
    #[must_use]
    pub fn start(shoppers: &[Shopper], shelf: &Shelf, per_second: u32) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (accepted, number) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let shelf = Arc::new(shelf.clone());
        let pace = Duration::from_secs(1) * u32::try_from(shoppers.len()).unwrap_or(u32::MAX);
        let pace = pace / per_second.max(1);
        let mut running = JoinSet::new();
        for shopper in shoppers {
            let shopper = shopper.clone();
            let (stopped, shelf) = (stopped.clone(), Arc::clone(&shelf));
            let (accepted, number) = (Arc::clone(&accepted), Arc::clone(&number));
            running.spawn(async move {
                let mut pace = interval(pace);
                pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
                let mut attempts = Vec::new();
                while !*stopped.borrow() {
                    let n = number.fetch_add(1, Ordering::Relaxed);
                    // Before the pause, so that what meets an outage is mostly the order itself.
                    let ready = shopper.get_ready(Intent::nth(n), &shelf, n).await?;
                    pace.tick().await;
                    let attempt = shopper.send(ready).await?;
                    accepted.fetch_add(usize::from(attempt.outcome.is_ok()), Ordering::Relaxed);
                    attempts.push(attempt);
                }
                Ok(attempts)
            });
        }
        Self { shoppers: running, stop, accepted }
    }

    /// How many orders were accepted so far.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Stops it and gives what the shoppers wrote down; each finishes what it has begun.
    ///
    /// # Errors
    /// When a shopper was left without an answer.
    pub async fn stop(mut self) -> Result<Vec<Attempt>> {
        // They hold the other end for as long as they run.
        let _ = self.stop.send(true);
        let mut attempts = Vec::new();
        while let Some(ended) = self.shoppers.join_next().await {
            attempts.extend(ended?.context("a shopper was left without an answer")?);
        }
        Ok(attempts)
    }
}
