use super::graph::{Package, Use};
use super::{Graph, violations};

#[test]
fn a_house_in_order_breaks_no_rule() {
    let mut house = House::default();
    house.package("order-core", "services/order/core", &[("serde", Use::Normal)]);
    house.package(
        "order",
        "services/order",
        &[("order-core", Use::Normal), ("tokio", Use::Normal)],
    );
    house.package("sandbox-provider", "services/payment/sandbox", &[]);
    house.package("payment", "services/payment", &[("sandbox-provider", Use::InTests)]);

    assert_eq!(violations(&house.0), Vec::<String>::new());
}

#[test]
fn a_core_names_only_what_is_on_its_list() {
    let mut house = House::default();
    house.package(
        "order-core",
        "services/order/core",
        &[("rand", Use::Normal), ("proptest", Use::InTests), ("uuid", Use::Normal)],
    );

    assert_eq!(violations(&house.0), ["order-core may not depend on rand: a core is rules only"],);
}

#[test]
fn a_core_reaches_no_runtime_by_a_detour_either() {
    let mut house = House::default();
    house.package("shop-contracts", "crates/shop-contracts", &[("bytes", Use::Normal)]);
    house.library("bytes", &[("tokio", Use::Normal)]);
    house.package("payment-core", "services/payment/core", &[("shop-contracts", Use::Normal)]);

    assert_eq!(
        violations(&house.0),
        [
            "payment-core may not reach tokio: payment-core -> shop-contracts -> bytes -> tokio",
            "shop-contracts may not reach tokio: shop-contracts -> bytes -> tokio",
        ],
    );
}

#[test]
fn a_service_may_not_depend_on_another_one() {
    let mut house = House::default();
    house.package("catalog", "services/catalog", &[]);
    house.package("order-core", "services/order/core", &[]);
    house.package(
        "email",
        "services/email",
        &[("catalog", Use::InTests), ("order-core", Use::Normal)],
    );

    assert_eq!(
        violations(&house.0),
        [
            "email may not depend on catalog: services meet over HTTP and the broker",
            "email may not depend on order-core: services meet over HTTP and the broker",
        ],
    );
}

#[test]
fn only_the_tests_of_payment_know_the_sandbox_provider() {
    let mut house = House::default();
    house.package("sandbox-provider", "services/payment/sandbox", &[]);
    house.package("payment", "services/payment", &[("sandbox-provider", Use::Normal)]);

    assert_eq!(
        violations(&house.0),
        ["payment may not depend on sandbox-provider: services meet over HTTP and the broker"],
    );
}

#[test]
fn a_bff_may_run_a_service_in_its_tests_alone() {
    let mut house = House::default();
    house.package("identity", "services/identity", &[]);
    house.package("mobile-bff", "bff/mobile", &[("identity", Use::InTests)]);
    house.package("web-bff", "bff/web", &[("identity", Use::Normal)]);

    assert_eq!(
        violations(&house.0),
        ["web-bff may not depend on identity: a BFF asks services over HTTP"],
    );
}

#[test]
fn the_guards_around_calls_know_no_http() {
    let mut house = House::default();
    house.package("resilience", "crates/resilience", &[("tokio", Use::Normal)]);
    house.library("tokio", &[("hyper", Use::Normal)]);

    assert_eq!(
        violations(&house.0),
        ["resilience may not reach hyper: resilience -> tokio -> hyper"],
    );
}

#[test]
fn language_and_frontends_do_not_know_the_chassis() {
    let mut house = House::default();
    house.package("chassis-db", "crates/chassis-db", &[]);
    house.package("shop-kernel", "crates/shop-kernel", &[("chassis-db", Use::Normal)]);
    house.package("shell-ui", "frontend/shell", &[("shop-kernel", Use::Normal)]);

    assert_eq!(
        violations(&house.0),
        [
            "shell-ui may not know the chassis: shell-ui -> shop-kernel -> chassis-db",
            "shop-kernel may not know the chassis: shop-kernel -> chassis-db",
        ],
    );
}

#[test]
fn the_output_of_cargo_is_understood() {
    let json = r#"{
        "workspace_root": "/shop", "workspace_members": ["a"], "version": 1,
        "packages": [
            {"id": "a", "name": "order-core", "manifest_path": "/shop/services/order/core/Cargo.toml"},
            {"id": "b", "name": "tokio", "manifest_path": "/cargo/tokio/Cargo.toml"}
        ],
        "resolve": {"nodes": [
            {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": "dev"}, {"kind": null}]}]},
            {"id": "b", "deps": []}
        ]}
    }"#;

    let graph = Graph::parse(json, "").unwrap();

    assert_eq!(graph.member("order-core").unwrap().folder, "services/order/core");
    assert_eq!(violations(&graph).len(), 2, "{:?}", violations(&graph));
}

/// A workspace made up for a test; ids are names.
#[derive(Default)]
struct House(Graph);

impl House {
    fn package(&mut self, name: &str, folder: &str, uses: &[(&str, Use)]) {
        self.library(name, uses);
        self.0.packages.get_mut(name).unwrap().folder = folder.to_owned();
        self.0.members.insert(name.to_owned());
    }

    fn library(&mut self, name: &str, uses: &[(&str, Use)]) {
        for (used, _) in uses {
            let named = || Package { name: (*used).to_owned(), ..Package::default() };
            self.0.packages.entry((*used).to_owned()).or_insert_with(named);
        }
        let links = uses.iter().filter(|(_, kind)| *kind == Use::Normal);
        let package = Package {
            name: name.to_owned(),
            folder: String::new(),
            uses: uses.iter().map(|(used, kind)| ((*used).to_owned(), *kind)).collect(),
            links: links.map(|(used, _)| (*used).to_owned()).collect(),
        };
        self.0.packages.insert(name.to_owned(), package);
    }
}
