//! The shop in one process: killed in mid-saga, started again, and nothing is missing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use shop_tests::books::Books;
use shop_tests::client::{Call, Client, list};
use shop_tests::load::Load;
use shop_tests::referee::{Leniency, judge, summary};
use shop_tests::shelf::Shelf;
use shop_tests::shopper::Shopper;
use testkit::eventually;
use tokio::process::{Child, Command};
use xtask::workspace::{Profile, program, root};

use crate::crowd::progress;
use crate::logs;
use crate::stage::{OPERATOR_EMAIL, OPERATOR_PASSWORD, SOON, demand_programs, sign_in};
use crate::verb;

/// A first start plays weeks of past orders.
const OPEN_WITHIN: Duration = Duration::from_secs(180);

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_is_killed_in_mid_saga_finishes_its_orders_after_the_next_start() {
    demand_programs();
    let folder = root().join(".shop/whole-shop/demo");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut demo = Demo::start(&folder, "first").await;
    verb::tour(&demo.url).await;
    verb::audit(&demo.url).await;

    let (client, shoppers, operator) = visit(&demo).await;
    let shelf = Shelf::stock_up(&client, &operator).await.unwrap();
    let load = Load::start(&shoppers, &shelf, 10);
    progress(&load, 20, SOON).await;
    let open = some_sagas_are_open(&client, &operator).await;
    demo.kill9().await;
    let demo = Demo::start(&folder, "second").await;
    // On other ports. Those who had no answer ask again, under the same keys.
    client.follow(&demo.url).await.unwrap();
    progress(&load, 10, SOON).await;
    let attempts = load.stop().await.unwrap();

    eprintln!("   killed with {open} orders under way");
    verb::audit(&demo.url).await;
    let operator = sign_in(&client, OPERATOR_EMAIL, OPERATOR_PASSWORD).await;
    let books = Books::read(&client, &operator).await.unwrap();
    eprintln!("   {}", summary(&attempts, &books));
    // Half a minute is all an order has here, and a start on a busy machine may take it.
    assert_eq!(judge(&attempts, &books, Leniency::TimedOut), Vec::<String>::new());
    verb::tour(&demo.url).await;
    let secrets: Vec<String> =
        shoppers.iter().flat_map(Shopper::secrets).map(str::to_owned).chain([operator]).collect();
    let told = ["first", "second"].map(|run| logs::found_in(&log(&folder, run), &secrets)).concat();
    assert_eq!(told, Vec::<String>::new());
    drop(demo);
    fs::remove_dir_all(folder).unwrap();
}

/// `shop demo` as a process.
struct Demo {
    process: Child,
    url: String,
}

impl Demo {
    async fn start(folder: &Path, run: &str) -> Self {
        let log = log(folder, run);
        let output = File::create(&log).unwrap();
        let mut process = Command::new(program(Profile::Dev, "shop"))
            .args(["demo", "--port", "0", "--log", "info", "--data"])
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let url = eventually(OPEN_WITHIN, || {
            let said = fs::read_to_string(&log).unwrap();
            let ended = process.try_wait().unwrap();
            assert!(ended.is_none(), "the demo ended, {ended:?}:\n{said}");
            std::future::ready(address(&said))
        })
        .await;
        Self { process, url }
    }

    async fn kill9(&mut self) {
        self.process.kill().await.unwrap();
    }
}

fn log(folder: &Path, run: &str) -> PathBuf {
    folder.join(format!("{run}.log"))
}

/// The address in what a demo says once it is open.
fn address(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("Saga Shop is open at ")?;
    let url = rest.split_whitespace().next()?;
    // Not half of a line that is being written.
    rest.contains('\n').then(|| url.to_owned())
}

async fn visit(demo: &Demo) -> (Client, Vec<Shopper>, String) {
    let client = Client::find(&demo.url).await.unwrap();
    let operator = sign_in(&client, OPERATOR_EMAIL, OPERATOR_PASSWORD).await;
    let mut shoppers = Vec::new();
    for name in ["ann", "ben", "cho", "dev"] {
        shoppers.push(Shopper::register(&client, name, &operator).await.unwrap());
    }
    (client, shoppers, operator)
}

async fn some_sagas_are_open(client: &Client, operator: &str) -> usize {
    eventually(SOON, || async {
        let call = Call::get("order", "/orders?status=provisional&limit=100").token(operator);
        let page = client.ask(&call).await.ok()?;
        list(&page.body, "/items").map(<[Value]>::len).ok().filter(|open| *open > 0)
    })
    .await
}
