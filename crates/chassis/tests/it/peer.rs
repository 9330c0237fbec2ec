//! Calls to peers: in turn, to the next when one is away, with token, trace and request id.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chassis::auth::{JwkSet, ServiceTokens};
use chassis::peer::{Away, Client, PeerError};
use serde_json::{Value, json};

use crate::fake_identity::FakeIdentity;
use crate::support::EXAMPLE;

/// Nobody listens there: the port is taken and given back.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn identity() -> FakeIdentity {
    FakeIdentity::start(JwkSet { keys: vec![] })
}

#[tokio::test]
async fn a_replica_that_is_away_is_passed_over() {
    let there = identity();
    let replicas = format!("{},{},{}", nobody(), there.url(), nobody());
    let peer = Client::new().unwrap().peer("identity", &replicas.as_str().into());

    for _ in 0..6 {
        let granted: Value = peer
            .post_json("/tokens/service", &json!({ "service": "order", "secret": "hush" }))
            .await
            .unwrap();

        assert_eq!(granted["expires_in"], 900);
    }
    assert_eq!(there.state.tokens_asked.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn replicas_take_turns() {
    let (one, two) = (identity(), identity());
    let replicas = format!("{},{}", one.url(), two.url());
    let peer = Client::new().unwrap().peer("identity", &replicas.as_str().into());

    for _ in 0..10 {
        drop(peer.get_json::<Value>("/.well-known/jwks.json").await.unwrap());
    }

    assert_eq!(one.state.keys_asked.load(Ordering::SeqCst), 5);
    assert_eq!(two.state.keys_asked.load(Ordering::SeqCst), 5);
}

/// The test before this one once more, on a machine whose environment names a proxy.
#[test]
fn peers_are_asked_past_any_proxy() {
    let nowhere = nobody();
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "peer::replicas_take_turns"])
        .envs([("HTTP_PROXY", &nowhere), ("http_proxy", &nowhere)])
        .envs([("NO_PROXY", ""), ("no_proxy", "")])
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn a_peer_that_is_away_or_says_so_is_unavailable() {
    let away = Client::new().unwrap().peer("identity", &nobody().as_str().into());
    let nowhere = Client::new().unwrap().peer("identity", &"".into());
    let busy = identity();
    busy.state.refuses.store(true, Ordering::SeqCst);

    for peer in [away, nowhere, busy.peer()] {
        let answer = peer.get_json::<Value>("/.well-known/jwks.json").await;

        assert!(matches!(answer, Err(PeerError::Unavailable { .. })), "{answer:?}");
    }
}

#[tokio::test]
async fn a_refusal_carries_its_code() {
    let identity = identity();
    let wrong = json!({ "service": "order", "secret": "guess" });

    let answer = identity.peer().post_json::<Value>("/tokens/service", &wrong).await;

    let error = answer.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(error.code(), Some("secret-wrong"));
}

#[tokio::test]
async fn a_peer_that_is_busy_says_with_what_and_until_when() {
    let identity = identity();
    let busy = json!({ "service": "order", "secret": "slow to hash" });

    let answer = identity.peer().post_json::<Value>("/tokens/service", &busy).await;

    let source = match answer.unwrap_err() {
        PeerError::Unavailable { source, .. } => source,
        other => panic!("{other}"),
    };
    let Some(Away::Busy { problem, retry_after }) = source else { panic!("{source:?}") };
    assert_eq!((&*problem.code, &problem.more["waiting"]), ("passwords-busy", &json!(9)));
    assert_eq!(retry_after.as_secs(), 1);
}

#[tokio::test]
async fn a_service_token_is_fetched_once_and_shown() {
    let identity = identity();
    let tokens = ServiceTokens::new("order", "hush".into(), identity.peer());
    let peer = identity.peer().with_tokens(Arc::new(tokens));

    for _ in 0..3 {
        let seen: Value = peer.get_json("/headers").await.unwrap();

        assert_eq!(seen["authorization"], "Bearer token-0");
    }
    let own = peer.call(reqwest::Method::GET, "/headers").bearer("mine");
    assert_eq!(own.read::<Value>().await.unwrap()["authorization"], "Bearer mine");
    assert_eq!(identity.state.tokens_asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_call_continues_the_trace() {
    use tracing::Instrument as _;
    let quiet = chassis::config::TelemetryConfig { log: "off".to_owned(), ..Default::default() };
    let _telemetry = chassis::telemetry::start(&EXAMPLE, &quiet).unwrap();
    let identity = identity();
    let span = tracing::info_span!("work");
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    chassis::trace::set_parent(&span, Some(parent));

    let call = async { identity.peer().get_json::<Value>("/headers").await.unwrap() };
    let seen = call.instrument(span).await;

    let sent = seen["traceparent"].as_str().unwrap();
    assert!(sent.starts_with("00-0af7651916cd43dd8448eb211c80319c-"), "{sent}");
    assert_ne!(sent, parent);
}
