//! A database and a role of its own for every service that stores on PostgreSQL.

use anyhow::{Context as _, Result};

use crate::console;
use crate::servers::Servers;
use crate::shop_env::{KINDS, ShopEnv, Store};

/// Creates what is missing, and sets the passwords of what is there.
pub(super) fn create(servers: &Servers, env: &ShopEnv<'_>) -> Result<()> {
    let mut script = String::new();
    for kind in KINDS.into_iter().filter(|kind| kind.store == Store::Postgres) {
        script.push_str(&statements(&kind.database(), &env.database_password(kind)?));
    }
    console::progress("postgres", "one database and one role for each service");
    servers.run_sql("postgres", &script).context("could not create the databases")
}

/// Names are ours and passwords hexadecimal: nothing here needs quoting.
fn statements(name: &str, password: &str) -> String {
    format!(
        "SELECT 'CREATE ROLE {name} LOGIN' \
           WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')\\gexec\n\
         ALTER ROLE {name} PASSWORD '{password}';\n\
         SELECT 'CREATE DATABASE {name} OWNER {name}' \
           WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}')\\gexec\n\
         REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC;\n"
    )
}
