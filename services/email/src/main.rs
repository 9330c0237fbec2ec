//! Email as a process. See the crate's README.

use std::sync::Arc;

use chassis::cli::Job;
use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some((config, job)) = chassis::cli::read_job::<email::Config>(&email::SERVICE)? else {
        return Ok(());
    };
    let _telemetry = chassis::telemetry::start(&email::SERVICE, &config.telemetry)?;
    if job == Job::Migrate {
        return email::Application::migrate(config).await;
    }
    let broker = chassis::broker::open(&config.broker, email::SERVICE.name).await?;
    email::Application::build(config, broker, Arc::new(SystemClock)).await?.run().await
}
