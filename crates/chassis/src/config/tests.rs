use std::io::Write as _;

use serde::Deserialize;

use super::*;

const DEFAULTS: &str = r#"
[http]
bind = "127.0.0.1:8101"
workers = 1
public_url = ""

[database]
url = "postgres://ada:lovelace@db/orders"
max_connections = 10

[peers]
identity = "http://one:1/, http://two:2"

[auth]
service_secret = "hush"
"#;

#[derive(Debug, Deserialize)]
struct Example {
    http: HttpConfig,
    database: DatabaseConfig,
    peers: PeersConfig,
}

#[test]
fn an_override_wins_over_the_default() {
    let config: Example =
        load_from(DEFAULTS, &[("http.bind", "0.0.0.0:1"), ("database.max_connections", "3")])
            .unwrap();

    assert_eq!(config.http.bind, "0.0.0.0:1");
    assert_eq!(config.database.max_connections, 3);
}

#[test]
fn an_unknown_override_is_refused_by_name() {
    let refused = load_from::<Example>(DEFAULTS, &[("http.bnid", "x")]);

    assert_eq!(refused.unwrap_err().to_string(), "unknown setting http.bnid");
}

#[test]
fn an_unknown_key_in_a_file_is_refused_by_name() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[database]\nmax_conections = 3\n").unwrap();

    let refused = Settings::from_environment(DEFAULTS, Some(file.path())).unwrap_err();

    assert!(refused.to_string().contains("database.max_conections"), "{refused}");
}

#[test]
fn a_file_wins_over_the_default() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[peers]\nidentity = [\"http://three:3\"]\n").unwrap();

    let settings = Settings::from_environment(DEFAULTS, Some(file.path())).unwrap();

    assert_eq!(settings.read::<Example>().unwrap().peers.identity.0, ["http://three:3"]);
}

#[test]
fn peers_may_be_one_text_with_commas() {
    let config: Example = load_from(DEFAULTS, &[]).unwrap();

    assert_eq!(config.peers.identity.0, ["http://one:1", "http://two:2"]);
}

#[test]
fn secrets_are_neither_shown_nor_debug_printed() {
    let settings = Settings::from_overrides(DEFAULTS, &[]).unwrap();

    let shown = settings.shown();
    let debug = format!("{:?}", settings.read::<Example>().unwrap());

    assert!(shown.contains("database.url = \"postgres://ada:<secret>@db/orders\""), "{shown}");
    assert!(!shown.contains("hush"), "{shown}");
    assert!(!debug.contains("lovelace"), "{debug}");
}
