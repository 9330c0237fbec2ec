//! The file that says where each service is; the front page serves it as `/.well-known/shop.json`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::secret;
use crate::shop_env::Kind;

#[derive(Serialize)]
struct Manifest<'a> {
    mode: &'static str,
    services: BTreeMap<&'a str, &'a [String]>,
}

pub(super) fn write(path: &Path, addresses: &BTreeMap<&'static str, Vec<String>>) -> Result<()> {
    let services = addresses.iter().map(|(name, urls)| {
        let name = Kind::named(name).map_or(*name, Kind::manifest_name);
        (name, urls.as_slice())
    });
    let manifest = Manifest { mode: "up", services: services.collect() };
    secret::write(path, &serde_json::to_string_pretty(&manifest)?)
}
