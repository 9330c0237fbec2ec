//! Sends letters over SMTP and tells an outage from a refusal.

use std::time::Duration;

use anyhow::Context as _;
use lettre::address::Address;
use lettre::message::{Mailbox, MultiPart, header};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::response::{Category, Code};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::letter::{Letter, one_line};

/// As many as the sender works on at once. A mail takes 40 ms whatever the server does: the end of
/// its text is a small write of its own, which Nagle's algorithm holds back until the text is
/// acknowledged, and lettre cannot be told otherwise.
pub(crate) const CONNECTIONS: u32 = 16;
/// A connection nobody used for so long is one the mail server is about to drop.
const IDLE: Duration = Duration::from_secs(20);

/// A way to a mail server.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The mail server took it.
    Taken,
    /// It will never take it.
    Refused(String),
    /// It cannot take it now.
    Later(String),
}

impl Delivery {
    /// The name in metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Taken => "sent",
            Self::Refused(_) => "refused",
            Self::Later(_) => "later",
        }
    }
}

impl Mailer {
    /// A mailer for the server at `url` (`smtp:` or `smtps:`, with user and password where it wants
    /// them) that writes in the name of `from`. Connects when there is something to send.
    ///
    /// # Errors
    /// When the URL or the address cannot be read.
    pub fn new(url: &str, from: &str, timeout: Duration) -> anyhow::Result<Self> {
        let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .context("smtp.url is not the URL of a mail server")?
            .timeout(Some(timeout))
            .pool_config(pool)
            .build();
        let from = from.parse().context("smtp.from is not a mail address")?;
        Ok(Self { transport, from })
    }

    /// The Message-ID of the mail `name`: the same for every try, so that a mail program that gets
    /// it twice shows it once.
    #[must_use]
    pub fn message_id(&self, name: &str) -> String {
        format!("<{name}@{}>", self.from.email.domain())
    }

    /// Hands a letter to the mail server and waits for its answer.
    pub async fn send(
        &self,
        message_id: &str,
        name: &str,
        address: &str,
        letter: &Letter,
    ) -> Delivery {
        let message = match self.message(message_id, name, address, letter) {
            Ok(message) => message,
            Err(error) => return Delivery::Refused(format!("{error:#}")),
        };
        match self.transport.send(message).await {
            Ok(_) => Delivery::Taken,
            Err(error) => {
                let reason = error.to_string();
                let refused = error.is_permanent() && error.status().is_some_and(is_about_the_mail);
                if refused { Delivery::Refused(reason) } else { Delivery::Later(reason) }
            }
        }
    }

    fn message(
        &self,
        message_id: &str,
        name: &str,
        address: &str,
        letter: &Letter,
    ) -> anyhow::Result<Message> {
        let address: Address = address.parse().context("not an address mail can be sent to")?;
        let body = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        Message::builder()
            .message_id(Some(message_id.to_owned()))
            .from(self.from.clone())
            .to(Mailbox::new(Some(one_line(name)), address))
            .subject(letter.subject.clone())
            // Keeps holiday notices and ticket systems from answering a machine (RFC 3834).
            .raw_header(header::HeaderValue::new(
                header::HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(body)
            .context("the mail cannot be put together")
    }
}

/// 55x is about the recipient or the mail. Other 5xx answers are about us: a login that is not
/// accepted (53x) or a command the server does not know (50x) is ours to repair, and the mail then
/// still wants to be sent.
fn is_about_the_mail(code: Code) -> bool {
    code.category == Category::MailSystem
}
