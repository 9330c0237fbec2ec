//! The accounts that are there from the start: the demo's, and the first operator.

use anyhow::Context as _;
use secrecy::SecretString;
use shop_kernel::{CustomerId, Locale};
use uuid::Uuid;

use crate::accounts::{Accounts, RegisterError, Registration, Role};

/// An account of the demo. Its password is public, hence `seed.enabled` is off by default.
#[derive(Debug, Clone, Copy)]
pub struct DemoAccount {
    /// Names it in other seeds.
    pub id: CustomerId,
    /// What it signs in with.
    pub email: &'static str,
    /// And its password.
    pub password: &'static str,
    /// What to call its holder.
    pub name: &'static str,
    /// The language to write in.
    pub locale: Locale,
    /// Whether it runs the shop.
    pub is_operator: bool,
}

/// A customer who reads English.
pub const ADA: DemoAccount = DemoAccount {
    id: demo_id(1),
    email: "ada@example.org",
    password: "demo-ada-2026",
    name: "Ada",
    locale: Locale::En,
    is_operator: false,
};

/// A customer who reads Korean.
pub const HARU: DemoAccount = DemoAccount {
    id: demo_id(2),
    email: "haru@example.org",
    password: "demo-haru-2026",
    name: "하루",
    locale: Locale::Ko,
    is_operator: false,
};

/// Who runs the demo shop.
pub const OPERATOR: DemoAccount = DemoAccount {
    id: demo_id(3),
    email: "operator@example.org",
    password: "demo-operator-2026",
    name: "Operator",
    locale: Locale::En,
    is_operator: true,
};

/// All of them.
pub const DEMO: [DemoAccount; 3] = [ADA, HARU, OPERATOR];

/// A UUID of version 7 with nothing in it but a number.
const fn demo_id(number: u128) -> CustomerId {
    CustomerId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// Makes the demo accounts that are not there.
pub(crate) async fn demo(accounts: &Accounts) -> anyhow::Result<()> {
    for demo in DEMO {
        let role = if demo.is_operator { Role::Operator } else { Role::Customer };
        let who = registration(demo.email, demo.password.into(), demo.name, demo.locale)?;
        ensure(accounts, demo.id, who, role).await?;
    }
    Ok(())
}

/// Makes the operator named in the settings, if nobody has the address.
pub(crate) async fn operator(
    accounts: &Accounts,
    email: &str,
    password: &SecretString,
) -> anyhow::Result<()> {
    let who = registration(email, password.clone(), "Operator", Locale::En)?;
    ensure(accounts, CustomerId::generate(), who, Role::Operator).await
}

fn registration(
    email: &str,
    password: SecretString,
    name: &str,
    locale: Locale,
) -> anyhow::Result<Registration> {
    let email = email.parse().with_context(|| format!("{email} cannot sign in"))?;
    Ok(Registration { email, password, name: name.to_owned(), locale })
}

async fn ensure(
    accounts: &Accounts,
    id: CustomerId,
    who: Registration,
    role: Role,
) -> anyhow::Result<()> {
    // A hash costs a second at every start otherwise.
    if accounts.has(&who.email).await? {
        return Ok(());
    }
    let email = who.email.clone();
    match accounts.open(id, who, role).await {
        // Another instance was first.
        Ok(_) | Err(RegisterError::EmailTaken) => Ok(()),
        Err(error) => Err(error).with_context(|| format!("could not make the account {email}")),
    }
}
