//! Keys are fetched in the background, kept over restarts and found again after a rotation.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chassis::auth::{
    Denied, JwkSet, KeySource as _, Role, SqlKeys, Subject, TokenSigner, Verifier, migration,
};
use chassis::{Phase, TaskSet};
use sea_orm::DatabaseConnection;
use shop_kernel::{CustomerId, SystemClock};

use crate::fake_identity::FakeIdentity;
use crate::support::{BOUND, token};

async fn keeping(db: &DatabaseConnection, identity: &FakeIdentity) -> Arc<Verifier> {
    let keys = SqlKeys(db.clone());
    Arc::new(Verifier::keeping(keys, identity.peer(), Arc::new(SystemClock)).await.unwrap())
}

fn customer(signer: &TokenSigner) -> String {
    token(signer, Subject::Customer(CustomerId::generate()), &[Role::Customer])
}

#[tokio::test]
async fn keys_survive_a_restart_while_identity_is_away() {
    for db in testkit::databases().await {
        let signer = TokenSigner::generate().unwrap();
        let identity = FakeIdentity::start(signer.jwks());
        let store = db.open(|| vec![migration()]).await;
        let first = keeping(&store, &identity).await;
        let mut tasks = TaskSet::new("example");
        tasks.spawn(Phase::Work, "keys", |stop| Arc::clone(&first).keep_fresh(stop));
        testkit::eventually(BOUND, || async { first.keys_loaded() }).await;
        tasks.stop().await;
        identity.state.refuses.store(true, Ordering::SeqCst);

        let restarted = keeping(&store, &identity).await;

        assert!(restarted.keys_loaded());
        assert!(restarted.verify(&customer(&signer)).await.is_ok());
    }
}

#[tokio::test]
async fn keys_are_fetched_as_soon_as_identity_is_there() {
    let signer = TokenSigner::generate().unwrap();
    let identity = FakeIdentity::start(signer.jwks());
    identity.state.refuses.store(true, Ordering::SeqCst);
    let db = testkit::TestDb::sqlite();
    let verifier = keeping(&db.open(|| vec![migration()]).await, &identity).await;
    let mut tasks = TaskSet::new("example");
    tasks.spawn(Phase::Work, "keys", |stop| Arc::clone(&verifier).keep_fresh(stop));
    testkit::eventually(BOUND, || async { identity.state.keys_asked.load(Ordering::SeqCst) > 1 })
        .await;
    assert!(!verifier.keys_loaded());

    identity.state.refuses.store(false, Ordering::SeqCst);

    testkit::eventually(BOUND, || async { verifier.keys_loaded() }).await;
    tasks.stop().await;
}

#[tokio::test]
async fn a_token_signed_with_a_new_key_is_believed_at_once() {
    let (old, new) = (TokenSigner::generate().unwrap(), TokenSigner::generate().unwrap());
    let identity = FakeIdentity::start(old.jwks());
    let db = testkit::TestDb::sqlite();
    let store = db.open(|| vec![migration()]).await;
    let verifier = keeping(&store, &identity).await;
    verifier.replace_keys(&identity.peer().fetch().await.unwrap());

    *identity.state.keys.lock().unwrap() = JwkSet { keys: vec![old.jwk(), new.jwk()] };

    assert!(verifier.verify(&customer(&new)).await.is_ok());
    assert!(verifier.verify(&customer(&old)).await.is_ok());
}

#[tokio::test]
async fn a_withdrawn_key_verifies_nothing_more() {
    let (old, new) = (TokenSigner::generate().unwrap(), TokenSigner::generate().unwrap());
    let verifier = Verifier::with_keys(&old.jwks(), Arc::new(SystemClock));

    verifier.replace_keys(&new.jwks());

    assert_eq!(verifier.verify(&customer(&old)).await, Err(Denied::Invalid));
}

#[tokio::test]
async fn unknown_keys_do_not_make_us_ask_at_the_pace_of_strangers() {
    let signer = TokenSigner::generate().unwrap();
    let identity = FakeIdentity::start(signer.jwks());
    let db = testkit::TestDb::sqlite();
    let verifier = keeping(&db.open(|| vec![migration()]).await, &identity).await;
    verifier.replace_keys(&signer.jwks());

    let strangers: Vec<_> = (0..20).map(|_| customer(&TokenSigner::generate().unwrap())).collect();
    for answer in futures::future::join_all(strangers.iter().map(|t| verifier.verify(t))).await {
        assert_eq!(answer, Err(Denied::Invalid));
    }

    assert_eq!(identity.state.keys_asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_answer_without_keys_does_not_lock_everyone_out() {
    let signer = TokenSigner::generate().unwrap();
    let identity = FakeIdentity::start(JwkSet { keys: vec![] });
    let db = testkit::TestDb::sqlite();
    let verifier = keeping(&db.open(|| vec![migration()]).await, &identity).await;
    verifier.replace_keys(&signer.jwks());

    let stranger = verifier.verify(&customer(&TokenSigner::generate().unwrap())).await;

    assert_eq!(stranger, Err(Denied::Invalid));
    assert!(verifier.verify(&customer(&signer)).await.is_ok());
}
