//! The storefront in a real browser, on both ways to run the shop: the journeys of `tests/browser`.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod stand;

use std::sync::{Mutex, PoisonError};

use shop_tests::demo::Demo;
use tokio::runtime::Runtime;
use xtask::local_shop::{LocalShop, Plan};
use xtask::workspace::{Profile, program};

use stand::{Stand, player, tools};

/// One after the other: a browser and a shop are enough for two cores.
static STAGE: Mutex<()> = Mutex::new(());

#[test]
fn every_journey_goes_well_in_the_demo() {
    let _alone = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let stand = Stand::build("browser-demo");
    let data = stand.folder().join("data");
    let arguments = ["--data".as_ref(), data.as_os_str(), "--ui".as_ref(), stand.ui().as_os_str()];
    let (shop, log) = (program(Profile::Dev, "shop"), stand.folder().join("demo.log"));

    let runtime = Runtime::new().unwrap();
    let demo = runtime.block_on(Demo::start(&shop, arguments, &log)).unwrap();
    stand.play(demo.url());

    drop(demo);
    stand.clear();
}

#[test]
fn every_journey_goes_well_on_the_real_servers() {
    let _alone = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let stand = Stand::build("browser-servers");
    let data = stand.folder().join("data");
    let plan = Plan { fresh: true, ui: stand.ui().to_owned(), ..Plan::new(&data) };

    let shop = LocalShop::start(&plan).unwrap_or_else(|error| panic!("{error:#}"));
    stand.play(&shop.url());

    shop.stop();
    xtask::servers::wipe(&data.join("servers")).unwrap();
    stand.clear();
}

#[test]
fn a_name_that_no_journey_has_is_no_success() {
    let mut node = player(&tools());
    node.env("SHOP_UI", env!("CARGO_MANIFEST_DIR"));

    let played = node.env("SHOP_TEST_JOURNEYS", "no journey is called so").output().unwrap();

    let said = String::from_utf8_lossy(&played.stdout);
    assert!(!played.status.success() && said.contains("no journey has"), "{said}");
}
