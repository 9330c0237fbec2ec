//! The tap on the shoulder a committer gives the task that takes it from there.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

/// Wakes one task of this process; a call before the task waits is not lost.
///
/// In process on purpose: a `NOTIFY` inside the transaction takes a lock that all of PostgreSQL
/// shares and costs a factor of five.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Wakes the task; call it after the commit.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Waits for a wake, at most for `poll`: what a dead instance left wakes nobody.
    pub(crate) async fn wait(&self, poll: Duration) {
        // Running out of time is as good a reason to look as being woken.
        let _ = tokio::time::timeout(poll, self.0.notified()).await;
    }
}
