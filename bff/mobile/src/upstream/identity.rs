//! What is asked of `identity`. Passwords and refresh tokens go through here unread.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shop_kernel::Locale;
use utoipa::ToSchema;

use super::{Answer, Token, Upstream, own};
use crate::http::shape::LocaleShape;

/// A session, with the tokens that prove it.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct Session {
    /// For the `Authorization` header.
    access_token: String,
    /// How long it lives, in seconds.
    expires_in: i64,
    /// Traded for the next pair; works once.
    refresh_token: String,
    /// When the session ends by itself.
    refresh_expires_at: DateTime<Utc>,
    /// Who it is.
    customer: Customer,
}

/// An account, as its holder sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Customer {
    /// `cus_…`
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) name: String,
    #[schema(value_type = LocaleShape)]
    pub(crate) locale: Locale,
}

/// A visitor's token.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct GuestSession {
    /// `gst_…`
    guest: String,
    /// For the `Authorization` header.
    access_token: String,
    /// How long it lives, in seconds.
    expires_in: i64,
}

impl Upstream {
    pub(crate) async fn register(&self, body: &Value, from: &str) -> Answer<Customer> {
        self.identity_call("/customers", from).json(body).read().await
    }

    pub(crate) async fn sign_in(&self, body: &Value, from: &str) -> Answer<Session> {
        self.identity_call("/sessions", from).json(body).read().await
    }

    pub(crate) async fn refresh(&self, body: &Value, from: &str) -> Answer<Session> {
        // For ten seconds the same token yields the same pair, so it may be asked for again.
        self.identity_call("/sessions/refresh", from).json(body).repeatable().read().await
    }

    pub(crate) async fn sign_out(&self, token: &Token) -> Answer<()> {
        let call = self.identity.call(Method::DELETE, "/sessions/current").bearer(&token.0);
        call.send().await.map(drop)
    }

    pub(crate) async fn new_guest(&self, from: &str) -> Answer<GuestSession> {
        self.identity_call("/guests", from).read().await
    }

    pub(crate) async fn me(&self, token: &Token) -> Answer<Customer> {
        own(&self.identity, "/customers/me", token).await
    }

    /// `identity` counts attempts by address, so it must hear of the client's and not of ours.
    fn identity_call(&self, path: &str, from: &str) -> chassis::peer::Call<'_> {
        self.identity.call(Method::POST, path).header("x-forwarded-for", from)
    }
}
