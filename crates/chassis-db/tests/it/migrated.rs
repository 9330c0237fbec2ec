//! Opening a store that somebody else migrates.

use chassis_db::OpenError;
use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

struct Notes;

impl MigrationName for Notes {
    fn name(&self) -> &'static str {
        "m0001_notes"
    }
}

#[async_trait]
impl MigrationTrait for Notes {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let db = schema.get_connection();
        db.execute_unprepared("CREATE TABLE notes (text TEXT)").await.map(drop)
    }
}

fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(Notes)]
}

#[tokio::test]
async fn a_store_is_opened_as_it_is_once_a_job_has_migrated_it() {
    for test in testkit::databases().await {
        let behind = chassis_db::open_migrated(test.url(), 2, migrations).await.unwrap_err();
        chassis_db::open(test.url(), 2, migrations).await.unwrap();
        let db = chassis_db::open_migrated(test.url(), 2, migrations).await.unwrap();

        assert!(matches!(&behind, OpenError::Behind(lacking) if lacking == &["m0001_notes"]));
        db.execute_unprepared("SELECT text FROM notes").await.unwrap();
    }
}
