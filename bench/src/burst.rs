//! Checkouts as fast as they are accepted: a fixed number of clients, each with one at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::orders::{Accepted, now};
use crate::statistics::Sample;
use crate::wire::{Answer, Connection};

/// Connections, each of which waits for its answer before it asks again.
pub const CLIENTS: usize = 16;

/// What came of a burst.
#[derive(Debug)]
pub struct Burst {
    /// Every order, in the order of the requests.
    pub accepted: Vec<Accepted>,
    /// From the first request to the last answer.
    pub took: Duration,
    /// When it began, in microseconds since 1970.
    pub began_at: i64,
    /// From request to answer.
    pub answered_in: Sample,
}

/// One answer, not looked into while the clock runs.
struct Raw {
    number: usize,
    answer: Answer,
    at: i64,
    micros: i64,
}

/// How an answer that came at some time is read.
pub type Read = fn(&Answer, i64) -> Result<Accepted>;

/// Sends all requests to the server at `url`.
///
/// # Errors
/// When one of them is not accepted.
pub async fn run(url: &str, checkouts: Vec<Vec<u8>>, read: Read) -> Result<Burst> {
    let checkouts = Arc::new(checkouts);
    let next = Arc::new(AtomicUsize::new(0));
    let start = Arc::new(Barrier::new(CLIENTS + 1));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let mut connection = Connection::open(url).await?;
        let (checkouts, next, start) = (checkouts.clone(), next.clone(), start.clone());
        clients.spawn(async move {
            start.wait().await;
            let mut answers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(checkout) = checkouts.get(number) else { break };
                let asked = Instant::now();
                let answer = connection.ask(checkout).await?;
                let micros = i64::try_from(asked.elapsed().as_micros())?;
                answers.push(Raw { number, answer, at: now(), micros });
            }
            anyhow::Ok(answers)
        });
    }
    start.wait().await;
    let (began, began_at) = (Instant::now(), now());
    let mut answers = Vec::with_capacity(checkouts.len());
    while let Some(client) = clients.join_next().await {
        answers.extend(client??);
    }
    let took = began.elapsed();
    answers.sort_unstable_by_key(|raw| raw.number);

    let accepted = answers.iter().map(|raw| read(&raw.answer, raw.at));
    Ok(Burst {
        accepted: accepted.collect::<Result<_>>()?,
        took,
        began_at,
        answered_in: Sample::of(answers.iter().map(|raw| raw.micros)),
    })
}
