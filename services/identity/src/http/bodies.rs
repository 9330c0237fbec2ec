//! What clients send, field by field, and what they get.

use chrono::{DateTime, Utc};
use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use shop_kernel::{EmailAddress, Locale};
use utoipa::ToSchema;

use crate::accounts::{Account, Role};

/// Somebody who wants an account. Roles and ids are not theirs to choose.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    /// Where mail goes, and what signs in.
    #[garde(custom(is_email))]
    #[schema(format = "email", example = "ada@example.org")]
    pub(super) email: String,
    /// What to call them.
    #[garde(custom(is_name))]
    #[schema(min_length = 1, max_length = 100, example = "Ada")]
    pub(super) name: String,
    /// At least ten characters.
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    pub(super) password: SecretString,
    /// The language to write in.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Language)]
    pub(super) locale: Locale,
}

/// Somebody who has an account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The address of the account.
    #[garde(custom(is_email))]
    #[schema(format = "email", example = "ada@example.org")]
    pub(super) email: String,
    /// Its password.
    #[garde(custom(not_huge))]
    #[schema(value_type = String, format = Password)]
    pub(super) password: SecretString,
}

/// Somebody who stays signed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    /// The newest token of the session.
    #[schema(value_type = String)]
    pub(super) refresh_token: SecretString,
}

/// What to change about oneself; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeMe {
    /// What to call them.
    #[garde(inner(custom(is_name)))]
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: Option<String>,
    /// The language to write in.
    #[garde(skip)]
    #[schema(value_type = Option<Language>)]
    pub(super) locale: Option<Locale>,
}

/// A service that proves itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskServiceToken {
    /// Its name.
    #[schema(example = "order")]
    pub(super) service: String,
    /// Its secret.
    #[schema(value_type = String, format = Password)]
    pub(super) secret: SecretString,
}

/// How to rotate.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotateKeys {
    /// Whether the keys there are have leaked: a new one then signs now, and every token ends.
    #[serde(default)]
    pub(super) at_once: bool,
}

/// A language the shop speaks.
#[derive(Debug, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "the schema of shop_kernel::Locale, which knows no OpenAPI")]
pub(super) enum Language {
    En,
    Ko,
}

/// An account, as its holder sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Customer {
    /// `cus_…`
    id: String,
    email: String,
    name: String,
    #[schema(value_type = Language)]
    locale: Locale,
    role: Role,
    created_at: DateTime<Utc>,
}

impl From<Account> for Customer {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email,
            name: account.name,
            locale: account.locale,
            role: account.role,
            created_at: account.created_at,
        }
    }
}

fn is_email(text: &str, _: &()) -> garde::Result {
    text.parse::<EmailAddress>().map(drop).map_err(garde::Error::new)
}

/// It goes into mails and pages: text, on one line.
fn is_name(text: &str, _: &()) -> garde::Result {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(garde::Error::new("a name has 1 to 100 characters"));
    }
    if name.chars().any(char::is_control) {
        return Err(garde::Error::new("a name has no control characters"));
    }
    Ok(())
}

/// No password is longer than those that are taken, so nothing longer is worth a hash.
fn not_huge(password: &SecretString, _: &()) -> garde::Result {
    let max = crate::password::NewPassword::MAX_BYTES;
    if password.expose_secret().len() > max {
        return Err(garde::Error::new(format!("a password has at most {max} bytes")));
    }
    Ok(())
}
