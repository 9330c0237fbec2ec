//! One SMTP conversation (RFC 5321), as much of it as mail clients use.

mod command;
mod wire;

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::sink::Office;

use command::Command;
use wire::Wire;

/// Larger than any mail of a shop; a sender hears of it in the answer to EHLO.
const MAX_MAIL_BYTES: usize = 10 * 1024 * 1024;
/// RFC 5321 asks for 512 at least; parameters of extensions come on top.
const MAX_COMMAND_BYTES: usize = 2_048;
/// RFC 5321's advice; clients with a pool keep silent connections.
const MAX_SILENCE: Duration = Duration::from_mins(5);
const MAX_RECIPIENTS: usize = 100;

/// Talks until the client says QUIT, hangs up or falls silent.
pub(crate) async fn hold(stream: TcpStream, office: &Office) -> io::Result<()> {
    let mut session = Session { wire: Wire::new(stream), office, mail: None };
    session.wire.say("220 mail-sink ESMTP").await?;
    loop {
        let Ok(line) = timeout(MAX_SILENCE, session.wire.line(MAX_COMMAND_BYTES)).await else {
            return session.wire.say("421 silent for too long").await;
        };
        let Some(line) = line? else {
            return Ok(());
        };
        if line.cut {
            session.wire.say("500 line too long").await?;
            continue;
        }
        match Command::parse(&line.text()) {
            Command::Quit => return session.wire.say("221 bye").await,
            command => session.obey(command).await?,
        }
    }
}

struct Session<'a> {
    wire: Wire,
    office: &'a Office,
    mail: Option<Envelope>,
}

struct Envelope {
    from: String,
    to: Vec<String>,
}

impl Session<'_> {
    async fn obey(&mut self, command: Command) -> io::Result<()> {
        match command {
            Command::Hello { extended } => {
                self.mail = None;
                let answer = if extended { greeting() } else { "250 mail-sink".to_owned() };
                self.wire.say(&answer).await
            }
            Command::Mail { size, .. } if size.is_some_and(|size| size > MAX_MAIL_BYTES) => {
                self.wire.say("552 mail too large").await
            }
            Command::Mail { from, .. } => {
                self.mail = Some(Envelope { from, to: Vec::new() });
                self.wire.say("250 ok").await
            }
            Command::Recipient(to) => {
                let answer = self.add_recipient(to);
                self.wire.say(&answer).await
            }
            Command::Data => self.take_mail().await,
            Command::Reset => {
                self.mail = None;
                self.wire.say("250 ok").await
            }
            Command::Noop => self.wire.say("250 ok").await,
            Command::Verify => self.wire.say("252 send it and see").await,
            Command::Malformed => self.wire.say("501 syntax error in parameters").await,
            Command::Unknown | Command::Quit => self.wire.say("502 command not known here").await,
        }
    }

    fn add_recipient(&mut self, to: String) -> String {
        match (&mut self.mail, self.office.refusal()) {
            (None, _) => "503 MAIL first".to_owned(),
            (Some(_), Some(code)) => format!("{code} recipient refused"),
            (Some(mail), None) if mail.to.len() >= MAX_RECIPIENTS => {
                "452 too many recipients".to_owned()
            }
            (Some(mail), None) => {
                mail.to.push(to);
                "250 ok".to_owned()
            }
        }
    }

    async fn take_mail(&mut self) -> io::Result<()> {
        let Some(mail) = self.mail.take_if(|mail| !mail.to.is_empty()) else {
            return self.wire.say("503 no recipients").await;
        };
        self.wire.say("354 end with a line of one dot").await?;
        let Some(raw) = self.wire.mail(MAX_MAIL_BYTES, MAX_SILENCE).await? else {
            return self.wire.say("552 mail too large").await;
        };
        match self.office.mailbox.keep(mail.from, mail.to, &raw) {
            Ok(()) => self.wire.say("250 kept").await,
            Err(error) => self.wire.say(&format!("451 could not keep it: {error}")).await,
        }
    }
}

fn greeting() -> String {
    format!(
        "250-mail-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MAX_MAIL_BYTES}"
    )
}
