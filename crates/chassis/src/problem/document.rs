//! The problem document on the wire.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{PartialSchema, ToSchema};

use super::Problem;

/// The document itself, as it is sent and as a peer's is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct Document {
    /// Always `about:blank`: the code says more.
    #[serde(rename = "type", default = "about_blank")]
    pub kind: Cow<'static, str>,
    /// The status in words.
    #[serde(default)]
    pub title: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// What happened, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What happened, for a program.
    #[serde(default)]
    pub code: Cow<'static, str>,
    /// Which parts of the request are not valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Invalid>,
    /// Names the request in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Facts that belong to the code.
    #[serde(flatten)]
    #[schema(ignore)]
    pub more: Map<String, Value>,
}

/// One part of the request that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invalid {
    /// Where it is in the body, as a JSON pointer; for queries, the parameter.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

pub(super) fn about_blank() -> Cow<'static, str> {
    "about:blank".into()
}

pub(crate) fn json(document: &Document) -> String {
    // Maps with text keys always have a JSON form.
    serde_json::to_string(document).unwrap_or_default()
}

impl PartialSchema for Problem {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        Document::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        "Problem".into()
    }

    fn schemas(
        schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
    ) {
        Document::schemas(schemas);
    }
}
