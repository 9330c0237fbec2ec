//! A store that goes away and comes back: facts wait, and none is given up.

use std::net::SocketAddr;
use std::time::Duration;

use shop_contracts::routing::HISTORY_FACTS;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::place::Place;
use crate::story::Story;
use crate::support::Shop;

#[tokio::test]
async fn facts_wait_for_a_store_that_is_away_and_cost_no_attempt() {
    let (Some(place), Some(amqp)) = (Place::mongodb(), testkit::amqp_url()) else { return };
    let line = Line::to(&place.server()).await;
    let mut shop = Shop::on_rabbitmq(place.through(line.address), &amqp).await;
    let (before, during) = (Story::of_someone().all_well(), Story::of_someone().all_well());
    shop.tell(&before).await;
    shop.shows(&before).await;

    line.cut(true);
    shop.tell(&during).await;
    let unready = async || shop.get("/health/ready", "").await.status == 503;
    testkit::eventually(Duration::from_secs(30), unready).await;
    let refused = shop.get(&crate::support::path(&before), &shop.operator()).await;
    assert_eq!(refused.status, 503, "{refused:?}");
    line.cut(false);

    shop.shows(&during).await;
    let inbox = shop.get(&format!("/inbox?order={}", during.order), &shop.operator()).await.body;
    for row in inbox["items"].as_array().unwrap() {
        assert_eq!(row["attempt"], 1, "{row}");
    }
    assert_eq!(shop.broker.depth(HISTORY_FACTS).await.unwrap().dead, 0);
    shop.kill();
    place.remove().await;
}

/// A line to a server that can be cut.
struct Line {
    address: SocketAddr,
    is_cut: watch::Sender<bool>,
    _tasks: JoinSet<()>,
}

impl Line {
    async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_cut, cut) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(carry(listener, server.to_owned(), cut));
        Self { address, is_cut, _tasks: tasks }
    }

    fn cut(&self, is_cut: bool) {
        self.is_cut.send_replace(is_cut);
    }
}

async fn carry(listener: TcpListener, server: String, cut: watch::Receiver<bool>) {
    let mut calls = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let (server, mut cut) = (server.clone(), cut.clone());
        calls.spawn(async move {
            if *cut.borrow() {
                return;
            }
            let mut upstream = TcpStream::connect(server).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut upstream) => {}
                _ = cut.wait_for(|is_cut| *is_cut) => {}
            }
        });
    }
}
