//! One order as a stream of server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::web::Bytes;
use futures::stream::{self, Stream};
use shop_kernel::OrderId;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::Listener;
use crate::history::History;
use crate::view::OrderView;

/// A browser that lost the stream comes back after this, without hurry and without a crowd.
const RETRY: &str = "retry: 1000\n\n";
/// A store that did not answer is asked again after this.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// The view now, and each time it changes; a comment when nothing does for a while.
///
/// `listener` must have been there before `first` was read: then no change falls in between. The
/// stream ends after `lives`, the rest of the caller's token, or earlier.
pub(crate) fn events(
    history: History,
    first: OrderView,
    listener: Listener,
    lives: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let config = listener.updates.config;
    let mut heartbeat =
        tokio::time::interval_at(Instant::now() + config.heartbeat, config.heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watched = Watched {
        history,
        order: first.order,
        shown: None,
        waiting: Some(first),
        listener,
        heartbeat,
        ends_at: Instant::now() + config.max_age.min(lives),
    };
    stream::unfold(watched, Watched::next)
}

struct Watched {
    history: History,
    order: OrderId,
    shown: Option<OrderView>,
    waiting: Option<OrderView>,
    listener: Listener,
    heartbeat: Interval,
    ends_at: Instant,
}

impl Watched {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        let text = match self.waiting.take() {
            Some(first) => format!("{RETRY}{}", self.show(first)),
            None => self.later().await?,
        };
        Some((Ok(Bytes::from(text)), self))
    }

    async fn later(&mut self) -> Option<String> {
        loop {
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(self.ends_at) => return None,
                goes_on = self.listener.changed() => {
                    if !goes_on {
                        return None;
                    }
                    if let Some(view) = self.changed_view().await {
                        return Some(self.show(view));
                    }
                }
                _ = self.heartbeat.tick() => return Some(": still here\n\n".to_owned()),
            }
        }
    }

    /// The view, if it is another than the one shown last.
    async fn changed_view(&mut self) -> Option<OrderView> {
        match self.history.order(self.order).await {
            Ok(view) => view.filter(|view| Some(view) != self.shown.as_ref()),
            Err(error) => {
                tracing::debug!(%error, "an order could not be read for its listener");
                tokio::time::sleep(ASK_AGAIN).await;
                self.listener.look_again();
                None
            }
        }
    }

    fn show(&mut self, view: OrderView) -> String {
        // A view is made of texts, numbers and lists, which always have a JSON form on one line.
        let json = serde_json::to_string(&view).unwrap_or_default();
        let text = format!("event: order\nid: {}\ndata: {json}\n\n", view.revision);
        self.shown = Some(view);
        text
    }
}
