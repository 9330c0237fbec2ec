//! The address of a project at a server for errors, and the key to it.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// `https://KEY@HOST/PROJECT`, as such a server shows it.
#[derive(Clone)]
pub(super) struct Dsn {
    /// Where reports go.
    pub(super) url: Url,
    /// What lets them in.
    pub(super) key: String,
}

impl fmt::Debug for Dsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dsn").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl FromStr for Dsn {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut url: Url = text.parse().map_err(drop)?;
        let key = url.username().to_owned();
        // The server may live below a path of its host; what comes last is the project.
        let (below, project) = url.path().trim_end_matches('/').rsplit_once('/').ok_or(())?;
        if key.is_empty() || project.is_empty() || !matches!(url.scheme(), "http" | "https") {
            return Err(());
        }
        let path = format!("{below}/api/{project}/envelope/");
        url.set_username("")?;
        url.set_password(None)?;
        url.set_query(None);
        url.set_path(&path);
        Ok(Self { url, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dsn_says_where_reports_go() {
        let dsn: Dsn = "https://k3y@errors.example:8443/below/7".parse().unwrap();

        assert_eq!(dsn.url.as_str(), "https://errors.example:8443/below/api/7/envelope/");
        assert_eq!(dsn.key, "k3y");
    }

    #[test]
    fn what_is_no_dsn_is_refused() {
        for text in ["errors.example", "https://errors.example/7", "https://k@h", "ftp://k@h/7"] {
            assert!(text.parse::<Dsn>().is_err(), "{text}");
        }
    }
}
