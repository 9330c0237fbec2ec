//! The secrets of a cluster of one's own, as the files that `infra/k8s/overlays/local` makes Secrets of.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{secret, workspace};

/// Services with a role of their own on PostgreSQL.
const ROLES: [&str; 5] = ["identity", "catalog", "order", "payment", "email"];
/// Services that ask identity for tokens.
const CALLERS: [&str; 2] = ["order", "order-history"];

/// Where that overlay looks for them; version control does not.
#[must_use]
pub fn folder() -> PathBuf {
    workspace::root().join("infra/k8s/overlays/local/secrets")
}

/// Writes the files that are missing, and tells which those were. What is there stays as it is:
/// stores remember the passwords they were made with.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write_missing(folder: &Path) -> Result<Vec<String>> {
    let mut written = Vec::new();
    let mut write = |name: &str, lines: &[(&str, String)]| -> Result<()> {
        let path = folder.join(format!("{name}.env"));
        if !path.exists() {
            let text: String =
                lines.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
            secret::write(&path, &text)?;
            written.push(name.to_owned());
        }
        Ok(())
    };
    for service in ROLES {
        let role = format!("shop_{service}");
        let login = [("username", role), ("password", secret::random_password()?)];
        write(&format!("{service}-database"), &login)?;
    }
    write("order-history-database", &[("password", secret::random_password()?)])?;
    let mut tokens = Vec::new();
    for service in CALLERS {
        tokens.push((service, secret::random_password()?));
    }
    write("service-secrets", &tokens)?;
    write("web-bff-session", &[("secret", secret::random_password()?)])?;
    write("payment-provider", &[("key", secret::random_password()?)])?;
    write("email-smtp", &[("url", "smtp://mailpit:1025".to_owned())])?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::write_missing;

    #[test]
    fn what_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("payment-provider.env");

        let first = write_missing(folder.path()).unwrap();
        let key = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(folder.path().join("service-secrets.env")).unwrap();
        let again = write_missing(folder.path()).unwrap();

        assert_eq!(first.len(), 10);
        assert_eq!(again, ["service-secrets"]);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), key);
    }
}
