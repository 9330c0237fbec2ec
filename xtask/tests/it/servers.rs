//! Private servers, on the programs of this machine.
//!
//! Selected by the URLs that `cargo shop test` sets: where those are, the programs are too.

use std::env;

use xtask::servers::{MongoDb, Postgres, Programs, RabbitMq};

#[test]
fn a_postgres_keeps_what_it_confirmed_through_kill_9() {
    if !offered("POSTGRES", Programs::find().postgres.is_some()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut postgres = Postgres::start(&dir.path().join("postgres")).unwrap();
    let url = postgres.url();
    postgres
        .run_sql("postgres", "CREATE TABLE mugs (color text); INSERT INTO mugs VALUES ('blue')")
        .unwrap();

    postgres.kill9().unwrap();
    postgres.restart().unwrap();

    assert_eq!(postgres.url(), url);
    postgres
        .run_sql("postgres", "DO $$ BEGIN ASSERT (SELECT color FROM mugs) = 'blue'; END $$")
        .unwrap();
    drop(postgres);
    xtask::servers::wipe(dir.path()).unwrap();
}

#[test]
fn a_rabbitmq_comes_back_after_kill_9_and_leaves_nothing_running() {
    if !offered("AMQP", Programs::find().rabbitmq.is_some()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut rabbitmq = RabbitMq::start(dir.path()).unwrap();
    let url = rabbitmq.url();

    rabbitmq.kill9().unwrap();
    rabbitmq.restart().unwrap();

    assert_eq!(rabbitmq.url(), url);
    drop(rabbitmq);
    assert_eq!(processes_mentioning(dir.path().to_str().unwrap()), Vec::<String>::new());
}

#[test]
fn a_mongodb_takes_writes_after_kill_9_and_on_another_port() {
    if !offered("MONGODB", Programs::find().mongod.is_some()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut mongodb = MongoDb::start(dir.path()).unwrap();
    let url = mongodb.url();
    mongodb.kill9().unwrap();
    mongodb.restart().unwrap();
    assert_eq!(mongodb.url(), url);
    mongodb.stop().unwrap();

    std::fs::remove_file(dir.path().join("mongodb.port")).unwrap();
    let moved = MongoDb::start(dir.path()).unwrap();

    assert_ne!(moved.url(), url);
}

fn offered(server: &str, installed: bool) -> bool {
    let offered = env::var_os(format!("SHOP_TEST_{server}_URL")).is_some() && installed;
    if !offered {
        eprintln!("skipped: no {server} programs to start a private server with");
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
