//! What is made again, and what is not.

use resilience::{BudgetPolicy, Denied, Limits, Policy, Verdict};

use crate::support::{Failed, MS, Neighbour, guard, policy};

#[tokio::test]
async fn an_idempotent_call_is_made_again_after_an_outage() {
    let (guard, neighbour) = (guard(policy()), Neighbour::default());

    let outcome = guard.call(Limits::repeatable(), || neighbour.failing(2, Verdict::Outage)).await;

    assert_eq!((outcome.unwrap(), neighbour.calls()), (2, 3));
}

#[tokio::test]
async fn a_call_that_may_happen_only_once_is_never_made_again() {
    let (guard, neighbour) = (guard(policy()), Neighbour::default());

    let outcome = guard.call(Limits::once(), || neighbour.failing(1, Verdict::Outage)).await;

    assert!(matches!(outcome, Err(Denied::Failed(_))));
    assert_eq!(neighbour.calls(), 1);
}

#[tokio::test]
async fn refusals_and_faults_are_not_asked_for_again() {
    for verdict in [Verdict::Answer, Verdict::Fault] {
        let (guard, neighbour) = (guard(policy()), Neighbour::default());

        let outcome = guard.call(Limits::repeatable(), || neighbour.failing(1, verdict)).await;

        assert!(matches!(outcome, Err(Denied::Failed(_))));
        assert_eq!(neighbour.calls(), 1, "{verdict:?}");
    }
}

#[tokio::test]
async fn the_last_failure_is_told_when_no_retry_helps() {
    let (guard, neighbour) = (guard(policy()), Neighbour::default());

    let outcome =
        guard.call(Limits::repeatable(), || neighbour.failing(u32::MAX, Verdict::Outage)).await;

    assert!(matches!(outcome, Err(Denied::Failed(_))));
    assert_eq!(neighbour.calls(), 3);
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_is_ended_and_made_again() {
    let (guard, neighbour) = (guard(policy()), Neighbour::default());
    let limits = Limits { within: Some(10 * MS), ..Limits::repeatable() };

    let asked = &neighbour;
    let outcome: Result<(), Denied<Failed>> = guard
        .call(limits, || async move {
            asked.failing(0, Verdict::Outage).await?;
            std::future::pending().await
        })
        .await;

    assert!(matches!(outcome, Err(Denied::TimedOut(within)) if within == 10 * MS));
    assert_eq!(neighbour.calls(), 3);
}

#[tokio::test]
async fn when_the_budget_is_dry_calls_are_made_once() {
    let budget = BudgetPolicy { percent: 10, reserve: 5 };
    let (guard, neighbour) = (guard(Policy { budget, ..policy() }), Neighbour::default());

    for _ in 0..100 {
        let call = || neighbour.failing(u32::MAX, Verdict::Outage);
        assert!(guard.call(Limits::repeatable(), call).await.is_err());
    }

    // A hundred calls, the five retries saved up, and one for every ten calls but the first, which
    // found the purse full.
    assert_eq!(neighbour.calls(), 100 + 5 + 9);
}
