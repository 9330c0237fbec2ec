//! Who scales by what, and that the stores can take it.

use infra_checks::cluster::{Cluster, NAME, OVERLAYS};
use infra_checks::object::{at, kind, label, list, name, text};
use infra_checks::settings::Settings;
use serde_json::Value;
use shop_contracts::routing::QUEUES;

use super::{MESH, PRODUCTION, cluster};

/// Those whose work comes with requests.
const ON_CPU: [&str; 4] = ["identity", "order", "web-bff", "mobile-bff"];
/// Those whose work waits in a queue.
const ON_QUEUE: [(&str, &str); 4] = [
    ("payment", "payment.orders"),
    ("catalog", "catalog.orders"),
    ("email", "email.notices"),
    ("order-history", "order-history.facts"),
];

#[test]
fn consumers_scale_on_their_queue_and_the_others_on_cpu() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        for service in ON_CPU {
            let scaler = cluster.find("HorizontalPodAutoscaler", service).expect(service);
            assert_eq!(text(scaler, "spec/scaleTargetRef/name"), service);
            assert_eq!(text(scaler, "spec/metrics/0/resource/name"), "cpu");
            assert_eq!(at(&deployment(&cluster, service), "spec/replicas"), &Value::Null);
        }
        for (service, queue) in ON_QUEUE {
            let scaler = cluster.find("ScaledObject", service).expect(service);
            assert_eq!(text(scaler, "spec/scaleTargetRef/name"), service);
            assert_eq!(text(scaler, "spec/triggers/0/metadata/queueName"), queue);
            let login = text(scaler, "spec/triggers/0/authenticationRef/name");
            assert!(cluster.find("TriggerAuthentication", login).is_some(), "{service}: {login}");
            assert_eq!(at(&deployment(&cluster, service), "spec/replicas"), &Value::Null);
        }
    }
}

#[test]
fn every_queue_of_the_routing_table_has_somebody_who_scales_with_it() {
    for queue in QUEUES {
        let (service, _) = queue.name.split_once('.').unwrap();
        // The order service answers people as well: its CPU tells of both.
        let scales = ON_QUEUE.contains(&(service, queue.name)) || ON_CPU.contains(&service);
        assert!(scales, "{} fills and nobody comes", queue.name);
    }
    for (service, queue) in ON_QUEUE {
        assert!(QUEUES.iter().any(|known| known.name == queue), "{service} waits for {queue}");
    }
}

#[test]
fn in_production_everything_runs_twice_at_least() {
    for overlay in [PRODUCTION, MESH] {
        let Some(cluster) = cluster(overlay) else { return };
        // The canary is one on purpose: the stable ones stand beside it.
        for service in cluster.services().filter(|service| !name(service).ends_with("-canary")) {
            let replicas = at(service, "spec/replicas").as_u64().or_else(|| {
                let least =
                    |of: &str, path: &str| at(cluster.find(of, name(service))?, path).as_u64();
                least("HorizontalPodAutoscaler", "spec/minReplicas")
                    .or_else(|| least("ScaledObject", "spec/minReplicaCount"))
            });
            assert!(replicas >= Some(2), "{overlay}: {} has {replicas:?}", name(service));
        }
        let of_stores = [
            ("Cluster", "spec/instances"),
            ("RabbitmqCluster", "spec/replicas"),
            ("MongoDBCommunity", "spec/members"),
        ];
        for (of, path) in of_stores {
            assert_eq!(at(cluster.all(of).next().unwrap(), path), 3, "{overlay}: {of}");
        }
    }
}

#[test]
fn postgres_takes_the_connections_of_all_replicas_there_may_be() {
    for overlay in OVERLAYS {
        let Some(cluster) = cluster(overlay) else { return };
        let mut most = 0;
        for service in cluster.services() {
            let pod = at(service, "spec/template");
            if label(pod, "shop/store") == "postgres" {
                let pool = Settings::of(label(service, NAME)).unwrap().max_connections().unwrap();
                // A rollout has one more for a while, and a migration one connection.
                most += pool * (most_replicas(&cluster, name(service)) + 1) + 1;
            }
        }
        let parameters = cluster.find("Cluster", "postgres").unwrap();
        let bound = text(parameters, "spec/postgresql/parameters/max_connections");
        // What its operator, replication and a person in need take.
        let reserve = 20;
        assert!(most + reserve <= bound.parse().unwrap(), "{overlay}: {most} of {bound}");
        println!("{overlay}: at most {most} of {bound} connections");
    }
}

#[test]
fn each_service_has_a_role_a_database_and_a_secret_for_both() {
    let Some(cluster) = cluster(PRODUCTION) else { return };
    let postgres = cluster.find("Cluster", "postgres").unwrap();
    for service in cluster.services() {
        let pod = at(service, "spec/template");
        if label(pod, "shop/store") != "postgres" {
            continue;
        }
        let service = name(service);
        let role = format!("shop_{service}");
        let secret = format!("{service}-database");
        let database = cluster.find("Database", service).expect(service);
        assert_eq!((text(database, "spec/name"), text(database, "spec/owner")), (&*role, &*role));
        let roles = list(postgres, "spec/managed/roles");
        let known = roles.iter().find(|known| known["name"] == *role).expect(service);
        assert_eq!(text(known, "passwordSecret/name"), secret);
        let from = list(pod, "spec/containers/0/envFrom");
        assert!(from.iter().any(|from| text(from, "secretRef/name") == secret), "{service}");
    }
    // The name of the role is that of its database, and nothing else is let in.
    let rules: Vec<&str> =
        list(postgres, "spec/postgresql/pg_hba").iter().filter_map(Value::as_str).collect();
    assert_eq!(rules, ["hostssl sameuser all all scram-sha-256", "host all all all reject"]);
}

fn deployment(cluster: &Cluster, service: &str) -> Value {
    cluster.find("Deployment", service).expect(service).clone()
}

fn most_replicas(cluster: &Cluster, deployment: &str) -> i64 {
    let scaler = cluster
        .objects
        .iter()
        .filter(|o| ["HorizontalPodAutoscaler", "ScaledObject"].contains(&kind(o)))
        .find(|o| text(o, "spec/scaleTargetRef/name") == deployment);
    let of_scaler = scaler.and_then(|scaler| {
        at(scaler, "spec/maxReplicas").as_i64().or(at(scaler, "spec/maxReplicaCount").as_i64())
    });
    let fixed = || at(cluster.find("Deployment", deployment)?, "spec/replicas").as_i64();
    of_scaler.or_else(fixed).unwrap_or(1)
}
