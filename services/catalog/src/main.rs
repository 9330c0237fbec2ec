//! The catalog service as a process of its own.

use std::sync::Arc;

use catalog::{Application, Config, SERVICE};
use chassis::cli::Job;
use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some((config, job)) = chassis::cli::read_job::<Config>(&SERVICE)? else {
        return Ok(());
    };
    let _telemetry = chassis::telemetry::start(&SERVICE, &config.telemetry)?;
    if job == Job::Migrate {
        return Application::migrate(config, Arc::new(SystemClock)).await;
    }
    let broker = chassis::broker::open(&config.broker, SERVICE.name).await?;
    Application::build(config, broker, Arc::new(SystemClock)).await?.run().await
}
