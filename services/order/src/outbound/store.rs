//! The store: everything the core asks for, on PostgreSQL or SQLite.

mod append;
pub mod audit;
mod book;
mod fault;
pub(crate) mod figures;
mod price_list;
mod read;
mod rows;
mod shelf;
mod writes;

use chassis_messaging::Wake;
use sea_orm::DatabaseConnection;

/// The store of this service.
#[derive(Debug, Clone)]
pub struct Store {
    db: DatabaseConnection,
    wake: Wake,
}

impl Store {
    /// A store in `db`; `wake` tells the relay of new messages.
    #[must_use]
    pub const fn new(db: DatabaseConnection, wake: Wake) -> Self {
        Self { db, wake }
    }
}
