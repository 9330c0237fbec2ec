//! Guarded calls: what is tried again, what is refused at once, and who hears of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chassis::auth::JwkSet;
use chassis::health::{Health, NoStore};
use chassis::peer::{Away, Peer, PeerError};
use resilience::{Backoff, BreakerPolicy, Policy, State};
use serde_json::{Value, json};

use crate::fake_identity::FakeIdentity;
use crate::support::{BOUND, Example};

const MS: Duration = Duration::from_millis(1);
const KEYS: &str = "/.well-known/jwks.json";

fn identity() -> FakeIdentity {
    FakeIdentity::start(JwkSet { keys: vec![] })
}

fn policy() -> Policy {
    Policy {
        backoff: Backoff { first: MS, most: MS },
        breaker: BreakerPolicy {
            minimum_calls: 6,
            open_for: 50 * MS,
            probes: 1,
            ..BreakerPolicy::default()
        },
        ..Policy::default()
    }
}

async fn ask(peer: &Peer) -> Result<Value, PeerError> {
    peer.get_json(KEYS).await
}

#[tokio::test]
async fn a_read_is_made_again_and_a_write_is_not() {
    let identity = identity();
    identity.state.refuses.store(true, Ordering::SeqCst);
    let peer = identity.peer().guarded("example", policy());

    let read = ask(&peer).await;
    let wrong = json!({ "service": "order", "secret": "guess" });
    let write = peer.post_json::<Value>("/tokens/service", &wrong).await;

    assert!(matches!(read, Err(PeerError::Unavailable { .. })), "{read:?}");
    assert_eq!(identity.state.keys_asked.load(Ordering::SeqCst), 3);
    assert_eq!(write.unwrap_err().code(), Some("secret-wrong"));
    assert_eq!(identity.state.tokens_asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_breaker_opens_for_all_clones_and_closes_when_the_peer_is_back() {
    let identity = identity();
    let peer = identity.peer().guarded("example", policy());
    let health = Health::of(NoStore).watching([&peer]);
    identity.state.refuses.store(true, Ordering::SeqCst);

    for _ in 0..2 {
        assert!(ask(&peer).await.unwrap_err().is_outage());
    }
    let refused = ask(&peer.clone()).await;
    let asked = identity.state.keys_asked.load(Ordering::SeqCst);
    let report = serde_json::to_value(health.check().await).unwrap();
    identity.state.refuses.store(false, Ordering::SeqCst);

    let source = match refused.unwrap_err() {
        PeerError::Unavailable { source, .. } => source,
        other => panic!("{other}"),
    };
    assert!(matches!(source, Some(Away::Open { .. })), "{source:?}");
    assert_eq!(asked, 6);
    assert_eq!(
        (&report["status"], &report["breakers"]),
        (&json!("ready"), &json!({ "identity": "open" }))
    );
    testkit::eventually(BOUND, || async { ask(&peer).await.ok() }).await;
    assert_eq!(peer.breaker().unwrap().state(), State::Closed);
}

#[tokio::test]
async fn refusals_leave_the_breaker_closed() {
    let identity = identity();
    let peer = identity.peer().guarded("example", policy());
    let wrong = json!({ "service": "order", "secret": "guess" });

    for _ in 0..20 {
        drop(peer.post_json::<Value>("/tokens/service", &wrong).await.unwrap_err());
    }

    assert_eq!(peer.breaker().unwrap().state(), State::Closed);
}

#[tokio::test]
async fn one_thing_it_cannot_do_now_leaves_the_breaker_closed() {
    let identity = identity();
    let peer = identity.peer().guarded("example", policy());
    let busy = json!({ "service": "order", "secret": "slow to hash" });

    for _ in 0..20 {
        let error = peer.post_json::<Value>("/tokens/service", &busy).await.unwrap_err();

        assert_eq!((error.code(), error.is_outage()), (Some("passwords-busy"), false));
    }

    assert_eq!(peer.breaker().unwrap().state(), State::Closed);
}

#[tokio::test]
async fn a_full_bulkhead_refuses_at_once() {
    let identity = identity();
    let peer = identity.peer().guarded("example", Policy { concurrency: 0, ..policy() });

    let refused = ask(&peer).await.unwrap_err();

    assert!(matches!(refused, PeerError::Unavailable { source: Some(Away::Full), .. }));
    assert_eq!(identity.state.keys_asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn the_breakers_are_on_the_metrics_page() {
    let example = Example::start().await;
    let identity = identity();
    let peer = identity.peer().guarded("example", policy());

    ask(&peer).await.unwrap();
    let page = example.get("/metrics").await.text().await.unwrap();

    let line = "circuit_breaker_state{service=\"example\",peer=\"identity\"} ";
    assert!(page.contains(line), "{page}");
}
