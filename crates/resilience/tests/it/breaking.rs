//! The circuit breaker around calls.

use std::time::Duration;

use resilience::{BreakerPolicy, Denied, Guard, Limits, Policy, State, Verdict};

use crate::support::{MS, Neighbour, guard, policy};

fn quick(open_for: Duration) -> Guard {
    let breaker = BreakerPolicy { minimum_calls: 3, open_for, probes: 1, ..Default::default() };
    guard(Policy { breaker, ..policy() })
}

#[tokio::test]
async fn an_open_breaker_refuses_without_trying() {
    let (guard, neighbour) = (quick(Duration::from_secs(60)), Neighbour::default());
    let call = || neighbour.failing(u32::MAX, Verdict::Outage);

    // Three attempts: the last one opens it.
    let first = guard.call(Limits::repeatable(), call).await;
    let second = guard.call(Limits::repeatable(), call).await;

    assert!(matches!(first, Err(Denied::Failed(_))));
    assert!(matches!(second, Err(Denied::Open { retry_after }) if !retry_after.is_zero()));
    assert_eq!((guard.state(), neighbour.calls()), (State::Open, 3));
}

#[tokio::test]
async fn a_call_in_its_retries_gives_its_own_failure_when_the_breaker_opens() {
    let (guard, neighbour) = (quick(Duration::from_secs(60)), Neighbour::default());
    let call = || neighbour.failing(u32::MAX, Verdict::Fault);
    for _ in 0..2 {
        assert!(guard.call(Limits::once(), call).await.is_err());
    }

    let call = || neighbour.failing(u32::MAX, Verdict::Outage);
    let outcome = guard.call(Limits::repeatable(), call).await;

    assert!(matches!(outcome, Err(Denied::Failed(_))));
    assert_eq!((guard.state(), neighbour.calls()), (State::Open, 3));
}

#[tokio::test]
async fn it_closes_when_the_neighbour_is_back() {
    let (guard, neighbour) = (quick(MS), Neighbour::default());
    let call = || neighbour.failing(3, Verdict::Outage);
    assert!(guard.call(Limits::repeatable(), call).await.is_err());
    assert_eq!(guard.state(), State::Open);

    let mut tries = 0;
    while guard.call(Limits::once(), call).await.is_err() {
        tries += 1;
        assert!(tries < 10_000, "it never let a probe through");
        tokio::time::sleep(MS).await;
    }

    assert_eq!(guard.state(), State::Closed);
}

#[tokio::test]
async fn refusals_do_not_open_it() {
    let (guard, neighbour) = (quick(Duration::from_secs(60)), Neighbour::default());

    for _ in 0..20 {
        let call = || neighbour.failing(u32::MAX, Verdict::Answer);
        assert!(guard.call(Limits::once(), call).await.is_err());
    }

    assert_eq!((guard.state(), neighbour.calls()), (State::Closed, 20));
}

#[tokio::test]
async fn time_outs_open_it() {
    let guard = quick(Duration::from_secs(60));
    let limits = Limits { within: Some(MS), ..Limits::repeatable() };

    let never = std::future::pending::<Result<(), crate::support::Failed>>;
    assert!(guard.call(limits, never).await.is_err());

    assert_eq!(guard.state(), State::Open);
}
