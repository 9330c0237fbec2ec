//! No service opens the store of another.

use std::collections::BTreeMap;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database};
use xtask::shop_env::{KINDS, Store};
use xtask::url::{self, Url};

use crate::stage::Stage;

const URL: &str = "SHOP_DATABASE__URL";

/// Takes the address each process was really started with, and tries every other door with it.
pub(crate) async fn no_service_opens_the_store_of_another(stage: &mut Stage) {
    let stores = stores(stage);
    assert_eq!(stores.len(), 5, "those on PostgreSQL: {:?}", stores.keys());

    for (service, own) in &stores {
        open(own).await.unwrap_or_else(|error| panic!("{service} and its own store: {error}"));
        for (other, theirs) in stores.iter().filter(|(other, _)| *other != service) {
            let name = Url::parse(theirs).unwrap().name().to_owned();
            let foreign = url::with_name(own, &name).unwrap();
            let refusal = open(&foreign).await.unwrap_err();
            assert!(refusal.contains("permission denied"), "{service} at {other}: {refusal}");

            let stolen = theirs.replace(&password(theirs), &password(own));
            let refusal = open(&stolen).await.unwrap_err();
            assert!(refusal.contains("authentication failed"), "{service} as {other}: {refusal}");
        }
    }
}

/// Looks into the environment each process really has.
pub(crate) async fn no_process_knows_the_password_of_anothers_store(stage: &mut Stage) {
    let stores = stores(stage);
    let superuser = password(&stage.local.servers().postgres_url());

    for process in stage.processes() {
        let text = format!("{:?}", environment(stage, &process));
        assert!(!text.contains(&superuser), "{process} knows the superuser");
        let own = process.trim_end_matches("-2");
        for (other, theirs) in stores.iter().filter(|(other, _)| other.as_str() != own) {
            assert!(!text.contains(&password(theirs)), "{process} knows the password of {other}");
        }
        assert!(own == "order-history" || !text.contains("mongodb:"), "{process} knows MongoDB");
    }
}

/// Where every service with a store on PostgreSQL keeps it.
pub(crate) fn stores(stage: &Stage) -> BTreeMap<String, String> {
    let on_postgres = KINDS.into_iter().filter(|kind| kind.store == Store::Postgres);
    on_postgres
        .map(|kind| (kind.name.to_owned(), environment(stage, kind.name).remove(URL).unwrap()))
        .collect()
}

fn environment(stage: &Stage, process: &str) -> BTreeMap<String, String> {
    let pid = stage.local.services().pid(process).unwrap().unwrap();
    let bytes = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn password(url: &str) -> String {
    Url::parse(url).unwrap().password.unwrap()
}

async fn open(url: &str) -> Result<(), String> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).connect_timeout(Duration::from_secs(5)).sqlx_logging(false);
    let connection = Database::connect(options).await.map_err(|error| format!("{error:?}"))?;
    connection.close().await.map_err(|error| error.to_string())
}
