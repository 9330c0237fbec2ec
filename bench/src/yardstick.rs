//! What the machine could do at best: the inserts of an order and nothing else.
//!
//! BEGIN, one event, one outbox row, COMMIT, on tables of the same shape as those of `order`, with
//! the data of a real order, on the same PostgreSQL and through the same driver.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{self, Connection as _};
use serde_json::Value;
use shop_kernel::{Clock as _, SystemClock};
use tokio::task::JoinSet;
use uuid::Uuid;
use xtask::servers::Servers;
use xtask::url;

use crate::burst::CLIENTS;

const DATABASE: &str = "bench_yardstick";

const TABLES: &str = "
CREATE TABLE events (
    stream_id uuid NOT NULL, version bigint NOT NULL, kind varchar NOT NULL,
    schema integer NOT NULL, data jsonb NOT NULL, recorded_at timestamptz NOT NULL,
    cause uuid, traceparent text, PRIMARY KEY (stream_id, version));
CREATE TABLE outbox (
    id uuid PRIMARY KEY, kind varchar NOT NULL, source varchar NOT NULL, subject varchar NOT NULL,
    version bigint NOT NULL, correlation_id uuid, causation_id uuid, traceparent text,
    time timestamptz NOT NULL, data jsonb NOT NULL, leased_by uuid,
    leased_until bigint NOT NULL DEFAULT 0, published_no bigint);
CREATE INDEX ix_outbox_pending ON outbox (id) WHERE published_no IS NULL;
CREATE UNIQUE INDEX ux_outbox_published ON outbox (published_no) WHERE published_no IS NOT NULL;
";

const EVENT: &str = "INSERT INTO events \
    (stream_id, version, kind, schema, data, recorded_at, cause, traceparent) \
    VALUES ($1, 1, 'placed', 1, $2, $3, NULL, $4)";

const MESSAGE: &str = "INSERT INTO outbox \
    (id, kind, source, subject, version, correlation_id, causation_id, traceparent, time, data, \
     leased_by, leased_until, published_no) \
    VALUES ($1, 'order.placed.v1', 'order', $2, 1, $3, NULL, $4, $5, $6, NULL, 0, NULL)";

/// Any that is well formed.
const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A database of its own to write to.
#[derive(Debug, Clone)]
pub struct Yardstick {
    url: String,
    data: Value,
}

impl Yardstick {
    /// Creates its database, on the server the shop uses.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn create(servers: &Servers) -> Result<Self> {
        servers.run_sql("postgres", &format!("CREATE DATABASE {DATABASE};"))?;
        servers.run_sql(DATABASE, TABLES)?;
        let url = url::with_name(&servers.postgres_url(), DATABASE)?;
        Ok(Self { url, data: Value::Null })
    }

    /// The same, writing what `order` wrote of an order.
    #[must_use]
    pub fn writing(self, data: Value) -> Self {
        Self { data, ..self }
    }

    /// The server's version.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn server_version(&self) -> Result<String> {
        let mut connection = PgConnection::connect(&self.url).await?;
        Ok(sqlx::query_scalar("SHOW server_version").fetch_one(&mut connection).await?)
    }

    /// Transactions per second, with as many clients as a burst has.
    ///
    /// # Errors
    /// When one fails.
    pub async fn measure(&self, lasts: Duration) -> Result<f64> {
        let mut connections = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            let connection = PgConnection::connect(&self.url).await;
            connections.push(connection.context("the yardstick's connection")?);
        }
        let began = Instant::now();
        let mut clients = JoinSet::new();
        for mut connection in connections {
            let data = self.data.clone();
            clients.spawn(async move {
                let mut count = 0_u32;
                while began.elapsed() < lasts {
                    place(&mut connection, &data).await?;
                    count += 1;
                }
                anyhow::Ok(count)
            });
        }
        let mut count = 0;
        while let Some(client) = clients.join_next().await {
            count += client??;
        }
        Ok(f64::from(count) / began.elapsed().as_secs_f64())
    }
}

async fn place(connection: &mut PgConnection, data: &Value) -> Result<(), sqlx::Error> {
    let (order, message, now) = (Uuid::now_v7(), Uuid::now_v7(), SystemClock.now());
    let mut tx = connection.begin().await?;
    sqlx::query(EVENT).bind(order).bind(data).bind(now).bind(TRACEPARENT).execute(&mut *tx).await?;
    sqlx::query(MESSAGE)
        .bind(message)
        .bind(format!("ord_{}", order.simple()))
        .bind(order)
        .bind(TRACEPARENT)
        .bind(now)
        .bind(data)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}
