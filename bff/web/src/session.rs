//! Who visits: tokens in a sealed cookie, out of JavaScript's reach and in no store of ours.

mod jar;
mod refresh;
mod visitor;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::Clock;

pub(crate) use jar::Jar;
pub(crate) use refresh::{Refreshed, Refresher};
pub(crate) use visitor::Visitor;

/// A token is traded in this long before it ends, so that it outlives the request it is used in.
const SPARE: TimeDelta = TimeDelta::seconds(30);

/// What the cookie holds. Short names, because it travels with every request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tokens {
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<CustomerTokens>,
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub(crate) guest: Option<GuestToken>,
}

/// A signed-in customer's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CustomerTokens {
    #[serde(rename = "a")]
    pub(crate) access: String,
    #[serde(rename = "u", with = "chrono::serde::ts_seconds")]
    pub(crate) access_until: DateTime<Utc>,
    #[serde(rename = "r")]
    pub(crate) refresh: String,
    #[serde(rename = "e", with = "chrono::serde::ts_seconds")]
    pub(crate) ends_at: DateTime<Utc>,
}

/// A visitor's with a cart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GuestToken {
    #[serde(rename = "a")]
    pub(crate) access: String,
    #[serde(rename = "u", with = "chrono::serde::ts_seconds")]
    pub(crate) until: DateTime<Utc>,
}

impl std::fmt::Debug for CustomerTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CustomerTokens").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for GuestToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuestToken").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Reads and writes sessions.
pub(crate) struct Sessions {
    jar: Jar,
    refresher: Refresher,
    clock: Arc<dyn Clock>,
    secure: bool,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("secure", &self.secure).finish_non_exhaustive()
    }
}

impl Sessions {
    pub(crate) fn new(jar: Jar, refresher: Refresher, clock: Arc<dyn Clock>, secure: bool) -> Self {
        Self { jar, refresher, clock, secure }
    }

    /// Who sends this request, with a token that lives long enough to serve it.
    pub(crate) async fn visitor(&self, request: &HttpRequest) -> Visitor {
        let sealed = request.cookie(self.name());
        let tokens = sealed.and_then(|cookie| self.jar.open(self.name(), cookie.value()));
        let visitor =
            Visitor::new(tokens.unwrap_or_default(), forwarded_for(request), self.clock.clone());
        if let Some(refresh) = visitor.must_refresh() {
            match self.refresher.refresh(&refresh).await {
                Refreshed::Fresh(tokens) => visitor.sign_in(tokens),
                Refreshed::Refused => visitor.expire(),
                // The token at hand may still do; where it does not, its user is told.
                Refreshed::Unavailable => {}
            }
        }
        visitor
    }

    /// What the browser has to keep from now on, where that changed.
    pub(crate) fn cookie(&self, visitor: &Visitor) -> Option<Cookie<'static>> {
        let (tokens, lives) = visitor.changed()?;
        let sealed = if tokens == Tokens::default() {
            String::new()
        } else {
            self.jar.seal(self.name(), &tokens)?
        };
        let lives = if sealed.is_empty() { 0 } else { lives.num_seconds() };
        Some(
            Cookie::build(self.name(), sealed)
                .path("/")
                .http_only(true)
                .secure(self.secure)
                .same_site(SameSite::Strict)
                .max_age(time::Duration::seconds(lives))
                .finish(),
        )
    }

    /// With the prefix browsers take from nobody but this very host, over TLS.
    fn name(&self) -> &'static str {
        if self.secure { "__Host-shop-session" } else { "shop-session" }
    }
}

/// The way the request came, for identity to count attempts by.
fn forwarded_for(request: &HttpRequest) -> String {
    let before = request.headers().get_all("x-forwarded-for");
    let before = before.filter_map(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let peer = request.peer_addr().map(|address| address.ip().to_string());
    before.chain(peer).collect::<Vec<_>>().join(", ")
}
