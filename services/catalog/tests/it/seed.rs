//! What the shop opens with.

use catalog::catalog::Adjust;
use catalog::rows::product as product_row;
use catalog::seed::Range;
use catalog::shelf::Shelf;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use shop_contracts::catalog::ProductChanged;

use crate::support::{BOUND, Shop, Stage, product};

#[tokio::test]
async fn the_range_is_planted_once() {
    let range = Range::built_in().unwrap();
    for stage in Stage::all().await {
        let request = Adjust { delta: -40, reason: "sold at the market".to_owned() };
        let mug = product("blue-mug");
        stage.catalog.adjust(mug, &request, "test", "market-day").await.unwrap();

        let planted = stage.catalog.plant(&range).await.unwrap();

        assert_eq!(planted, 0);
        let count = product_row::Entity::find().count(&stage.db).await.unwrap();
        assert_eq!(count, range.products.len() as u64);
        assert_eq!(stage.stock(mug).await.available, 200);
    }
}

#[tokio::test]
async fn the_first_stock_of_a_product_is_its_first_adjustment() {
    for stage in Stage::all().await {
        for slug in ["blue-mug", "music-box"] {
            let adjustments = stage.adjustments(product(slug)).await;

            assert_eq!(adjustments.len(), 1, "{slug}");
            assert_eq!(adjustments[0].reason, "initial");
            assert_eq!(adjustments[0].delta, stage.stock(product(slug)).await.available);
        }
    }
}

#[tokio::test]
async fn another_replicas_change_is_found_after_a_refresh() {
    for stage in Stage::all().await {
        let (here, mug) = (Shelf::default(), product("blue-mug"));
        here.refresh(&stage.db).await.unwrap();
        let mut details = stage.catalog.find("blue-mug").await.unwrap().unwrap().product.details;
        details.name.en = "Zebra Stein".to_owned();
        stage.catalog.change(mug, 1, details).await.unwrap();
        assert!(here.search("zebra").is_empty());

        here.refresh(&stage.db).await.unwrap();

        let found: Vec<_> = here.search("zebra").into_iter().map(|(id, _)| id).collect();
        assert_eq!(found, [mug]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_begins_with_every_product() {
    let range = Range::built_in().unwrap();
    for mut shop in Shop::all().await {
        testkit::eventually(BOUND, || async { shop.feed().await.len() == range.products.len() })
            .await;
        shop.kill();
        shop.start().await;

        let feed = shop.feed().await;

        assert_eq!(feed.len(), range.products.len(), "a second start repeated the range");
        for product in &range.products {
            let message =
                feed.iter().find(|message| message.subject == product.id.to_string()).unwrap();
            let changed = message.decode::<ProductChanged>().unwrap();
            assert_eq!((changed.version, changed.data.version), (1, 1));
            assert_eq!(changed.data.name, product.details().name);
            assert_eq!(changed.data.prices, product.details().price.all());
            assert!(changed.data.on_sale);
        }
    }
}
