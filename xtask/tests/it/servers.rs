//! Private servers, on the programs or containers of this machine.
//!
//! Selected by the URLs that `cargo shop test` sets; skipped when those servers are elsewhere.

use std::env;

use xtask::servers::{Engine, Keeping, MongoDb, Postgres, Programs, RabbitMq};

use crate::support::Place;

#[test]
fn a_postgres_keeps_what_it_confirmed_through_kill_9() {
    if !offered("POSTGRES", Programs::find().postgres.is_some()) {
        return;
    }
    for keeping in [Keeping::Lasting, Keeping::Fleeting] {
        let place = Place::default();
        let mut postgres = Postgres::start(&place.of("postgres"), keeping).unwrap();
        let url = postgres.url();
        postgres
            .run_sql("postgres", "CREATE TABLE mugs (color text); INSERT INTO mugs VALUES ('blue')")
            .unwrap();

        postgres.kill9().unwrap();
        postgres.restart().unwrap();

        assert_eq!(postgres.url(), url, "{keeping:?}");
        postgres
            .run_sql("postgres", "DO $$ BEGIN ASSERT (SELECT color FROM mugs) = 'blue'; END $$")
            .unwrap();
    }
}

#[test]
fn a_rabbitmq_comes_back_after_kill_9_and_leaves_nothing_running() {
    if !offered("AMQP", Programs::find().rabbitmq.is_some()) {
        return;
    }
    let place = Place::default();
    let mut rabbitmq = RabbitMq::start(&place.of("rabbitmq")).unwrap();
    let url = rabbitmq.url();

    rabbitmq.kill9().unwrap();
    rabbitmq.restart().unwrap();

    assert_eq!(rabbitmq.url(), url);
    drop(rabbitmq);
    assert_eq!(
        processes_mentioning(&place.of("rabbitmq").display().to_string()),
        Vec::<String>::new()
    );
}

#[test]
fn a_mongodb_takes_writes_after_kill_9_and_on_another_port() {
    if !offered("MONGODB", Programs::find().mongod.is_some()) {
        return;
    }
    let place = Place::default();
    let mut mongodb = MongoDb::start(&place.of("mongodb")).unwrap();
    let url = mongodb.url();
    mongodb.kill9().unwrap();
    mongodb.restart().unwrap();
    assert_eq!(mongodb.url(), url);
    mongodb.stop().unwrap();

    std::fs::remove_file(place.of("mongodb").join("mongodb.port")).unwrap();
    let moved = MongoDb::start(&place.of("mongodb")).unwrap();

    assert_ne!(moved.url(), url);
}

fn offered(server: &str, installed: bool) -> bool {
    let wanted = env::var_os(format!("SHOP_TEST_{server}_URL")).is_some();
    let offered = wanted && (installed || Engine::find().is_some());
    if !offered {
        eprintln!("skipped: nothing to start a private server with ({server})");
    }
    offered
}

fn processes_mentioning(text: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| {
        let line = std::fs::read(process.path().join("cmdline")).ok()?;
        Some(String::from_utf8_lossy(&line).replace('\0', " "))
    });
    lines.filter(|line| line.contains(text)).collect()
}
