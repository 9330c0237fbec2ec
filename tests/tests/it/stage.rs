//! A shop of processes to play a scenario in, and what every step needs of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use shop_tests::attempt::Attempt;
use shop_tests::books::{Books, human_steps};
use shop_tests::client::{Call, Client, text};
use shop_tests::referee::{Leniency, judge, summary};
use shop_tests::shopper::PATIENCE;
use tokio::runtime::Runtime;
use xtask::local_shop::{FRONT, LocalShop, Plan};
use xtask::shop_env::KINDS;
use xtask::workspace::{Profile, program, root};

use crate::verb;

/// After anything was killed: a debug build on a busy machine with two cores.
pub(crate) const SOON: Duration = Duration::from_secs(60);

pub(crate) const OPERATOR_EMAIL: &str = "operator@example.org";
pub(crate) const OPERATOR_PASSWORD: &str = "demo-operator-2026";

/// The shop, an operator's token, and all that must never be seen in a log.
pub(crate) struct Stage {
    pub(crate) local: LocalShop,
    pub(crate) client: Client,
    /// For what no client of ours would send.
    pub(crate) http: reqwest::Client,
    pub(crate) operator: String,
    pub(crate) secrets: Vec<String>,
    pub(crate) data: PathBuf,
    /// What waited for a person before the step: the tour leaves a refund nobody can make.
    known_steps: Vec<String>,
}

impl Stage {
    pub(crate) fn set(runtime: &Runtime, scenario: &str, change: impl FnOnce(&mut Plan)) -> Self {
        demand_programs();
        let data = root().join(".shop/whole-shop").join(scenario);
        let mut plan = Plan { fresh: true, ..Plan::new(&data) };
        plan.replicas.insert("order".into(), 2);
        change(&mut plan);

        let local = LocalShop::start(&plan).unwrap_or_else(|error| panic!("{error:#}"));
        let client = runtime.block_on(Client::find(&local.url())).unwrap();
        let secrets = vec![OPERATOR_PASSWORD.to_owned()];
        let (http, operator, known_steps) = (reqwest::Client::new(), String::new(), Vec::new());
        Self { local, client, http, operator, secrets, data, known_steps }
    }

    /// Signs the operator in again: scenarios may outlast a token.
    pub(crate) async fn begin_step(&mut self) {
        self.operator = sign_in(&self.client, OPERATOR_EMAIL, OPERATOR_PASSWORD).await;
        self.secrets.push(self.operator.clone());
        let steps = human_steps(&self.client, &self.operator).await.unwrap();
        self.known_steps = steps.into_iter().filter(|step| !step.starts_with("dead")).collect();
    }

    /// Demands that nothing waits for a person that did not before the step.
    pub(crate) async fn nobody_has_to_do_anything(&self) {
        let steps = human_steps(&self.client, &self.operator).await.unwrap();
        let new: Vec<_> = steps.iter().filter(|step| !self.known_steps.contains(step)).collect();
        assert!(new.is_empty(), "somebody has to do something: {new:#?}");
    }

    /// Every process but the start page, as the supervisor knows them.
    pub(crate) fn processes(&self) -> Vec<String> {
        let names = self.local.services().names();
        names.into_iter().filter(|name| name != FRONT).collect()
    }

    /// Where the services' logs and passwords are.
    pub(crate) fn service_folder(&self) -> PathBuf {
        folder_of_services(&self.data)
    }

    /// Waits until all is quiet, and demands that everything adds up and nobody has to do anything.
    pub(crate) async fn must_be_in_order(&self, attempts: &[Attempt], leniency: Leniency) -> Books {
        verb::audit(&self.local.url()).await;
        self.nobody_has_to_do_anything().await;

        let books = Books::read(&self.client, &self.operator).await.unwrap();
        let complaints = judge(attempts, &books, leniency);
        let told = complaints.join("\n");
        assert!(complaints.is_empty(), "{} complaints:\n{told}", complaints.len());
        eprintln!("   {}", summary(attempts, &books));
        books
    }

    /// Stops everything and deletes the data.
    pub(crate) fn clear(self) {
        let data = self.data.clone();
        self.local.stop();
        xtask::servers::wipe(&data.join("servers")).unwrap();
        std::fs::remove_dir_all(data).unwrap();
    }

    /// Stops everything and tells where the logs are.
    pub(crate) fn close(self) -> PathBuf {
        let logs = self.service_folder();
        self.local.stop();
        logs
    }
}

fn folder_of_services(data: &Path) -> PathBuf {
    data.join("services")
}

/// An access token.
pub(crate) async fn sign_in(client: &Client, email: &str, password: &str) -> String {
    let body = json!({ "email": email, "password": password });
    let session = Call::post("identity", "/sessions").json(&body);
    let session = client.insist(&session, PATIENCE).await.unwrap().ok().unwrap();
    text(&session, "/access_token").unwrap().to_owned()
}

/// Fails when a program was not built, for a test that is skipped proves nothing.
pub(crate) fn demand_programs() {
    for name in KINDS.map(|kind| kind.name).into_iter().chain(["shop"]) {
        let program = program(Profile::Dev, name);
        assert!(
            program.exists(),
            "{} is not there: run `cargo shop test`, or `cargo build --workspace --bins` first",
            program.display(),
        );
    }
}
