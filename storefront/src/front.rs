//! The shop's one known address: the storefront, and where everything else is.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use actix_web::dev::ServerHandle;
use actix_web::http::header;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Context as _;

use crate::behind;
use crate::manifest::{self, Manifest};
use crate::site::{Relay, Site, Visitor};

/// The page about what is behind the shop; the start page where no storefront was built.
const BEHIND: &str = "/behind";

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    base-uri 'none'; frame-ancestors 'none'";

/// The storefront or the start page, and the manifest, serving.
pub struct Front {
    address: SocketAddr,
    server: actix_web::dev::Server,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Front {
    /// Takes the port of `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn reserve(address: SocketAddr) -> anyhow::Result<TcpListener> {
        TcpListener::bind(address).with_context(|| {
            format!("port {} is taken; choose another with --port", address.port())
        })
    }

    /// Serves `manifest` on a reserved port, and the storefront if one was built in `ui`.
    ///
    /// # Errors
    /// When the listener is of no use.
    pub fn serve(listener: TcpListener, manifest: Manifest, ui: &Path) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let relay = web::Data::new(Relay::new(manifest.one("web-bff").ok())?);
        let manifest = web::Data::new(manifest);
        let site = Site::open(ui);
        let server = HttpServer::new(move || {
            let app =
                App::new().app_data(manifest.clone()).app_data(relay.clone()).configure(routes);
            app.configure(|config| match &site {
                Some(site) => site.configure(config),
                None => _ = config.service(web::resource("/").get(page)),
            })
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run();
        Ok(Self { address, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it from elsewhere.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until it is ended.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// Serves until the process is told to stop.
///
/// # Errors
/// When the server fails.
pub async fn until_stopped(front: Front) -> anyhow::Result<()> {
    let handle = front.handle();
    tokio::select! {
        ended = front.run() => Ok(ended?),
        signal = stop_signal() => {
            signal?;
            handle.stop(true).await;
            Ok(())
        }
    }
}

async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// What this address tells about the shop; its data is a [`Manifest`].
pub(crate) fn routes(app: &mut web::ServiceConfig) {
    app.service(web::resource(manifest::PATH).get(whereabouts))
        .service(web::resource(BEHIND).get(page));
}

async fn whereabouts(manifest: web::Data<Manifest>) -> web::Json<web::Data<Manifest>> {
    web::Json(manifest)
}

async fn page(
    request: HttpRequest,
    manifest: web::Data<Manifest>,
    storefront: Option<web::Data<Site>>,
) -> HttpResponse {
    let theme = Visitor::of(&request).theme;
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((header::VARY, "Cookie"))
        .body(behind::render(&manifest, theme, storefront.is_some()))
}
