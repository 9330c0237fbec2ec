//! Addresses of the replicas of one peer.

use std::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// Base URLs, written as a list or as one text with commas between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Urls(pub Vec<String>);

impl Urls {
    fn parse(text: &str) -> Self {
        Self(text.split(',').filter_map(base_url).collect())
    }
}

fn base_url(text: &str) -> Option<String> {
    let url = text.trim().trim_end_matches('/');
    (!url.is_empty()).then(|| url.to_owned())
}

impl From<&str> for Urls {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for Urls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UrlsVisitor)
    }
}

struct UrlsVisitor;

impl<'de> Visitor<'de> for UrlsVisitor {
    type Value = Urls;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base URLs, as a list or with commas between them")
    }

    fn visit_str<E>(self, text: &str) -> Result<Urls, E> {
        Ok(Urls::parse(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Urls, A::Error> {
        let mut urls = Vec::new();
        while let Some(text) = seq.next_element::<String>()? {
            urls.extend(base_url(&text));
        }
        Ok(Urls(urls))
    }
}
