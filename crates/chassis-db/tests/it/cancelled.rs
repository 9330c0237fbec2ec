//! A caller that goes away at any moment, as an HTTP client does, leaves no transaction open.

use std::pin::pin;
use std::task::Poll;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use testkit::databases;

/// Drops `work` where it has waited so often.
async fn dropped_after(waits: usize, work: impl Future) -> bool {
    let (mut work, mut left) = (pin!(work), waits);
    std::future::poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(false),
        Poll::Pending if left == 0 => Poll::Ready(true),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

async fn rows(db: &DatabaseConnection) -> i64 {
    let sql = Statement::from_string(db.get_database_backend(), "SELECT COUNT(*) FROM notes");
    db.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn what_is_written_beside_an_abandoned_transaction_is_kept() {
    for test_db in databases().await {
        let db = test_db.open(Vec::new).await;
        db.execute_unprepared("CREATE TABLE notes (note INTEGER)").await.unwrap();
        let (mut waits, mut dropped) = (0, 0);

        for _ in 0..60 {
            let work = async {
                let tx = chassis_db::begin(&db).await.unwrap();
                tx.execute_unprepared("INSERT INTO notes VALUES (0)").await.unwrap();
            };
            if dropped_after(waits, work).await {
                (waits, dropped) = (waits + 1, dropped + 1);
            } else {
                waits = 0;
            }
            // On whatever connection of the pool comes next.
            db.execute_unprepared("INSERT INTO notes VALUES (1)").await.unwrap();
        }

        assert!(dropped > 20, "dropped {dropped} times");
        // Another pool sees only what was committed.
        assert_eq!(rows(&test_db.open(Vec::new).await).await, 60);
    }
}
