//! Settings: documented defaults, then a file, then the environment.

mod sections;
mod shown;
mod urls;

use std::path::Path;

use ::config::{
    Config, ConfigError as Cause, Environment, File, FileFormat, Map, Source as _, Value, ValueKind,
};
use serde::de::DeserializeOwned;

pub use sections::{
    AuthConfig, BrokerConfig, CallsConfig, DatabaseConfig, HttpConfig, LogFormat, PeersConfig,
    TelemetryConfig,
};
pub use urls::Urls;

/// Why there are no settings to start with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or a value could not be read; the source names it.
    #[error("could not read the settings")]
    Unreadable(#[source] Cause),
    /// A file sets what no default documents: a misspelt key must not pass in silence.
    #[error("unknown setting {key} in {file}")]
    Unknown {
        /// The key as written, dotted.
        key: String,
        /// Where it is.
        file: String,
    },
    /// An override names what no default documents.
    #[error("unknown setting {0}")]
    UnknownOverride(String),
}

/// Reads settings from the defaults, the file named by `SHOP_CONFIG` and the environment.
///
/// # Errors
/// When one is missing, unknown or of the wrong kind.
pub fn load<T: DeserializeOwned>(defaults: &str) -> Result<T, ConfigError> {
    let file = std::env::var_os("SHOP_CONFIG").filter(|path| !path.is_empty());
    Settings::from_environment(defaults, file.as_deref().map(Path::new))?.read()
}

/// Reads settings from the defaults and these overrides alone, as tests and the demo do.
///
/// # Errors
/// When one is missing, unknown or of the wrong kind.
pub fn load_from<T: DeserializeOwned>(
    defaults: &str,
    overrides: &[(&str, &str)],
) -> Result<T, ConfigError> {
    Settings::from_overrides(defaults, overrides)?.read()
}

/// Settings merged from all sources, not yet given a type.
#[derive(Debug)]
pub struct Settings {
    merged: Config,
}

impl Settings {
    /// Merges defaults, the file if one is named, and `SHOP_…` with `__` between the parts.
    ///
    /// Variables that name no setting of this service are left alone: they are another's.
    ///
    /// # Errors
    /// When the file cannot be read or sets something unknown.
    pub fn from_environment(defaults: &str, file: Option<&Path>) -> Result<Self, ConfigError> {
        let known = known(defaults)?;
        let mut builder = Config::builder().add_source(toml(defaults));
        if let Some(path) = file {
            let source = File::from(path).format(FileFormat::Toml);
            let given = source.collect().map_err(ConfigError::Unreadable)?;
            if let Some(key) = unknown_key(&given, &known) {
                return Err(ConfigError::Unknown { key, file: path.display().to_string() });
            }
            builder = builder.add_source(source);
        }
        let variables = Environment::with_prefix("SHOP")
            .prefix_separator("_")
            .separator("__")
            .ignore_empty(true)
            .collect()
            .map_err(ConfigError::Unreadable)?;
        for (key, value) in variables.into_iter().filter(|(key, _)| is_known(key, &known)) {
            builder = builder.set_override(key, value).map_err(ConfigError::Unreadable)?;
        }
        Ok(Self { merged: builder.build().map_err(ConfigError::Unreadable)? })
    }

    /// Merges defaults and overrides, given as dotted key and text.
    ///
    /// # Errors
    /// When an override names something unknown.
    pub fn from_overrides(defaults: &str, overrides: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let known = known(defaults)?;
        let mut builder = Config::builder().add_source(toml(defaults));
        for (key, value) in overrides {
            if !is_known(key, &known) {
                return Err(ConfigError::UnknownOverride((*key).to_owned()));
            }
            builder = builder.set_override(*key, *value).map_err(ConfigError::Unreadable)?;
        }
        Ok(Self { merged: builder.build().map_err(ConfigError::Unreadable)? })
    }

    /// Gives them their type.
    ///
    /// # Errors
    /// When one is missing or of the wrong kind; the source names it.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, ConfigError> {
        self.merged.try_deserialize().map_err(ConfigError::Unreadable)
    }

    /// One of them, given as a dotted key, as text.
    ///
    /// # Errors
    /// When there is none of that name.
    pub(crate) fn text(&self, key: &str) -> Result<String, ConfigError> {
        self.merged.get_string(key).map_err(ConfigError::Unreadable)
    }

    /// Writes them as TOML, with secrets left out.
    #[must_use]
    pub fn shown(&self) -> String {
        shown::write(&self.merged.cache)
    }
}

fn toml(text: &str) -> File<::config::FileSourceString, FileFormat> {
    File::from_str(text, FileFormat::Toml)
}

fn known(defaults: &str) -> Result<Map<String, Value>, ConfigError> {
    toml(defaults).collect().map_err(ConfigError::Unreadable)
}

fn is_known(key: &str, known: &Map<String, Value>) -> bool {
    let (first, rest) = key.split_once('.').map_or((key, None), |(a, b)| (a, Some(b)));
    match (known.get(first).map(|value| &value.kind), rest) {
        (Some(ValueKind::Table(table)), Some(rest)) => table.is_empty() || is_known(rest, table),
        (Some(_), None) => true,
        (Some(_), Some(_)) | (None, _) => false,
    }
}

/// The first key of `given` that the defaults do not have. A table without keys takes any.
fn unknown_key(given: &Map<String, Value>, known: &Map<String, Value>) -> Option<String> {
    given.iter().find_map(|(key, value)| match (known.get(key).map(|v| &v.kind), &value.kind) {
        (None, _) => Some(key.clone()),
        (Some(ValueKind::Table(known)), ValueKind::Table(given)) if !known.is_empty() => {
            unknown_key(given, known).map(|rest| format!("{key}.{rest}"))
        }
        (Some(_), _) => None,
    })
}

#[cfg(test)]
mod tests;
