//! Identity as a process. See the crate's README.

use std::sync::Arc;

use shop_kernel::SystemClock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(config) = chassis::cli::read::<identity::Config>(&identity::SERVICE)? else {
        return Ok(());
    };
    let _telemetry = chassis::telemetry::start(identity::SERVICE.name, &config.telemetry)?;
    identity::Application::build(config, Arc::new(SystemClock)).await?.run().await
}
