//! `email`: what the shop wrote to a customer.

use actix_web::http::StatusCode;
use reqwest::Method;
use shop_kernel::OrderId;
use uuid::Uuid;

use super::{Upstream, address};
use crate::failure::Failure;
use crate::schema::mail::{Mail, MailPage};

impl Upstream {
    /// Mails of this customer, newest first; none for an order nothing was heard of yet.
    pub(crate) async fn mails(
        &self,
        token: &str,
        order: Option<OrderId>,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<MailPage, Failure> {
        let path = address(
            "/mails",
            &[
                ("order", order.map(|order| order.to_string())),
                ("after", after.map(|after| after.to_string())),
                ("limit", Some(limit.to_string())),
            ],
        );
        match self.email.call(Method::GET, &path).bearer(token).read().await {
            Ok(page) => Ok(page),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(MailPage::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// One mail with what it says.
    pub(crate) async fn mail(&self, token: &str, id: Uuid) -> Result<Option<Mail>, Failure> {
        let call = self.email.call(Method::GET, &format!("/mails/{id}")).bearer(token);
        match call.read().await {
            Ok(mail) => Ok(Some(mail)),
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
