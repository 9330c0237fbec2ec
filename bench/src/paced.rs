//! Checkouts that arrive at a steady rate, whether or not those before them were answered.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::checkout::Checkout;
use crate::orders::{Accepted, now};
use crate::statistics::Sample;
use crate::watch::Watch;
use crate::wire::Connection;

/// Arrivals per second that the goals are set at.
pub const RATE: u32 = 200;
/// Arrivals per second that leave the machine room, so that nothing waits for a processor: what is
/// seen then is the way an order takes.
pub const LIGHT_RATE: u32 = 25;
/// Every so manieth order is watched in the read model: enough for a p99, few enough not to disturb.
const WATCHED: usize = 10;

/// What came of a stretch of steady arrivals.
#[derive(Debug)]
pub struct Paced {
    /// Every order.
    pub accepted: Vec<Accepted>,
    /// From the moment an order should have arrived to its acceptance.
    pub accepted_in: Sample,
    /// From the acceptance to the moment the read model showed it as confirmed; of every tenth.
    pub visible_in: Sample,
}

struct One {
    accepted: Accepted,
    micros: i64,
    visible_at: Option<i64>,
}

/// Sends all checkouts to the server at `url`, `rate` per second.
///
/// # Errors
/// When one of them is not accepted, or a watched one is not seen.
pub async fn run(url: &str, rate: u32, checkouts: Vec<Checkout>, watch: &Watch) -> Result<Paced> {
    let pool = Arc::new(Pool { url: url.to_owned(), idle: Mutex::default() });
    let mut arrivals = JoinSet::new();
    let pause = Duration::from_secs(1) / rate;
    let mut due = Instant::now() + pause;
    for (number, checkout) in checkouts.into_iter().enumerate() {
        sleep_until(due).await;
        let watch = number.is_multiple_of(WATCHED).then(|| watch.clone());
        arrivals.spawn(one(pool.clone(), checkout, due, watch));
        due += pause;
    }
    let mut all = Vec::with_capacity(arrivals.len());
    while let Some(one) = arrivals.join_next().await {
        all.push(one??);
    }
    let visible = |one: &One| one.visible_at.map(|at| at - one.accepted.at);
    Ok(Paced {
        accepted_in: Sample::of(all.iter().map(|one| one.micros)),
        visible_in: Sample::of(all.iter().filter_map(visible)),
        accepted: all.into_iter().map(|one| one.accepted).collect(),
    })
}

async fn one(
    pool: Arc<Pool>,
    checkout: Checkout,
    due: Instant,
    watch: Option<Watch>,
) -> Result<One> {
    let mut connection = pool.take().await?;
    let answer = connection.ask(&checkout.request).await?;
    let (at, micros) = (now(), i64::try_from(due.elapsed().as_micros())?);
    pool.give_back(connection);
    let accepted = Accepted::from(&answer, at)?;
    let visible_at = match watch {
        Some(watch) => Some(watch.until_confirmed(&accepted.order, &checkout.token).await?),
        None => None,
    };
    Ok(One { accepted, micros, visible_at })
}

/// Open connections that nobody uses now.
struct Pool {
    url: String,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    async fn take(&self) -> Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => Connection::open(&self.url).await,
        }
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}
