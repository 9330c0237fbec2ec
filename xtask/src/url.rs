//! Takes server addresses apart (`postgres://user:password@host:port/name?option=x`).

use anyhow::{Context as _, Result};

/// The parts of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// `postgres`, `http` and so on.
    pub scheme: String,
    /// Decoded.
    pub user: Option<String>,
    /// Decoded.
    pub password: Option<String>,
    /// Without the brackets of an IPv6 address.
    pub host: String,
    /// As written; the scheme's default is the caller's business.
    pub port: Option<u16>,
    /// Path and query with the leading slash, as written; may be empty.
    pub path: String,
}

impl Url {
    /// Parses `scheme://[user[:password]@]host[:port][/path][?query]`.
    pub fn parse(text: &str) -> Result<Self> {
        // The text itself stays out of the error: it may hold a password.
        Self::parts(text)
            .context("not an address of the form scheme://user:password@host:port/path")
    }

    fn parts(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let (account, place) = match authority.rsplit_once('@') {
            Some((account, place)) => (Some(account), place),
            None => (None, authority),
        };
        let (user, password) = match account.map(|account| account.split_once(':')) {
            Some(Some((user, password))) => (Some(decoded(user)?), Some(decoded(password)?)),
            Some(None) => (Some(decoded(account?)?), None),
            None => (None, None),
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (place, None),
        };
        let host = host.trim_matches(['[', ']']).to_owned();
        (!host.is_empty()).then_some(Self {
            scheme: scheme.to_owned(),
            user,
            password,
            host,
            port,
            path: path.to_owned(),
        })
    }

    /// The path without its slash and its query: a database's name.
    pub fn name(&self) -> &str {
        let path = self.path.split('?').next().unwrap_or_default();
        path.trim_start_matches('/')
    }
}

/// The same address with another database in its path, options kept.
pub fn with_name(url: &str, name: &str) -> Result<String> {
    let parsed = Url::parse(url)?;
    let base = url.strip_suffix(&parsed.path).unwrap_or(url);
    let query = parsed.path.split_once('?').map(|(_, query)| format!("?{query}"));
    Ok(format!("{base}/{name}{}", query.unwrap_or_default()))
}

/// `host:port` for people, without what is secret.
pub fn place(url: &str) -> String {
    match Url::parse(url) {
        Ok(Url { host, port: Some(port), .. }) => format!("{host}:{port}"),
        Ok(Url { host, port: None, .. }) => host,
        Err(_) => "an address that cannot be read".to_owned(),
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let hex = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::{Url, place, with_name};

    #[test]
    fn an_address_falls_into_its_parts() {
        let url = Url::parse("postgres://ada:p%40ss@db.test:5433/shop?sslmode=disable").unwrap();

        assert_eq!(url.scheme, "postgres");
        assert_eq!(url.user.as_deref(), Some("ada"));
        assert_eq!(url.password.as_deref(), Some("p@ss"));
        assert_eq!((url.host.as_str(), url.port), ("db.test", Some(5433)));
        assert_eq!(url.name(), "shop");
    }

    #[test]
    fn what_is_left_out_is_none() {
        let url = Url::parse("mongodb://[::1]/?replicaSet=rs0").unwrap();

        assert_eq!((url.user, url.password, url.port), (None, None, None));
        assert_eq!(url.host, "::1");
        assert_eq!(url.path, "/?replicaSet=rs0");
    }

    #[test]
    fn nonsense_is_refused_without_being_repeated() {
        for nonsense in ["", "secret", "a://", "a://host:port", "a://%zz@host"] {
            let error = Url::parse(nonsense).unwrap_err().to_string();

            assert!(nonsense.is_empty() || !error.contains(nonsense), "{nonsense}: {error}");
        }
    }

    #[test]
    fn the_database_changes_and_the_options_stay() {
        let url = "mongodb://127.0.0.1:1/?replicaSet=rs0";

        assert_eq!(with_name(url, "x").unwrap(), "mongodb://127.0.0.1:1/x?replicaSet=rs0");
        assert_eq!(with_name("postgres://a@b/c", "d").unwrap(), "postgres://a@b/d");
        assert_eq!(place(url), "127.0.0.1:1");
    }
}
