//! What a container may do, whom it may meet, and what it may take.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::json;
use xtask::process::output_of;
use xtask::shop_env::{KINDS, Store};
use xtask::workspace::root;

use super::{all_services, infra, services, text, words};

#[test]
fn every_container_is_confined() {
    for (name, service) in all_services() {
        let image = service["image"].as_str().unwrap();
        let is_ours = image.starts_with("${SHOP_IMAGES:-");

        assert_eq!(service["read_only"], true, "{name} may write");
        assert_eq!(service["cap_drop"], json!(["ALL"]), "{name} has capabilities");
        assert!(service.get("cap_add").is_none(), "{name} has capabilities");
        assert!(service.get("privileged").is_none(), "{name} is privileged");
        assert_eq!(service["security_opt"], json!(["no-new-privileges:true"]), "{name}");
        assert!(service["mem_limit"].as_str().is_some_and(|it| it.ends_with('m')), "{name}");
        assert!(
            service["pids_limit"].as_u64().is_some(),
            "{name} may start any number of processes"
        );
        // Ours say so themselves. The one that makes the passwords writes into volumes that are root's.
        let is_nobody = service["user"].as_str().is_some_and(|user| !user.starts_with("0:"));
        assert!(is_ours || is_nobody || name == "secrets", "{name} runs as root");
    }
}

#[test]
fn every_container_tells_how_it_is_and_waits_for_those_it_needs() {
    for (name, service) in all_services() {
        let test = words(&service["healthcheck"]["test"]);
        assert!(name == "secrets" || test.first() == Some(&"CMD"), "{name} has no health check");
        if let Some(needs) = service["depends_on"].as_object() {
            for (other, how) in needs {
                let wanted = if other == "secrets" {
                    "service_completed_successfully"
                } else {
                    "service_healthy"
                };
                assert_eq!(
                    how["condition"], wanted,
                    "{name} waits for {other} to be there, not to be ready"
                );
            }
        }
    }
}

#[test]
fn images_are_pinned_to_a_line_that_gets_fixes_only() {
    let dockerfile = text("images/Dockerfile");
    let bases = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM "));
    let bases = bases.filter_map(|rest| rest.split(' ').next()).filter(|name| name.contains('.'));
    let named = all_services()
        .into_iter()
        .map(|(_, service)| service["image"].as_str().unwrap().to_owned());

    for image in bases.map(str::to_owned).chain(named) {
        let (_, tag) = image.rsplit_once(':').unwrap();
        let is_pinned = tag.chars().any(|letter| letter.is_ascii_digit());
        // Distroless has no versions: its name holds that of Debian.
        let is_named = image.contains("SHOP_VERSION") || image.contains("cc-debian12");
        assert!((is_pinned || is_named) && tag != "latest", "{image} may be anything");
        assert!(image.contains('/'), "{image} does not say from which registry");
    }
}

#[test]
fn one_port_is_open_to_others_if_somebody_wants_it() {
    for (name, service) in all_services() {
        for port in words(&service["ports"]) {
            let is_gateway = name == "gateway" && port.starts_with("${SHOP_ADDRESS:-127.0.0.1}:");
            assert!(is_gateway || port.starts_with("127.0.0.1:"), "{name} publishes {port}");
        }
    }
    let published: Vec<_> =
        services("compose.yaml").into_iter().filter(|(_, it)| it.get("ports").is_some()).collect();
    let published: Vec<_> = published.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(published, ["gateway", "mailpit"]);
}

#[test]
fn a_store_meets_those_that_use_it_and_nobody_else() {
    let services = services("compose.yaml");
    let on = |network: &str| -> BTreeSet<String> {
        let there = services.iter().filter(|(_, it)| words(&it["networks"]).contains(&network));
        there.map(|(name, _)| name.clone()).collect()
    };
    let using = |store: Store, server: &str| -> BTreeSet<String> {
        let kinds = KINDS.into_iter().filter(|kind| kind.store == store);
        kinds.map(|kind| kind.name.to_owned()).chain([server.to_owned()]).collect()
    };

    assert_eq!(on("postgres"), using(Store::Postgres, "postgres"));
    assert_eq!(on("mongo"), using(Store::MongoDb, "mongo"));
    // The way in leads to nobody but those who are made for it.
    for (name, service) in &services {
        let networks = words(&service["networks"]);
        assert!(!(networks.contains(&"edge") && networks.contains(&"broker")), "{name}");
    }
    let networks = infra_checks::yaml::read(&infra("compose.yaml")).unwrap()["networks"].clone();
    for inner in ["services", "broker", "postgres", "mongo", "mail"] {
        assert_eq!(networks[inner]["internal"], true, "{inner} has a way out");
    }
}

#[test]
fn a_volume_of_secrets_is_given_to_one_program() {
    let mut given = BTreeSet::new();
    for (name, service) in services("compose.yaml").iter().filter(|(name, _)| *name != "secrets") {
        for volume in words(&service["volumes"]) {
            let Some(rest) = volume.strip_prefix("secrets") else { continue };
            assert_eq!(rest, format!("-{name}:/run/shop:ro"), "{name} reads another's secrets");
            assert!(given.insert(rest.to_owned()), "{rest} is given twice");
        }
    }
    assert!(given.len() > 9, "{given:?}");
}

#[test]
fn no_secret_is_in_the_repository_and_every_shop_has_its_own() {
    for file in ["compose.yaml", "compose.check.yaml", ".env.example", "secrets/make.sh"] {
        let long = text(file);
        let long =
            long.split(|letter: char| !letter.is_ascii_hexdigit()).find(|run| run.len() >= 32);
        assert_eq!(long, None, "{file} holds what looks like a secret");
    }
    for (name, service) in all_services() {
        for (key, value) in service["environment"].as_object().into_iter().flatten() {
            let is_secret = ["PASS", "SECRET", "TOKEN", "DSN"].iter().any(|it| key.contains(it));
            let value = value.as_str().unwrap_or_default();
            let is_elsewhere = value.starts_with("/run/shop/") || value.ends_with(":-}");
            assert!(!is_secret || is_elsewhere, "{name} has {key} in the open");
        }
    }
    let tracked =
        output_of(Command::new("git").args(["ls-files", "infra"]).current_dir(root()), None);
    assert!(!tracked.unwrap_or_default().lines().any(|name| name.ends_with("/.env")));

    let make = |folder: &std::path::Path| {
        let mut command = Command::new("sh");
        output_of(command.arg(infra("secrets/make.sh")).arg(folder), None).unwrap();
        fs::read_to_string(folder.join("postgres/superuser")).unwrap()
    };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = make(one.path());
    assert!(first.len() >= 32, "{first}");
    assert_ne!(first, make(two.path()), "two shops have the same password");
    assert_eq!(first, make(one.path()), "a second start makes another password");
}
