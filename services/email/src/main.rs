//! Email as a process. See the crate's README.

use std::sync::Arc;

use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(config) = chassis::cli::read::<email::Config>(&email::SERVICE)? else {
        return Ok(());
    };
    let _telemetry = chassis::telemetry::start(email::SERVICE.name, &config.telemetry)?;
    let broker = chassis::broker::open(&config.broker, email::SERVICE.name).await?;
    email::Application::build(config, broker, Arc::new(SystemClock)).await?.run().await
}
