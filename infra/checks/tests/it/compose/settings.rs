//! That compose sets what the code reads, and that both mean the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use xtask::process::output_of;
use xtask::run_folder::RunFolder;
use xtask::shop_env::{KINDS, Kind, ShopEnv};
use xtask::stack::{FRAGMENTS, PROGRAMS, STOREFRONT};
use xtask::workspace::root;

use super::{environment, infra, services, text, words};

/// In compose, Mailpit takes the mails.
const ELSEWHERE: &str = "mail-sink";

/// Dotted keys of a TOML file, and their values as written.
fn keys(toml: &str) -> BTreeMap<String, String> {
    let (mut section, mut keys) = (String::new(), BTreeMap::new());
    for line in toml.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = name.to_owned();
            keys.insert(section.clone(), String::new());
        } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            let value = value.split(" #").next().unwrap_or_default().trim().trim_matches('"');
            keys.insert(format!("{section}.{}", key.trim()), value.to_owned());
        }
    }
    keys
}

fn defaults(name: &str) -> BTreeMap<String, String> {
    let folders = ["services", "bff", "services/payment/sandbox", "storefront"];
    let last = |name: &str| name.trim_end_matches("-bff").to_owned();
    let places = folders.iter().flat_map(|folder| {
        [root().join(folder), root().join(folder).join(name), root().join(folder).join(last(name))]
    });
    let is_its = |place: &std::path::PathBuf| {
        let manifest = fs::read_to_string(place.join("Cargo.toml")).unwrap_or_default();
        manifest.contains(&format!("name = \"{name}\"\n"))
    };
    let place = places.into_iter().find(is_its).unwrap_or_else(|| panic!("no package {name}"));
    keys(&fs::read_to_string(place.join("config/default.toml")).unwrap())
}

/// `SHOP_HTTP__BIND` is `http.bind`.
fn dotted(variable: &str) -> Option<String> {
    Some(variable.strip_prefix("SHOP_")?.to_lowercase().replace("__", "."))
}

/// What compose gives one service: its environment, and the file that the passwords are in.
fn given(name: &str, service: &Value, secrets: &Path) -> BTreeSet<String> {
    let variables = words(&service["environment"]).into_iter().filter_map(dotted);
    let file = fs::read_to_string(secrets.join(name).join("settings.toml")).unwrap_or_default();
    variables.chain(keys(&file).into_keys()).collect()
}

fn make_secrets(folder: &Path) {
    let mut command = Command::new("sh");
    output_of(command.arg(infra("secrets/make.sh")).arg(folder), None).unwrap();
}

#[test]
fn what_processes_are_started_with_on_this_machine_containers_are_started_with_too() {
    let (folder, secrets) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make_secrets(secrets.path());
    let run = RunFolder::open(folder.path()).unwrap();
    let shop = ShopEnv {
        addresses: &BTreeMap::new(),
        smtp: "127.0.0.1:25",
        secrets: &run,
        postgres_url: "postgres://admin@127.0.0.1:5432/postgres".to_owned(),
        amqp_url: "amqp://127.0.0.1".to_owned(),
        mongodb_url: "mongodb://127.0.0.1:27017/?replicaSet=rs0".to_owned(),
        files: run.path(),
    };
    let services = services("compose.yaml");

    for kind in KINDS.into_iter().filter(|kind| kind.name != ELSEWHERE) {
        let known = defaults(kind.name);
        let given = given(kind.name, &services[kind.name], secrets.path());
        for variable in shop.settings(kind, "127.0.0.1:1").unwrap().keys() {
            let Some(key) = dotted(variable) else { continue };
            // Some are handed to all, and read by those whom they concern. A table without keys takes any.
            let table = key.rsplit_once('.').map(|(table, _)| table).unwrap_or_default();
            let is_open = known.contains_key(table)
                && !known.keys().any(|it| it.starts_with(&format!("{table}.")));
            let is_wanted = known.contains_key(&key) || is_open && is_asked_for(&key, &services);
            assert!(
                !is_wanted || given.contains(&key),
                "compose does not set {variable} for {}",
                kind.name
            );
        }
    }
}

/// Whether the service whose secret it is has a use for one.
fn is_asked_for(key: &str, services: &serde_json::Map<String, Value>) -> bool {
    let name = key.rsplit('.').next().unwrap_or_default().replace('_', "-");
    services.contains_key(&name) && defaults(&name).contains_key("auth.service_secret")
}

#[test]
fn nothing_is_set_that_nobody_reads() {
    let secrets = tempfile::tempdir().unwrap();
    make_secrets(secrets.path());
    for (name, service) in services("compose.yaml") {
        let is_ours = service["image"].as_str().unwrap().starts_with("${SHOP_IMAGES");
        if !is_ours || name == "gateway-keys" {
            continue;
        }
        let program = if FRAGMENTS.contains(&name.as_str()) { STOREFRONT } else { name.as_str() };
        let known = defaults(program);
        // A table that is open takes any key; peers, telemetry and the file are handed to all.
        let for_all =
            |key: &str| ["peers.", "telemetry.", "config"].iter().any(|it| key.starts_with(it));
        for key in given(&name, &service, secrets.path()) {
            let table = key.split('.').next().unwrap_or_default();
            assert!(
                known.contains_key(&key) || for_all(&key) || table == "service_secrets",
                "{name} has no setting {key}",
            );
        }
    }
}

#[test]
fn everybody_listens_where_the_others_look() {
    let services = services("compose.yaml");
    for (name, service) in &services {
        let Some(bind) = environment(service, "SHOP_HTTP__BIND") else { continue };
        let program = if FRAGMENTS.contains(&name.as_str()) { STOREFRONT } else { name.as_str() };
        let port = defaults(program)["http.bind"].rsplit_once(':').unwrap().1.to_owned();
        assert_eq!(bind, format!("0.0.0.0:{port}"), "{name} listens elsewhere than alone");
        for (key, value) in service["environment"].as_object().unwrap() {
            let Some(peer) = key.strip_prefix("SHOP_PEERS__") else { continue };
            let peer = peer.to_lowercase().replace('_', "-");
            let peer = if peer == "provider" { "sandbox-provider" } else { &peer };
            let there = environment(&services[peer], "SHOP_HTTP__BIND").unwrap();
            let address = format!("http://{peer}:{}", there.rsplit_once(':').unwrap().1);
            assert_eq!(value.as_str().unwrap(), address, "{name} looks for {peer} elsewhere");
        }
    }
    let fragments = environment(&services[STOREFRONT], "SHOP_UI__FRAGMENTS").unwrap();
    assert_eq!(fragments, FRAGMENTS.map(|name| format!("{name}=http://{name}:8080")).join(","));
}

#[test]
fn every_program_has_an_image_and_every_image_a_program() {
    let services = services("compose.yaml");
    for name in PROGRAMS {
        assert_eq!(services[name]["build"]["args"]["BIN"], name);
        assert_eq!(services[name]["build"]["target"], "program");
    }
    for name in FRAGMENTS {
        assert_eq!(services[name]["build"]["args"]["FRAGMENT"], name);
    }
    let built = services.iter().filter(|(_, service)| service.get("build").is_some());
    let built: BTreeSet<_> = built
        .map(|(name, service)| {
            let image =
                format!("${{SHOP_IMAGES:-localhost/saga-shop}}/{name}:${{SHOP_VERSION:-dev}}");
            assert_eq!(service["image"], image);
            name.as_str()
        })
        .collect();
    assert_eq!(built, PROGRAMS.into_iter().chain(FRAGMENTS).chain([STOREFRONT]).collect());

    let dockerfile = text("images/Dockerfile");
    let line = dockerfile.lines().find_map(|line| line.strip_prefix("ENV PROGRAMS=\"")).unwrap();
    let compiled: BTreeSet<_> = line.split('"').next().unwrap().split(' ').collect();
    assert_eq!(compiled, PROGRAMS.into_iter().chain([STOREFRONT]).collect());
    for kind in KINDS.into_iter().filter(|kind| kind.name != ELSEWHERE) {
        assert!(compiled.contains(kind.name), "no image of {}", kind.name);
    }
}

#[test]
fn databases_and_roles_are_called_as_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    make_secrets(folder.path());
    let roles = fs::read_to_string(folder.path().join("postgres/roles")).unwrap();
    let roles: BTreeSet<_> = roles.lines().filter_map(|line| line.split(' ').next()).collect();

    let kinds = KINDS.into_iter().filter(|kind| kind.store == xtask::shop_env::Store::Postgres);
    let wanted: BTreeSet<_> = kinds.map(Kind::database).collect();
    assert_eq!(roles, wanted.iter().map(String::as_str).collect());
    for name in &roles {
        let service = name.strip_prefix("shop_").unwrap();
        let settings = folder.path().join(service).join("settings.toml");
        let url = &keys(&fs::read_to_string(settings).unwrap())["database.url"];
        assert!(
            url.starts_with(&format!("postgres://{name}:")) && url.ends_with(&format!("/{name}")),
            "{url}"
        );
    }
}

#[test]
fn the_accounts_that_are_told_are_those_that_identity_plants() {
    let seed = fs::read_to_string(root().join("services/identity/src/seed.rs")).unwrap();
    for file in ["storefront/demo.json", "check/shop.json"] {
        let manifest: Value = serde_json::from_str(&text(file)).unwrap();
        let accounts = manifest["accounts"].as_array().unwrap();
        assert_eq!(accounts.len(), seed.matches("DemoAccount = DemoAccount {").count(), "{file}");
        for account in accounts {
            for key in ["name", "email", "password"] {
                let planted = format!("{key}: {}", account[key]);
                assert!(seed.contains(&planted), "{file}: {planted} is not planted");
            }
        }
    }
}

#[test]
fn what_can_be_chosen_is_all_in_the_example() {
    let (compose, example) = (text("compose.yaml"), text(".env.example"));
    let used: BTreeSet<_> = compose
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split([':', '}']).next())
        .filter(|name| name.starts_with("SHOP_"))
        .collect();
    let lines = example.lines().filter(|line| !line.starts_with('#'));
    let told: BTreeMap<_, _> = lines.filter_map(|line| line.split_once('=')).collect();

    assert_eq!(used, told.keys().copied().collect());
    for (name, value) in told {
        assert!(compose.contains(&format!("${{{name}:-{value}}}")), "{name} is another by default");
    }
}
