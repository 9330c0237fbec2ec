//! Trades refresh tokens in, one flight per token: two tabs that wake up together share the
//! successor, and a browser that never got it gets it again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use shop_kernel::Clock;
use tokio::time::Instant;

use super::CustomerTokens;
use crate::upstream::Upstream;

/// Long enough for every tab to be told. Identity repeats itself for ten seconds; a browser on a
/// bad line asks a little later.
const REMEMBER: Duration = Duration::from_secs(30);
/// While identity is away, one of all who wait asks this often.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What became of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// Its successor.
    Fresh(CustomerTokens),
    /// The session is over.
    Refused,
    /// Nobody knows yet.
    Unavailable,
}

/// Everyone who trades tokens in, in this process.
pub(crate) struct Refresher {
    upstream: Arc<Upstream>,
    clock: Arc<dyn Clock>,
    flights: Mutex<HashMap<String, Arc<Flight>>>,
    /// Tokens whose browser signed in or out with another since, and when.
    retired: Mutex<HashMap<String, Instant>>,
}

struct Flight {
    began: Instant,
    // Held while asking: those who come meanwhile share the answer.
    landed: tokio::sync::Mutex<Option<(Instant, Refreshed)>>,
}

impl Refresher {
    pub(crate) fn new(upstream: Arc<Upstream>, clock: Arc<dyn Clock>) -> Self {
        Self { upstream, clock, flights: Mutex::default(), retired: Mutex::default() }
    }

    /// The successor of this token.
    pub(crate) async fn refresh(&self, token: &str) -> Refreshed {
        let flight = self.board(token);
        let mut landed = flight.landed.lock().await;
        if let Some((at, outcome)) = &*landed
            && at.elapsed() < kept(outcome)
        {
            return outcome.clone();
        }
        let outcome = match self.upstream.refresh(token, self.clock.now()).await {
            Ok(tokens) => Refreshed::Fresh(tokens),
            Err(error) if error.status() == Some(StatusCode::UNAUTHORIZED) => Refreshed::Refused,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "no token was refreshed");
                Refreshed::Unavailable
            }
        };
        *landed = Some((Instant::now(), outcome.clone()));
        outcome
    }

    /// Whoever still answers a request that came with this token has nothing to tell the browser.
    pub(super) fn retire(&self, token: &str) {
        let mut retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner);
        retired.retain(|_, at| at.elapsed() < REMEMBER);
        retired.insert(token.to_owned(), Instant::now());
    }

    pub(super) fn is_retired(&self, token: &str) -> bool {
        let retired = self.retired.lock().unwrap_or_else(PoisonError::into_inner);
        retired.get(token).is_some_and(|at| at.elapsed() < REMEMBER)
    }

    /// Whether somebody has the successor of this token, or is about to.
    pub(super) fn is_traded_in(&self, token: &str) -> bool {
        let flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.get(token).is_some_and(|flight| flight.began.elapsed() < REMEMBER)
    }

    fn board(&self, token: &str) -> Arc<Flight> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.retain(|_, flight| flight.began.elapsed() < REMEMBER);
        let flight = flights.entry(token.to_owned()).or_insert_with(|| {
            Arc::new(Flight { began: Instant::now(), landed: tokio::sync::Mutex::new(None) })
        });
        Arc::clone(flight)
    }
}

fn kept(outcome: &Refreshed) -> Duration {
    match outcome {
        Refreshed::Fresh(_) | Refreshed::Refused => REMEMBER,
        Refreshed::Unavailable => ASK_AGAIN_AFTER,
    }
}
