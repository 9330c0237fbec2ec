//! Signing in as the operator.

use anyhow::Context as _;
use identity::seed::OPERATOR;
use reqwest::Method;
use serde_json::json;

use crate::api::Api;

/// Who to sign in as; the demo's operator unless told otherwise.
#[derive(Debug, Clone, clap::Args)]
pub struct Credentials {
    /// The operator's address.
    #[arg(long, env = "SHOP_OPERATOR_EMAIL", default_value = OPERATOR.email)]
    operator_email: String,
    /// The operator's password.
    #[arg(long, env = "SHOP_OPERATOR_PASSWORD", default_value = OPERATOR.password)]
    #[arg(hide_env_values = true, hide_default_value = true)]
    operator_password: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            operator_email: OPERATOR.email.to_owned(),
            operator_password: OPERATOR.password.to_owned(),
        }
    }
}

/// Signs in and gives the access token.
///
/// # Errors
/// When identity does not know this operator.
pub async fn sign_in(api: &Api, credentials: &Credentials) -> anyhow::Result<String> {
    let body = json!({
        "email": credentials.operator_email,
        "password": credentials.operator_password,
    });
    let session = api.send(Method::POST, "identity", "/sessions", None, &body).await?;
    let session = session.ok().context(
        "cannot sign in as operator; name one with --operator-email and --operator-password",
    )?;
    Ok(crate::api::text(&session, "/access_token")?.to_owned())
}
