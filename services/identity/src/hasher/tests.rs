use super::*;

const PATIENT: Duration = Duration::from_secs(30);

fn password(text: &str) -> NewPassword {
    NewPassword::parse(text.into(), &"ada@example.org".parse().unwrap()).unwrap()
}

#[tokio::test]
async fn a_password_matches_its_own_hash_only() {
    let hasher = Hasher::new(2, PATIENT).unwrap();

    let stored = hasher.hash(password("correct horse")).await.unwrap();

    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert!(hasher.verify("correct horse".into(), Some(stored.clone())).await.unwrap());
    assert!(!hasher.verify("correct house".into(), Some(stored)).await.unwrap());
}

#[tokio::test]
async fn one_password_has_a_new_hash_each_time() {
    let hasher = Hasher::new(2, PATIENT).unwrap();

    let first = hasher.hash(password("correct horse")).await.unwrap();
    let second = hasher.hash(password("correct horse")).await.unwrap();

    assert_ne!(first, second);
}

#[tokio::test]
async fn an_unknown_account_costs_as_many_hashes_as_a_known_one() {
    let hasher = Hasher::new(2, PATIENT).unwrap();
    let stored = hasher.hash(password("correct horse")).await.unwrap();

    let before = hasher.performed();
    let known = hasher.verify("wrong".into(), Some(stored)).await.unwrap();
    let after_known = hasher.performed();
    let unknown = hasher.verify("wrong".into(), None).await.unwrap();

    assert_eq!((known, unknown), (false, false));
    assert_eq!(after_known - before, 1);
    assert_eq!(hasher.performed() - after_known, 1);
}

#[tokio::test]
async fn nobody_has_no_password_that_could_be_guessed() {
    let hasher = Hasher::new(1, PATIENT).unwrap();

    assert!(!hasher.verify(hasher.nobody.clone().into(), None).await.unwrap());
}

#[tokio::test]
async fn who_waits_too_long_for_a_turn_is_sent_away() {
    let hasher = Hasher::new(1, Duration::from_millis(10)).unwrap();
    let held = hasher.turn().await.unwrap();

    let refused = hasher.verify("correct horse".into(), None).await;
    drop(held);
    let taken = hasher.verify("correct horse".into(), None).await;

    assert!(matches!(refused, Err(HashError::Busy)));
    assert!(matches!(taken, Ok(false)));
}

#[tokio::test]
async fn a_stored_hash_that_cannot_be_read_is_a_fault_and_no_wrong_password() {
    let hasher = Hasher::new(1, PATIENT).unwrap();

    let result = hasher.verify("correct horse".into(), Some("plain".to_owned())).await;

    assert!(matches!(result, Err(HashError::Failed(_))));
}

#[tokio::test]
async fn a_hash_made_elsewhere_with_other_parameters_still_matches() {
    let hasher = Hasher::new(1, PATIENT).unwrap();
    let params = argon2::Params::new(1_024, 3, 1, None).unwrap();
    let other = argon2::Argon2::from(params);
    let stored = argon2::PasswordHasher::hash_password(&other, b"correct horse").unwrap();

    let matches = hasher.verify("correct horse".into(), Some(stored.to_string())).await.unwrap();

    assert!(matches);
}
