//! Binding, serving and stopping.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{self, JsonConfig, PathConfig, PayloadConfig, QueryConfig};
use actix_web::{App, HttpServer};
use anyhow::Context as _;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use utoipa_actix_web::service_config::ServiceConfig;

use super::document::{Paths, document};
use super::{fallback, observe, resident, standard};
use crate::config::HttpConfig;
use crate::health::Health;
use crate::{Problem, Service, telemetry};

/// Nothing a shop is sent is longer: an order of many lines has about 10 KiB.
const BODY_LIMIT: usize = 64 * 1024;
/// A client that has not sent its headers by then holds a connection for nothing.
const HEADERS_WITHIN: Duration = Duration::from_secs(5);
/// Longer than the idle time of the clients and proxies before us, so that they close first.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// Requests in hand get this long at a stop; with the rest it stays below what supervisors allow.
const STOP_WITHIN_S: u64 = 5;

/// The address could not be had.
#[derive(Debug, thiserror::Error)]
#[error("could not listen on {bind}")]
pub struct BindError {
    bind: String,
    #[source]
    source: std::io::Error,
}

type Setup = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// The HTTP server of one service, bound and not yet serving.
pub struct Server {
    service: Service,
    listener: TcpListener,
    address: SocketAddr,
    workers: usize,
    setups: Vec<Setup>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("service", &self.service.name)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Takes the address, so that others can be told it before the first request.
    ///
    /// # Errors
    /// When the address is taken or is none.
    pub fn bind(
        service: &Service,
        config: &HttpConfig,
        health: Arc<Health>,
    ) -> Result<Self, BindError> {
        telemetry::install_metrics();
        telemetry::tell_build(service.process());
        let failed = |source| BindError { bind: config.bind.clone(), source };
        let listener = TcpListener::bind(&config.bind).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let workers = config.workers.max(1);
        let server = Self { service: *service, listener, address, workers, setups: Vec::new() };
        Ok(server.data(health))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Hands `data` to handlers that ask for `web::Data<T>`, and to extractors.
    #[must_use]
    pub fn data<T: ?Sized + Send + Sync + 'static>(mut self, data: Arc<T>) -> Self {
        self.setups.push(Arc::new(move |config| {
            config.app_data(web::Data::from(Arc::clone(&data)));
        }));
        self
    }

    /// Adds what is no API, as pages and files: undocumented, before the routes that every service has. A default
    /// service set there takes the place of the problem document for unmatched paths.
    #[must_use]
    pub fn plain(
        mut self,
        setup: impl Fn(&mut web::ServiceConfig) + Send + Sync + 'static,
    ) -> Self {
        self.setups.push(Arc::new(setup));
        self
    }

    /// Serves until `stop`, then finishes what it has; dropping the future ends it at once.
    ///
    /// # Errors
    /// When the server cannot start, or ends by itself.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let (done, ended) = oneshot::channel();
        let dropped = CancellationToken::new();
        let _ends_with_this = dropped.clone().drop_guard();
        let name = format!("http-{}", self.service.name);
        tracing::info!(address = %self.address, "listening");
        let home = Handle::current();
        // A thread of its own: handlers are bound to their thread, and the runtime around us may
        // end before the server's threads do.
        std::thread::Builder::new()
            .name(name)
            .spawn(move || {
                let system = actix_web::rt::System::new();
                let outcome = system.block_on(self.serve(home, stop, dropped));
                // The receiver is gone only when this future was dropped.
                drop(done.send(outcome));
            })
            .context("could not start the server's thread")?;
        ended.await.context("the server's thread died")?
    }

    async fn serve(
        self,
        home: Handle,
        stop: CancellationToken,
        dropped: CancellationToken,
    ) -> anyhow::Result<()> {
        let mut server = std::pin::pin!(self.start(home)?);
        let handle = server.handle();
        tokio::select! {
            ended = &mut server => {
                ended.context("the server failed")?;
                anyhow::bail!("the server ended by itself")
            }
            () = stop.cancelled() => end(&handle, true, server).await,
            () = dropped.cancelled() => end(&handle, false, server).await,
        }
    }

    fn start(self, home: Handle) -> anyhow::Result<actix_web::dev::Server> {
        let document = Arc::new(document(&self.service));
        let paths = Arc::new(Paths::of(&document));
        let this = self.data(document).data(paths);
        let this = {
            let service = Arc::new(this.service);
            this.data(service)
        };
        let (routes, setups) = (this.service.routes, this.setups);
        let app = move || {
            let home = home.clone();
            App::new()
                .wrap(from_fn(move |request, next| resident::of(home.clone(), request, next)))
                .wrap(from_fn(observe::observe))
                .default_service(web::to(fallback::unmatched))
                .configure(|config| {
                    for setup in &setups {
                        setup(config);
                    }
                    limits(config);
                    let mut config = ServiceConfig::new(config);
                    routes(&mut config);
                    standard::routes(&mut config);
                })
        };
        let server = HttpServer::new(app)
            .workers(this.workers)
            .disable_signals()
            .shutdown_timeout(STOP_WITHIN_S)
            .client_request_timeout(HEADERS_WITHIN)
            .keep_alive(KEEP_ALIVE)
            // Else a short piece of a stream waits until the one before is acknowledged, for which the other side may take
            // 40 ms: Nagle's algorithm (RFC 896) beside delayed acknowledgments (RFC 1122, 4.2.3.2).
            .tcp_nodelay(true)
            .listen(this.listener)
            .context("could not serve on the bound address")?;
        Ok(server.run())
    }
}

async fn end(
    handle: &ServerHandle,
    graceful: bool,
    server: impl Future<Output = std::io::Result<()>>,
) -> anyhow::Result<()> {
    // The handle's future ends when the server has; someone must drive the server meanwhile.
    let ((), ended) = tokio::join!(handle.stop(graceful), server);
    ended.context("the server did not stop cleanly")
}

fn limits(config: &mut web::ServiceConfig) {
    config
        .app_data(PayloadConfig::new(BODY_LIMIT))
        .app_data(
            JsonConfig::default()
                .limit(BODY_LIMIT)
                .error_handler(|error, _| Problem::from(error).into()),
        )
        .app_data(PathConfig::default().error_handler(|error, _| Problem::from(error).into()))
        .app_data(QueryConfig::default().error_handler(|error, _| Problem::from(error).into()));
}
