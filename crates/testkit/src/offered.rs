//! The real servers a run offers, and names that keep tests on them apart.

use uuid::Uuid;

/// Where PostgreSQL answers, when this run offers it.
#[must_use]
pub fn postgres_url() -> Option<String> {
    offered("SHOP_TEST_POSTGRES_URL", "postgres")
}

/// Where RabbitMQ answers, when this run offers it.
#[must_use]
pub fn amqp_url() -> Option<String> {
    offered("SHOP_TEST_AMQP_URL", "rabbitmq")
}

/// Where MongoDB answers, when this run offers it.
#[must_use]
pub fn mongodb_url() -> Option<String> {
    offered("SHOP_TEST_MONGODB_URL", "mongodb")
}

/// Whether the PostgreSQL of this run goes away with it, so that nobody need tidy up there.
#[must_use]
pub(crate) fn is_postgres_fleeting() -> bool {
    std::env::var_os("SHOP_TEST_POSTGRES_FLEETING").is_some()
}

/// A name nobody else has: for queues, exchanges and databases on shared servers.
#[must_use]
pub fn prefix() -> String {
    format!("t{}", Uuid::now_v7().simple())
}

#[expect(clippy::print_stdout, reason = "a skipped server must be visible in the test's output")]
fn offered(variable: &str, server: &str) -> Option<String> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        println!("skipped: {server} not offered ({variable} is not set)");
    }
    url
}
