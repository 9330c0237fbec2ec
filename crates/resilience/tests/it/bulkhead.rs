//! A full bulkhead refuses at once, and fills up with nothing that is over.

use std::future::pending;
use std::time::Duration;

use futures::FutureExt as _;
use resilience::{Denied, Limits, Policy, Verdict};

use crate::support::{Failed, Neighbour, guard, policy};

#[tokio::test]
async fn a_call_too_many_is_refused_at_once() {
    let guard = guard(Policy { concurrency: 2, ..policy() });
    let neighbour = Neighbour::default();
    let waiting = || guard.call(Limits::repeatable(), pending::<Result<(), Failed>>);
    let (mut first, mut second) = (Box::pin(waiting()), Box::pin(waiting()));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());

    let call = || neighbour.failing(0, Verdict::Answer);
    let third = guard.call(Limits::repeatable(), call).now_or_never().unwrap();
    drop(first);
    let fourth = guard.call(Limits::repeatable(), call).now_or_never().unwrap();

    assert!(matches!(third, Err(Denied::Full)));
    assert!(fourth.is_ok());
    assert_eq!(neighbour.calls(), 1);
}

#[tokio::test]
async fn calls_given_up_by_their_callers_leave_their_places() {
    let guard = guard(Policy { concurrency: 1, ..policy() });

    for _ in 0..10 {
        let call = guard.call(Limits::repeatable(), pending::<Result<(), Failed>>);
        assert!(tokio::time::timeout(Duration::ZERO, call).await.is_err());
    }
    let neighbour = Neighbour::default();
    let last = guard.call(Limits::once(), || neighbour.failing(0, Verdict::Answer)).await;

    assert!(last.is_ok());
}
