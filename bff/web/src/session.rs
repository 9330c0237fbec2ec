//! Who visits: tokens in sealed cookies, out of JavaScript's reach and in no store of ours. The
//! customer's and the guest's travel apart, so that an answer which changes one of them says
//! nothing about the other.

mod jar;
mod refresh;
mod visitor;

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shop_kernel::Clock;

pub(crate) use jar::Jar;
pub(crate) use refresh::{Refreshed, Refresher};
pub(crate) use visitor::Visitor;
use visitor::{Change, Customers, Kept};

/// A token is traded in this long before it ends, so that it outlives the request it is used in.
const SPARE: TimeDelta = TimeDelta::seconds(30);
/// The names of the cookies.
const CUSTOMER: &str = "shop-session";
const GUEST: &str = "shop-guest";

/// A signed-in customer's. Short names, because it travels with every request.
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
        let customer = self.read::<CustomerTokens>(request, CUSTOMER);
        let guest = self.read::<GuestToken>(request, GUEST);
        let visitor = Visitor::new(customer, guest, forwarded_for(request), self.clock.clone());
        if let Some(refresh) = visitor.must_refresh() {
            match self.refresher.refresh(&refresh).await {
                Refreshed::Fresh(tokens) => visitor.go_on(tokens),
                Refreshed::Refused => visitor.expire(),
                // The token at hand may still do; where it does not, its user is told.
                Refreshed::Unavailable => {}
            }
        }
        visitor
    }

    /// What the browser has to keep from now on, where that changed. It may have been told
    /// something newer while this request ran: that stands.
    pub(crate) fn cookies(&self, visitor: &Visitor) -> Vec<Cookie<'static>> {
        let now = self.clock.now();
        let customer = visitor.customers().and_then(|Customers { came_with, kept, change }| {
            let is_outdated = match change {
                // Whoever signs in or out means it; answers that are still under way do not.
                Change::Meant => {
                    came_with.iter().for_each(|token| self.refresher.retire(token));
                    false
                }
                Change::Met => came_with.is_some_and(|token| self.refresher.is_retired(&token)),
                Change::Distrusted => {
                    let token = kept.as_ref().map(|tokens| tokens.refresh.as_str());
                    let is_over = |token: &str| {
                        self.refresher.is_traded_in(token) || self.refresher.is_retired(token)
                    };
                    token.is_some_and(is_over)
                        || came_with.is_some_and(|token| self.refresher.is_retired(&token))
                }
            };
            let ends_at = kept.as_ref().map(|tokens| tokens.ends_at);
            (!is_outdated).then(|| self.cookie(CUSTOMER, kept, ends_at, now)).flatten()
        });
        let guest = visitor.guests().and_then(|Kept(guest)| {
            let ends_at = guest.as_ref().map(|guest| guest.until);
            self.cookie(GUEST, guest, ends_at, now)
        });
        customer.into_iter().chain(guest).collect()
    }

    fn read<T: DeserializeOwned>(&self, request: &HttpRequest, kind: &str) -> Option<T> {
        let name = self.name(kind);
        self.jar.open(&name, request.cookie(&name)?.value())
    }

    /// One that takes itself away where there is nothing to keep.
    fn cookie(
        &self,
        kind: &str,
        tokens: Option<impl Serialize>,
        ends_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<Cookie<'static>> {
        let name = self.name(kind);
        let sealed = match tokens {
            Some(tokens) => self.jar.seal(&name, &tokens)?,
            None => String::new(),
        };
        let lives = ends_at.map_or(0, |ends_at| (ends_at - now).num_seconds());
        Some(
            Cookie::build(name, sealed)
                .path("/")
                .http_only(true)
                .secure(self.secure)
                .same_site(SameSite::Strict)
                .max_age(time::Duration::seconds(lives))
                .finish(),
        )
    }

    /// With the prefix browsers take from nobody but this very host, over TLS.
    fn name(&self, kind: &str) -> String {
        if self.secure { format!("__Host-{kind}") } else { kind.to_owned() }
    }
}

/// The way the request came, for identity to count attempts by.
fn forwarded_for(request: &HttpRequest) -> String {
    let before = request.headers().get_all("x-forwarded-for");
    let before = before.filter_map(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let peer = request.peer_addr().map(|address| address.ip().to_string());
    before.chain(peer).collect::<Vec<_>>().join(", ")
}
