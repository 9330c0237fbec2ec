//! `identity`: accounts, sessions and guests.

use actix_web::http::StatusCode;
use chassis::peer::PeerError;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::Upstream;
use crate::failure::Failure;
use crate::schema::customer::{Customer, RegisterInput};
use crate::schema::money::Locale;
use crate::session::{CustomerTokens, GuestToken, Visitor};

const FORWARDED_FOR: &str = "x-forwarded-for";

#[derive(Deserialize)]
struct Session {
    access_token: String,
    expires_in: i64,
    refresh_token: String,
    refresh_expires_at: DateTime<Utc>,
    customer: Customer,
}

#[derive(Deserialize)]
struct Guest {
    access_token: String,
    expires_in: i64,
}

#[derive(Serialize)]
struct SignIn<'a> {
    email: &'a str,
    password: &'a str,
}

#[derive(Serialize)]
struct Refresh<'a> {
    refresh_token: &'a str,
}

#[derive(Serialize)]
struct Change {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<Locale>,
}

impl Session {
    fn tokens(&self, now: DateTime<Utc>) -> CustomerTokens {
        CustomerTokens {
            access: self.access_token.clone(),
            access_until: now + TimeDelta::seconds(self.expires_in),
            refresh: self.refresh_token.clone(),
            ends_at: self.refresh_expires_at,
        }
    }
}

impl Upstream {
    pub(crate) async fn register(
        &self,
        visitor: &Visitor,
        input: &RegisterInput,
    ) -> Result<(), Failure> {
        let call = self.identity.call(Method::POST, "/customers").json(input);
        call.header(FORWARDED_FOR, visitor.forwarded_for()).send().await?;
        Ok(())
    }

    /// Opens a session and gives the visitor its tokens.
    pub(crate) async fn sign_in(
        &self,
        visitor: &Visitor,
        email: &str,
        password: &str,
    ) -> Result<Customer, Failure> {
        let body = SignIn { email, password };
        let call = self.identity.call(Method::POST, "/sessions").json(&body);
        let session: Session = call.header(FORWARDED_FOR, visitor.forwarded_for()).read().await?;
        visitor.sign_in(session.tokens(visitor.now()));
        Ok(session.customer)
    }

    /// The next tokens of a session.
    pub(crate) async fn refresh(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<CustomerTokens, PeerError> {
        let body = Refresh { refresh_token: token };
        let call = self.identity.call(Method::POST, "/sessions/refresh").json(&body);
        // Twice within ten seconds yields the same successor.
        let session: Session = call.repeatable().read().await?;
        Ok(session.tokens(now))
    }

    pub(crate) async fn sign_out(&self, token: &str) -> Result<(), Failure> {
        let call = self.identity.call(Method::DELETE, "/sessions/current");
        call.bearer(token).send().await?;
        Ok(())
    }

    /// A token for a visitor's cart.
    pub(crate) async fn guest(&self, visitor: &Visitor) -> Result<GuestToken, Failure> {
        let call = self.identity.call(Method::POST, "/guests");
        let guest: Guest = call.header(FORWARDED_FOR, visitor.forwarded_for()).read().await?;
        let until = visitor.now() + TimeDelta::seconds(guest.expires_in);
        Ok(GuestToken { access: guest.access_token, until })
    }

    /// The account; none where it is gone.
    pub(crate) async fn me(&self, token: &str) -> Result<Option<Customer>, Failure> {
        let call = self.identity.call(Method::GET, "/customers/me").bearer(token);
        match call.read().await {
            Ok(customer) => Ok(Some(customer)),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn change_me(
        &self,
        token: &str,
        name: Option<String>,
        locale: Option<Locale>,
    ) -> Result<Customer, Failure> {
        let call = self.identity.call(Method::PATCH, "/customers/me").bearer(token);
        Ok(call.json(&Change { name, locale }).read().await?)
    }
}
