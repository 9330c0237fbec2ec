//! The shop in one process: killed in mid-saga, started again, and nothing is missing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use shop_tests::books::Books;
use shop_tests::client::{Call, Client, list};
use shop_tests::demo::Demo;
use shop_tests::load::Load;
use shop_tests::referee::{Leniency, judge, summary};
use shop_tests::shelf::Shelf;
use shop_tests::shopper::Shopper;
use testkit::eventually;
use xtask::workspace::{Profile, program, root};

use crate::crowd::progress;
use crate::logs;
use crate::stage::{OPERATOR_EMAIL, OPERATOR_PASSWORD, SOON, demand_programs, sign_in};
use crate::verb;

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_is_killed_in_mid_saga_finishes_its_orders_after_the_next_start() {
    demand_programs();
    let folder = root().join(".shop/whole-shop/demo");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let mut demo = start(&folder, "first").await;
    verb::tour(demo.url()).await;
    verb::audit(demo.url()).await;

    let (client, shoppers, operator) = visit(&demo).await;
    let shelf = Shelf::stock_up(&client, &operator).await.unwrap();
    let load = Load::start(&shoppers, &shelf, 10);
    progress(&load, 20, SOON).await;
    let open = some_sagas_are_open(&client, &operator).await;
    demo.kill9().await.unwrap();
    let demo = start(&folder, "second").await;
    // On other ports. Those who had no answer ask again, under the same keys.
    client.follow(demo.url()).await.unwrap();
    progress(&load, 10, SOON).await;
    let attempts = load.stop().await.unwrap();

    eprintln!("   killed with {open} orders under way");
    verb::audit(demo.url()).await;
    let operator = sign_in(&client, OPERATOR_EMAIL, OPERATOR_PASSWORD).await;
    let books = Books::read(&client, &operator).await.unwrap();
    eprintln!("   {}", summary(&attempts, &books));
    // Half a minute is all an order has here, and a start on a busy machine may take it.
    assert_eq!(judge(&attempts, &books, Leniency::TimedOut), Vec::<String>::new());
    verb::tour(demo.url()).await;
    let secrets: Vec<String> =
        shoppers.iter().flat_map(Shopper::secrets).map(str::to_owned).chain([operator]).collect();
    let told = ["first", "second"].map(|run| logs::found_in(&log(&folder, run), &secrets)).concat();
    assert_eq!(told, Vec::<String>::new());
    drop(demo);
    fs::remove_dir_all(folder).unwrap();
}

async fn start(folder: &Path, run: &str) -> Demo {
    let data = folder.join("data");
    let arguments = ["--log".as_ref(), "info".as_ref(), "--data".as_ref(), data.as_os_str()];
    Demo::start(&program(Profile::Dev, "shop"), arguments, &log(folder, run)).await.unwrap()
}

fn log(folder: &Path, run: &str) -> PathBuf {
    folder.join(format!("{run}.log"))
}

async fn visit(demo: &Demo) -> (Client, Vec<Shopper>, String) {
    let client = Client::find(demo.url()).await.unwrap();
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
