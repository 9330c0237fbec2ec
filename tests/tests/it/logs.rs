//! What a log must never hold.

use std::path::{Path, PathBuf};

use shop_tests::intent::Pay;

use crate::stage::Stage;

/// Searches every log of every process of the shop.
pub(crate) async fn nothing_secret_was_logged(stage: &mut Stage) {
    let (folder, secrets) = (stage.service_folder(), secrets(stage));

    let logs = files_of(&folder, "log");

    assert!(logs.len() >= stage.processes().len(), "logs are missing: {logs:?}");
    let found: Vec<String> = logs.iter().flat_map(|log| found_in(log, &secrets)).collect();
    assert_eq!(found, Vec::<String>::new());
}

/// What was made up for this shop and for those who shop in it.
fn secrets(stage: &Stage) -> Vec<String> {
    let mut secrets = stage.secrets.clone();
    // Of databases, of services among themselves, of the shop with its provider.
    for file in files_of(&stage.service_folder(), "password") {
        secrets.push(std::fs::read_to_string(file).unwrap().trim().to_owned());
    }
    assert!(secrets.iter().all(|secret| secret.len() >= 8), "too short to be searched for");
    secrets
}

/// What nobody may be told: secrets, card numbers, and anything like a token.
pub(crate) fn forbidden(stage: &Stage) -> Vec<String> {
    forbidden_with(&secrets(stage))
}

fn forbidden_with(secrets: &[String]) -> Vec<String> {
    let cards = Pay::CARDS.iter().flat_map(|(_, number)| {
        [(*number).to_owned(), number.replace(' ', ""), number.replace(' ', "-")]
    });
    // Every signed token begins like this: it is `{"` in base64.
    let mut forbidden: Vec<String> = cards.chain(["eyJ".to_owned()]).collect();
    forbidden.extend_from_slice(secrets);
    forbidden
}

/// Every line of a log that holds a secret, a card number or anything like a token.
pub(crate) fn found_in(log: &Path, secrets: &[String]) -> Vec<String> {
    let forbidden = forbidden_with(secrets);
    let text = String::from_utf8_lossy(&std::fs::read(log).unwrap()).into_owned();
    assert!(!text.is_empty(), "{} says nothing, so this proves nothing", log.display());
    let is_told = |line: &&str| forbidden.iter().any(|secret| line.contains(secret.as_str()));
    text.lines().filter(is_told).map(|line| format!("{}: {line}", log.display())).collect()
}

fn files_of(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|it| it == extension)).collect()
}
