//! Which errors say that the store is away, and which that the work is wrong.

use sea_orm::ConnectionTrait as _;
use testkit::TestDb;

#[tokio::test]
async fn a_full_disk_passes() {
    let test = TestDb::sqlite();
    let db = test.open(Vec::new).await;
    db.execute_unprepared("CREATE TABLE notes (text TEXT)").await.unwrap();
    db.execute_unprepared("PRAGMA max_page_count = 4").await.unwrap();

    let full = db.execute_unprepared("INSERT INTO notes VALUES (zeroblob(100000))").await;

    assert!(chassis_db::is_unavailable(&full.unwrap_err()));
}

#[tokio::test]
async fn a_statement_that_makes_no_sense_does_not_pass() {
    for test in testkit::databases().await {
        let db = test.open(Vec::new).await;

        let wrong = db.execute_unprepared("SELECT nothing FROM nowhere").await;

        assert!(!chassis_db::is_unavailable(&wrong.unwrap_err()));
    }
}
