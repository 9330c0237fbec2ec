//! The envelope around every message: CloudEvents 1.0 in JSON.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shop_kernel::OrderId;
use uuid::Uuid;

/// A message as one service publishes it and others read it.
pub trait Message: Serialize + DeserializeOwned + Send + Sync {
    /// The wire type, `<aggregate>.<fact>.v<n>`: also the routing key.
    const TYPE: &'static str;
}

/// A fact on its way: CloudEvents 1.0 context attributes, ours, and the data.
///
/// Names follow the [specification](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md):
/// extension attributes are lower-case letters and digits only, hence `correlationid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// Always `1.0`.
    pub specversion: String,
    /// Names this message; consumers tell duplicates by it.
    pub id: Uuid,
    /// The service that says it, as `/order`.
    pub source: String,
    /// The wire type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The aggregate it is about, as a prefixed id.
    pub subject: String,
    /// When it became a fact, in UTC.
    pub time: DateTime<Utc>,
    /// Always `application/json`.
    pub datacontenttype: String,
    /// The position of this fact in the aggregate's stream, from 1.
    pub version: u64,
    /// The order this belongs to; absent where there is none.
    #[serde(rename = "correlationid", default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<OrderId>,
    /// The message that led to this one; absent where a person did.
    #[serde(rename = "causationid", default, skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Uuid>,
    /// W3C trace context of the work that led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The fact itself.
    pub data: T,
}

/// An envelope whose data is not looked into: what outbox, broker and feed carry.
pub type RawEnvelope = Envelope<serde_json::Value>;

/// Why an envelope could not be read as a message.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It carries another message.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type that was asked for.
        expected: &'static str,
        /// The type it carries.
        found: String,
    },
    /// The data lacks something the message must have.
    #[error("the data is not a valid {expected}")]
    Malformed {
        /// The type that was asked for.
        expected: &'static str,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

impl<T: Message> Envelope<T> {
    /// Wraps a fact under a new id; correlation, causation and trace are still empty.
    pub fn new(
        source: &str,
        subject: impl ToString,
        version: u64,
        time: DateTime<Utc>,
        data: T,
    ) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id: Uuid::now_v7(),
            source: source.to_owned(),
            kind: T::TYPE.to_owned(),
            subject: subject.to_string(),
            time,
            datacontenttype: "application/json".to_owned(),
            version,
            correlation_id: None,
            causation_id: None,
            traceparent: None,
            data,
        }
    }

    /// The same envelope with its data as plain JSON.
    ///
    /// # Errors
    /// When the data has no JSON form; a message made of maps, numbers and texts always has one.
    pub fn into_raw(self) -> Result<RawEnvelope, serde_json::Error> {
        let data = serde_json::to_value(&self.data)?;
        Ok(self.with_data(data))
    }
}

impl<T> Envelope<T> {
    /// Says which order this belongs to.
    #[must_use]
    pub fn correlated(self, order: OrderId) -> Self {
        Self { correlation_id: Some(order), ..self }
    }

    /// Says which message led to this one.
    #[must_use]
    pub fn caused_by(self, message: Option<Uuid>) -> Self {
        Self { causation_id: message, ..self }
    }

    /// Says which trace this continues, as a `traceparent` header.
    #[must_use]
    pub fn traced(self, traceparent: Option<String>) -> Self {
        Self { traceparent, ..self }
    }

    fn with_data<U>(self, data: U) -> Envelope<U> {
        Envelope {
            specversion: self.specversion,
            id: self.id,
            source: self.source,
            kind: self.kind,
            subject: self.subject,
            time: self.time,
            datacontenttype: self.datacontenttype,
            version: self.version,
            correlation_id: self.correlation_id,
            causation_id: self.causation_id,
            traceparent: self.traceparent,
            data,
        }
    }
}

impl RawEnvelope {
    /// Reads the data as the message it says it is.
    ///
    /// # Errors
    /// When it is another message, or lacks a field.
    pub fn decode<T: Message>(&self) -> Result<Envelope<T>, DecodeError> {
        if self.kind != T::TYPE {
            return Err(DecodeError::WrongType { expected: T::TYPE, found: self.kind.clone() });
        }
        let data = T::deserialize(&self.data)
            .map_err(|source| DecodeError::Malformed { expected: T::TYPE, source })?;
        Ok(self.clone().with_data(data))
    }
}
