//! A service that says what it is told to, and remembers what it was asked.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

/// What it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// With the query.
    pub(crate) path: String,
    pub(crate) bearer: Option<String>,
    pub(crate) forwarded_for: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) body: Value,
}

struct Rule {
    method: &'static str,
    path: String,
    status: u16,
    media: &'static str,
    body: String,
    after: Duration,
    /// Whether it keeps the connection open after the body, and silent.
    stays: bool,
}

#[derive(Default)]
struct State {
    rules: Mutex<Vec<Rule>>,
    calls: Mutex<Vec<Call>>,
    away: Mutex<bool>,
}

pub(crate) struct Stub {
    state: Arc<State>,
    address: SocketAddr,
    server: ServerHandle,
}

impl Stub {
    pub(crate) fn start() -> Self {
        let state = Arc::new(State::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let data = Data::from(Arc::clone(&state));
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app =
                    move || App::new().app_data(data.clone()).default_service(web::to(answer));
                let server = HttpServer::new(app).workers(1).disable_signals();
                let server = server.shutdown_timeout(0).listen(listener).unwrap().run();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { state, address, server: told.recv().unwrap() }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on this is the answer; a path that ends in `*` stands for all that begin so.
    pub(crate) fn says(&self, method: &'static str, path: &str, status: u16, body: Value) {
        self.says_slowly(method, path, status, body, Duration::ZERO);
    }

    pub(crate) fn says_slowly(
        &self,
        method: &'static str,
        path: &str,
        status: u16,
        body: Value,
        after: Duration,
    ) {
        let (body, media) = (body.to_string(), "application/json");
        self.learn(Rule {
            method,
            path: path.to_owned(),
            status,
            media,
            body,
            after,
            stays: false,
        });
    }

    /// Refuses with a problem document.
    pub(crate) fn refuses(&self, method: &'static str, path: &str, status: u16, code: &str) {
        let problem = json!({ "type": "about:blank", "title": "", "status": status, "code": code });
        self.says(method, path, status, problem);
    }

    /// Sends these server-sent events and ends.
    pub(crate) fn streams(&self, path: &str, events: &str) {
        self.stream(path, events, false);
    }

    /// Sends these server-sent events, and then keeps silent without an end.
    pub(crate) fn streams_and_stays(&self, path: &str, events: &str) {
        self.stream(path, events, true);
    }

    fn stream(&self, path: &str, events: &str, stays: bool) {
        let (method, media, body) = ("GET", "text/event-stream", events.to_owned());
        let (status, after) = (200, Duration::ZERO);
        self.learn(Rule { method, path: path.to_owned(), status, media, body, after, stays });
    }

    /// It answers nothing useful from now on, or does again.
    pub(crate) fn is_away(&self, away: bool) {
        *self.state.away.lock().unwrap() = away;
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.state.calls.lock().unwrap().clone()
    }

    pub(crate) fn forget_calls(&self) {
        self.state.calls.lock().unwrap().clear();
    }

    fn learn(&self, rule: Rule) {
        let mut rules = self.state.rules.lock().unwrap();
        rules.retain(|known| (known.method, &known.path) != (rule.method, &rule.path));
        rules.push(rule);
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn answer(request: HttpRequest, body: Bytes, state: Data<State>) -> HttpResponse {
    let header =
        |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (method, path) = (request.method().as_str(), request.path());
    state.calls.lock().unwrap().push(Call {
        path: request.uri().to_string(),
        bearer: header("authorization").map(|value| value.trim_start_matches("Bearer ").to_owned()),
        forwarded_for: header("x-forwarded-for"),
        key: header("idempotency-key"),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    });
    if *state.away.lock().unwrap() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let found = {
        let rules = state.rules.lock().unwrap();
        let fits = |rule: &&Rule| {
            let prefix = rule.path.strip_suffix('*');
            rule.method == method
                && prefix.map_or(rule.path == path, |prefix| path.starts_with(prefix))
        };
        rules.iter().find(fits).map(|r| (r.status, r.media, r.body.clone(), r.after, r.stays))
    };
    let Some((status, media, body, after, stays)) = found else {
        let problem = json!({ "status": 404, "code": "not-found" });
        return HttpResponse::NotFound().json(problem);
    };
    actix_web::rt::time::sleep(after).await;
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    response.content_type(media);
    if !stays {
        return response.body(body);
    }
    let said = stream::once(async move { Ok::<_, Infallible>(Bytes::from(body)) });
    response.streaming(said.chain(stream::pending()))
}
