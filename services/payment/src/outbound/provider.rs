//! The provider over HTTP: what it answers for good, and what leaves everything open.

mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chassis::peer::Client;
use chassis::problem::{Document, Invalid};
use payment_core::domain::{
    CardToken, ChargeAnswer, ChargeRefusal, ChargeRequest, RefundAnswer, RefundRequest,
};
use payment_core::ports::{NoAnswer, Provider};
use reqwest::{Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::card::CardDetails;
use crate::checkpoint::{Checkpoint, Step};
use wire::{ChargeStatus, Charged, RefundStatus, Refunded, Tokenized};

/// A card as the provider stored it.
#[derive(Debug, Clone)]
pub(crate) struct StoredCard {
    pub(crate) token: CardToken,
    pub(crate) brand: String,
    pub(crate) last4: String,
}

/// Why a card was not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenizeError {
    /// It is not one the provider takes.
    #[error("the provider does not take this card")]
    Refused(Vec<Invalid>),
    /// It may take it later.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),
}

/// The provider at the other end of a URL.
#[derive(Debug)]
pub(crate) struct HttpProvider {
    url: String,
    key: SecretString,
    client: reqwest::Client,
    timeout: Duration,
    checkpoint: Arc<dyn Checkpoint>,
    is_answering: AtomicBool,
}

impl HttpProvider {
    pub(crate) fn new(
        client: &Client,
        url: String,
        key: SecretString,
        timeout: Duration,
        checkpoint: Arc<dyn Checkpoint>,
    ) -> Self {
        for call in ["tokenize", "charge", "refund"] {
            // Made known; nothing is recorded yet.
            drop(call_duration(call, true));
        }
        let client = client.http().clone();
        Self { url, key, client, timeout, checkpoint, is_answering: AtomicBool::new(true) }
    }

    /// Whether its last answer was one; true before the first.
    pub(crate) fn is_answering(&self) -> bool {
        self.is_answering.load(Ordering::Relaxed)
    }

    /// Hands a card over for a token: the one place where a number leaves this process.
    pub(crate) async fn tokenize(&self, card: &CardDetails) -> Result<StoredCard, TokenizeError> {
        let body = json!({
            "number": card.number.expose(),
            "expiry_month": card.expiry_month,
            "expiry_year": card.expiry_year,
            "cvc": card.cvc.expose_secret(),
        });
        let response = self.post("tokenize", "/v1/tokens", None, &body).await?;
        match response.status() {
            StatusCode::CREATED => {
                let stored: Tokenized = read(response).await?;
                let token = CardToken::new(stored.token);
                Ok(StoredCard { token, brand: stored.brand, last4: stored.last4 })
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                let problem: Document = read(response).await?;
                Err(TokenizeError::Refused(problem.errors))
            }
            status => Err(NoAnswer::from(unexpected(status, response).await).into()),
        }
    }

    async fn post(
        &self,
        call: &'static str,
        path: &str,
        key: Option<String>,
        body: &Value,
    ) -> Result<Response, NoAnswer> {
        let start = Instant::now();
        let mut request = self
            .client
            .post(format!("{}{path}", self.url))
            .timeout(self.timeout)
            .bearer_auth(self.key.expose_secret())
            .json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let span = tracing::info_span!(
            "call",
            otel.kind = "client",
            otel.name = %format_args!("call provider {call}"),
            peer = "provider",
            http.response.status_code = Empty,
        );
        let sent = async {
            if let Some(traceparent) = chassis::trace::current_traceparent() {
                request = request.header("traceparent", traceparent);
            }
            request.send().await
        };
        let answer = sent.instrument(span.clone()).await;
        if let Ok(response) = &answer {
            span.record("http.response.status_code", response.status().as_u16());
        }
        let answered = answer.as_ref().is_ok_and(|response| !response.status().is_server_error());
        self.is_answering.store(answered, Ordering::Relaxed);
        call_duration(call, answered).record(start.elapsed());
        answer.map_err(|error| NoAnswer { reason: reason(&error) })
    }
}

fn call_duration(call: &'static str, answered: bool) -> metrics::Histogram {
    metrics::histogram!(
        "provider_call_duration_seconds",
        "service" => "payment",
        "call" => call,
        "answered" => if answered { "yes" } else { "no" },
    )
}

#[async_trait]
impl Provider for HttpProvider {
    async fn charge(&self, request: &ChargeRequest) -> Result<ChargeAnswer, NoAnswer> {
        let body = json!({
            "token": request.token.as_str(),
            "amount": request.amount,
            "reference": request.order,
        });
        self.checkpoint.reached(Step::AboutToAsk).await;
        let key = Some(request.key.to_string());
        let response = self.post("charge", "/v1/charges", key, &body).await?;
        self.checkpoint.reached(Step::Answered).await;
        let status = response.status();
        if status == StatusCode::OK {
            let charged: Charged = read(response).await?;
            return Ok(charged.status.into());
        }
        let unexpected = unexpected(status, response).await;
        // The provider has no such card (any more): it will not find it the next time either.
        if unexpected.code == "unknown-token" {
            return Ok(ChargeAnswer::Refused(ChargeRefusal::Declined));
        }
        Err(unexpected.into())
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundAnswer, NoAnswer> {
        let body = json!({ "charge": request.charge, "amount": request.amount });
        self.checkpoint.reached(Step::AboutToAsk).await;
        let key = Some(request.key.to_string());
        let response = self.post("refund", "/v1/refunds", key, &body).await?;
        self.checkpoint.reached(Step::Answered).await;
        match response.status() {
            StatusCode::OK => Ok(read::<Refunded>(response).await?.into()),
            // It sees nothing to give back. Asking for ever would hide that from the operator.
            status @ (StatusCode::NOT_FOUND | StatusCode::CONFLICT) => {
                let reason = unexpected(status, response).await.to_string();
                Ok(RefundAnswer::Refused { reason })
            }
            status => Err(unexpected(status, response).await.into()),
        }
    }
}

impl From<ChargeStatus> for ChargeAnswer {
    fn from(status: ChargeStatus) -> Self {
        match status {
            ChargeStatus::Approved => Self::Approved,
            ChargeStatus::Declined | ChargeStatus::CardError => {
                Self::Refused(ChargeRefusal::Declined)
            }
            ChargeStatus::InsufficientFunds => Self::Refused(ChargeRefusal::InsufficientFunds),
        }
    }
}

impl From<Refunded> for RefundAnswer {
    fn from(refunded: Refunded) -> Self {
        match refunded.status {
            RefundStatus::Refunded => Self::Refunded,
            RefundStatus::Refused => {
                let reason = refunded.reason.unwrap_or_else(|| "refused without a reason".into());
                Self::Refused { reason }
            }
        }
    }
}

async fn read<T: serde::de::DeserializeOwned>(response: Response) -> Result<T, NoAnswer> {
    // Garbage leaves open what happened, like silence.
    response.json().await.map_err(|error| NoAnswer { reason: reason(&error) })
}

/// An answer that was not agreed upon.
#[derive(Debug, thiserror::Error)]
#[error("it answered {} {code}", status.as_u16())]
struct Unexpected {
    status: StatusCode,
    code: String,
}

impl From<Unexpected> for NoAnswer {
    fn from(unexpected: Unexpected) -> Self {
        Self { reason: unexpected.to_string() }
    }
}

async fn unexpected(status: StatusCode, response: Response) -> Unexpected {
    let code = response.json::<Document>().await.map(|problem| problem.code.into_owned());
    Unexpected { status, code: code.unwrap_or_default() }
}

/// Without the URL and never with the body: neither says anything new.
fn reason(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it could not be reached"
    } else if error.is_decode() {
        "its answer could not be read"
    } else {
        "the call failed"
    };
    kind.to_owned()
}
