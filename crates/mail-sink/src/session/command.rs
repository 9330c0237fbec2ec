//! What a client may say, taken apart.

/// One command line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Hello {
        extended: bool,
    },
    Mail {
        from: String,
        /// What the client says it is going to send.
        size: Option<usize>,
    },
    Recipient(String),
    Data,
    Reset,
    Noop,
    Verify,
    Quit,
    Malformed,
    Unknown,
}

impl Command {
    pub(super) fn parse(line: &str) -> Self {
        let (verb, rest) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => Self::Hello { extended: true },
            "HELO" => Self::Hello { extended: false },
            "MAIL" => mail(rest).unwrap_or(Self::Malformed),
            "RCPT" => recipient(rest).unwrap_or(Self::Malformed),
            "DATA" => Self::Data,
            "RSET" => Self::Reset,
            "NOOP" => Self::Noop,
            "VRFY" => Self::Verify,
            "QUIT" => Self::Quit,
            _ => Self::Unknown,
        }
    }
}

fn mail(rest: &str) -> Option<Command> {
    let (from, parameters) = path(rest, "FROM:")?;
    let size = parameters
        .split_ascii_whitespace()
        .find_map(|parameter| parameter.to_ascii_uppercase().strip_prefix("SIZE=")?.parse().ok());
    Some(Command::Mail { from, size })
}

fn recipient(rest: &str) -> Option<Command> {
    let (to, _) = path(rest, "TO:")?;
    (!to.is_empty()).then_some(Command::Recipient(to))
}

/// `FROM:<a@b> REST`: the address and what follows it.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(String, &'a str)> {
    let (start, tail) = rest.split_at_checked(keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, parameters) = tail.trim_start().strip_prefix('<')?.split_once('>')?;
    Some((address.to_owned(), parameters))
}

#[cfg(test)]
mod tests {
    use super::Command;

    #[test]
    fn addresses_are_taken_out_of_their_brackets() {
        let size = Some(12);

        assert_eq!(
            Command::parse("mail from:<a@b.c> BODY=8BITMIME size=12\r\n"),
            Command::Mail { from: "a@b.c".into(), size },
        );
        assert_eq!(Command::parse("RCPT TO: <d@e.f>"), Command::Recipient("d@e.f".into()));
    }

    #[test]
    fn a_bounce_has_no_sender_but_every_mail_has_a_recipient() {
        assert_eq!(
            Command::parse("MAIL FROM:<>"),
            Command::Mail { from: String::new(), size: None }
        );
        assert_eq!(Command::parse("RCPT TO:<>"), Command::Malformed);
    }

    #[test]
    fn nonsense_is_told_apart_from_bad_parameters() {
        assert_eq!(Command::parse("MAIL a@b.c"), Command::Malformed);
        assert_eq!(Command::parse("STARTTLS"), Command::Unknown);
        assert_eq!(Command::parse(""), Command::Unknown);
    }
}
