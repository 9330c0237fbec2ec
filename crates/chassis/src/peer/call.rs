//! One call, to one replica after the other until one answers.

use std::time::Duration;

use actix_web::http::StatusCode;
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, RequestBuilder, Response};
use resilience::Limits;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::{Away, Peer, PeerError};
use crate::http::request;
use crate::problem::{self, Document};
use crate::trace;

/// A call in the making; nothing is sent before [`Call::read`] or [`Call::send`].
#[derive(Debug)]
#[must_use]
pub struct Call<'p> {
    peer: &'p Peer,
    method: Method,
    path: String,
    body: Option<serde_json::Result<Vec<u8>>>,
    headers: Vec<(&'static str, String)>,
    bearer: Option<String>,
    within: Option<Duration>,
    streams_for: Option<Duration>,
    is_repeatable: bool,
}

/// When to come again to a peer that did not say.
const SOON: Duration = Duration::from_secs(1);

/// A header that lets whoever is asked tell a repetition from a new request.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

impl<'p> Call<'p> {
    pub(super) fn new(peer: &'p Peer, method: Method, path: &str) -> Self {
        Self {
            peer,
            is_repeatable: method.is_idempotent(),
            method,
            path: path.to_owned(),
            body: None,
            headers: Vec::new(),
            bearer: None,
            within: None,
            streams_for: None,
        }
    }

    /// Sends this as JSON.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        Self { body: Some(serde_json::to_vec(body)), ..self }
    }

    /// Adds a header, as `idempotency-key`.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.is_repeatable |= name.eq_ignore_ascii_case(IDEMPOTENCY_KEY);
        self.headers.push((name, value.into()));
        self
    }

    /// Shows this token instead of the service's own.
    pub fn bearer(self, token: impl Into<String>) -> Self {
        Self { bearer: Some(token.into()), ..self }
    }

    /// Says that doing it twice is as good as doing it once, whatever its method is.
    pub fn repeatable(self) -> Self {
        Self { is_repeatable: true, ..self }
    }

    /// Says that it is made once although it might be repeated: for a call whose bound is so long
    /// that nobody would wait for a second.
    pub fn unrepeated(self) -> Self {
        Self { is_repeatable: false, ..self }
    }

    /// Waits this long for an answer, instead of five seconds or what the peer's policy says.
    pub fn within(self, bound: Duration) -> Self {
        Self { within: Some(bound), ..self }
    }

    /// Lets the answer go on for this long. A guarded peer's first word is waited for as for any
    /// other answer, so that its breaker hears of a peer that takes calls and says nothing.
    pub fn streaming_for(self, bound: Duration) -> Self {
        Self { streams_for: Some(bound), ..self }
    }

    /// Sends it and reads the JSON of a good answer.
    ///
    /// # Errors
    /// When nobody answers, the answer is a refusal, or it is not what was agreed.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T, PeerError> {
        let (peer, token) = (self.peer.name, self.token().await?);
        let (call, token) = (&self, token.as_deref());
        self.guarded(|| async move {
            let response = call.once(token).await?;
            response.json().await.map_err(|source| PeerError::Unreadable { peer, source })
        })
        .await
    }

    /// Sends it and gives a good answer as it is.
    ///
    /// # Errors
    /// When nobody answers or the answer is a refusal.
    pub async fn send(self) -> Result<Response, PeerError> {
        let token = self.token().await?;
        let (call, token) = (&self, token.as_deref());
        self.guarded(|| call.once(token)).await
    }

    async fn guarded<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, PeerError>
    where
        F: Future<Output = Result<T, PeerError>>,
    {
        let Some(guard) = &self.peer.guard else {
            return attempt().await;
        };
        let limits = Limits { is_repeatable: self.is_repeatable, within: self.within };
        let outcome = guard.call(limits, attempt).await;
        outcome.map_err(|denied| PeerError::denied(self.peer.name, denied))
    }

    async fn token(&self) -> Result<Option<String>, PeerError> {
        match (&self.bearer, &self.peer.tokens) {
            (Some(token), _) => Ok(Some(token.clone())),
            (None, Some(tokens)) => Box::pin(tokens.token()).await.map(Some),
            (None, None) => Ok(None),
        }
    }

    async fn once(&self, token: Option<&str>) -> Result<Response, PeerError> {
        let mut last = None;
        for replica in self.peer.in_turn() {
            match self.ask(replica, token).await {
                Ok(response) if self.is_for_another(response.status()) => {
                    last = busy(response).await;
                }
                Ok(response) => return self.judge(response).await,
                Err(error) => {
                    let is_over = !self.may_repeat(&error);
                    last = Some(error.into());
                    if is_over {
                        break;
                    }
                }
            }
        }
        Err(PeerError::Unavailable { peer: self.peer.name, source: last })
    }

    /// Asks one replica, as a span of its own: what a trace shows of a peer that does not answer.
    async fn ask(&self, replica: &str, token: Option<&str>) -> reqwest::Result<Response> {
        let span = tracing::info_span!(
            "call",
            otel.kind = "client",
            otel.name = %format_args!("call {}", self.peer.name),
            otel.status_code = Empty,
            peer = self.peer.name,
            http.request.method = %self.method,
            http.response.status_code = Empty,
        );
        let answer = async { self.to(replica, token).send().await }.instrument(span.clone()).await;
        match &answer {
            Ok(response) => span.record("http.response.status_code", response.status().as_u16()),
            Err(_) => span.record("otel.status_code", "error"),
        };
        answer
    }

    fn to(&self, replica: &str, token: Option<&str>) -> RequestBuilder {
        let url = format!("{replica}{}", self.path);
        let mut builder = self.peer.client.request(self.method.clone(), url);
        if let Some(Ok(body)) = &self.body {
            builder = builder.header("content-type", "application/json").body(body.clone());
        }
        for (name, value) in &self.headers {
            builder = builder.header(*name, value);
        }
        if let Some(token) = token {
            builder = builder.bearer_auth(token);
        }
        if let Some(traceparent) = trace::current_traceparent() {
            builder = builder.header("traceparent", traceparent);
        }
        if let Some(id) = request::current_id() {
            builder = builder.header(request::HEADER, id);
        }
        if let Some(bound) = self.streams_for.or(self.within) {
            builder = builder.timeout(bound);
        }
        builder
    }

    /// What was surely not done may be asked of another; what may be done twice, too.
    fn may_repeat(&self, error: &reqwest::Error) -> bool {
        error.is_connect() || self.method.is_safe()
    }

    fn is_for_another(&self, status: reqwest::StatusCode) -> bool {
        self.method.is_safe() && is_away(status)
    }

    async fn judge(&self, response: Response) -> Result<Response, PeerError> {
        let (peer, status) = (self.peer.name, response.status());
        if status.is_success() {
            return Ok(response);
        }
        if is_away(status) {
            return Err(PeerError::Unavailable { peer, source: busy(response).await });
        }
        if status == reqwest::StatusCode::UNAUTHORIZED
            && let (None, Some(tokens)) = (&self.bearer, &self.peer.tokens)
        {
            tokens.forget().await;
        }
        let retry_after = retry_after(&response);
        let problem = response.json::<Document>().await.ok().map(Box::new);
        let status = StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
        Err(PeerError::Refused { peer, status, problem, retry_after })
    }
}

/// Why it cannot now, where it has a reason of its own; one that lacks what it always needs is as
/// good as away.
async fn busy(response: Response) -> Option<Away> {
    if response.status() != reqwest::StatusCode::SERVICE_UNAVAILABLE {
        return None;
    }
    let retry_after = retry_after(&response).unwrap_or(SOON);
    let problem = response.json::<Document>().await.ok().map(Box::new)?;
    let has_reason = !problem.code.is_empty() && !problem::OUTAGES.contains(&&*problem.code);
    has_reason.then_some(Away::Busy { problem, retry_after })
}

/// Our services say it in seconds, never as a date.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn is_away(status: reqwest::StatusCode) -> bool {
    use reqwest::StatusCode as S;
    matches!(status, S::BAD_GATEWAY | S::SERVICE_UNAVAILABLE | S::GATEWAY_TIMEOUT)
}
