//! Passes an order's updates on: order-history's, and while that is away or has not heard of the
//! order yet, what `order` and `payment` say when asked now and then.

mod frames;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Result;
use futures::{Stream, StreamExt as _, stream};
use shop_kernel::OrderId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::SERVICE;
use crate::config::StreamsConfig;
use crate::failure::{Failure, SESSION_EXPIRED, TOO_MANY_LISTENERS};
use crate::schema::order::{Order, around};
use crate::upstream::{Follow, Upstream};

use frames::Frames;

/// The read model hears of an order within this time, when all is well. Where it lags, each look
/// waits twice as long as the one before: everyone who listens looks.
const YOUNG: Duration = Duration::from_millis(300);
/// While it is away, its fallback is asked this often; and no less often while it lags.
const AWAY: Duration = Duration::from_secs(2);

/// Everyone who listens, in this process.
#[derive(Debug)]
pub(crate) struct Listening {
    seats: Arc<Semaphore>,
    /// Ends all streams: the server does not stop before they do.
    stop: CancellationToken,
    /// How long order-history may keep silent.
    silence: Duration,
}

/// One listener's.
pub(super) struct Seat {
    silence: Duration,
    stop: CancellationToken,
    _taken: OwnedSemaphorePermit,
}

impl Drop for Seat {
    fn drop(&mut self) {
        listeners().decrement(1.0);
    }
}

fn listeners() -> metrics::Gauge {
    metrics::gauge!("graphql_listeners", "service" => SERVICE.name)
}

impl Listening {
    pub(crate) fn new(streams: StreamsConfig, stop: CancellationToken) -> Self {
        listeners().set(0.0);
        let most = streams.max_clients.min(Semaphore::MAX_PERMITS);
        Self { seats: Arc::new(Semaphore::new(most)), stop, silence: streams.silence }
    }

    pub(super) fn seat(&self) -> std::result::Result<Seat, Failure> {
        let taken = Arc::clone(&self.seats).try_acquire_owned();
        let full = |_| Failure::new(TOO_MANY_LISTENERS, "too many watch orders just now");
        let taken = taken.map_err(full)?;
        listeners().increment(1.0);
        Ok(Seat { silence: self.silence, stop: self.stop.clone(), _taken: taken })
    }
}

struct Relay {
    upstream: Arc<Upstream>,
    token: String,
    order: OrderId,
    silence: Duration,
    source: Source,
    pause: Pause,
    /// What was told last while the read model was not asked, so that it is told once.
    told: Option<Order>,
}

enum Source {
    Ask,
    WaitAndAsk(Duration),
    Updates(Frames),
    Ended,
}

/// How long to wait for the next look.
struct Pause(Duration);

impl Pause {
    fn next(&mut self, away: bool) -> Duration {
        if away {
            return AWAY;
        }
        let pause = self.0;
        self.0 = AWAY.min(pause * 2);
        pause
    }
}

/// The order now, and again whenever it changed.
pub(super) fn updates(
    upstream: Arc<Upstream>,
    token: String,
    order: OrderId,
    seat: Seat,
) -> impl Stream<Item = Result<Order>> {
    let (silence, stop) = (seat.silence, seat.stop.clone());
    let (source, pause) = (Source::Ask, Pause(YOUNG));
    let relay = Relay { upstream, token, order, silence, source, pause, told: None };
    let orders = stream::unfold((relay, seat), |(mut relay, seat)| async move {
        let next = relay.next().await?;
        Some((next.map_err(Into::into), (relay, seat)))
    });
    orders.take_until(stop.cancelled_owned())
}

impl Relay {
    async fn next(&mut self) -> Option<std::result::Result<Order, Failure>> {
        loop {
            match &mut self.source {
                Source::Ended => return None,
                // Its end is the token's or the server's: whoever still listens asks again.
                Source::Updates(frames) => return frames.next().await.map(|view| Ok(view.into())),
                Source::WaitAndAsk(pause) => {
                    tokio::time::sleep(*pause).await;
                    self.source = Source::Ask;
                }
                Source::Ask => match self.ask().await {
                    Ok(None) => {}
                    Ok(Some(order)) => return Some(Ok(order)),
                    // The next request comes with a fresh token.
                    Err(failure) if failure.code() == SESSION_EXPIRED => return None,
                    Err(failure) => {
                        self.source = Source::Ended;
                        return Some(Err(failure));
                    }
                },
            }
        }
    }

    /// Starts listening where that can be; else looks at the order, and tells what is new.
    async fn ask(&mut self) -> std::result::Result<Option<Order>, Failure> {
        let away = match self.upstream.follow(&self.token, self.order).await {
            Ok(Follow::Updates(response)) => {
                self.source = Source::Updates(Frames::of(response, self.silence));
                return Ok(None);
            }
            Ok(Follow::Unknown) => false,
            Err(failure) if failure.is_for_now() => true,
            Err(failure) => return Err(failure),
        };
        self.source = Source::WaitAndAsk(self.pause.next(away));
        let order = match around(&self.upstream, &self.token, self.order, away).await {
            Ok(order) => order,
            // Nobody answers: what was told still stands, and one of them will be back.
            Err(failure) if failure.is_for_now() => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let unknown = || Failure::new("order-unknown", "there is no such order");
        let order = order.ok_or_else(unknown)?;
        if self.told.as_ref().is_some_and(|told| order.is_as(told)) {
            return Ok(None);
        }
        self.told = Some(order.clone());
        Ok(Some(order))
    }
}

#[cfg(test)]
mod tests {
    use super::{AWAY, Pause, YOUNG};

    #[test]
    fn a_read_model_that_lags_is_asked_ever_more_seldom_and_one_that_is_away_evenly() {
        let mut pause = Pause(YOUNG);

        let lagging: Vec<_> = (0..5).map(|_| pause.next(false).as_millis()).collect();
        let away: Vec<_> = (0..2).map(|_| Pause(YOUNG).next(true)).collect();

        assert_eq!(lagging, [300, 600, 1200, 2000, 2000]);
        assert_eq!(away, [AWAY, AWAY]);
    }
}
