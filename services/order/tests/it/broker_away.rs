use chassis_messaging::{AmqpBroker, AmqpOptions};
use shop_contracts::order::OrderPlaced;

use crate::fixtures::*;
use crate::support::*;

#[tokio::test]
async fn orders_are_accepted_while_the_broker_is_away_and_published_when_it_is_back() {
    for mut site in messaging_sites().await {
        let broker = site.broker;
        // Nobody listens on the discard port.
        site.broker = AmqpBroker::connect("amqp://127.0.0.1:9", AmqpOptions::new("t", "order"));
        let shop = Shop::open(site, &[]).await;
        shop.lists(&[product(BLUE_MUG, "Blue mug", 1_250, 3)]).await;

        let order = shop.ada().buys_mugs().await;
        let ready = shop.nobody().get("/health/ready").await;
        let waiting = shop.pending_messages().await;
        let shop = shop.restarted(broker).await;

        assert_eq!((ready.status.as_u16(), waiting), (200, 1));
        assert_eq!(ready.body["reported"]["broker"], false);
        let told = shop.hears::<OrderPlaced>().await;
        assert_eq!(told.data.order, order);
        assert_eq!(shop.ada().order(order).await["status"], "provisional");
    }
}

#[tokio::test]
async fn a_service_told_to_stop_publishes_what_it_accepted() {
    for shop in messaging_shops().await {
        let order = shop.ada().buys_mugs().await;
        let Shop { app, db, broker, .. } = shop;

        app.stop().await;

        let feed = chassis_messaging::feed::read(&db, 0, 10).await.unwrap();
        assert_eq!(feed.items[0].message.correlation_id, Some(order));
        drop(broker);
    }
}
