//! Whom an order is for and how it is paid, as clients send it.

use garde::Validate;
use order_core::app::SeenPrice;
use serde::Deserialize;
use shop_kernel::{Address, Contact, EmailAddress, Money, ProductId};
use utoipa::ToSchema;

use super::schema::MoneySchema;

/// Whom to write to, and where it goes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Contact)]
pub(super) struct ContactBody {
    /// The name on the label and in the greeting.
    #[garde(length(chars, min = 1, max = 100), custom(one_line))]
    #[schema(example = "Ada Lovelace", min_length = 1, max_length = 100)]
    name: String,
    /// Where mails go.
    #[garde(skip)]
    #[schema(value_type = String, format = "email", example = "ada@example.org")]
    email: EmailAddress,
    #[garde(dive)]
    address: AddressBody,
}

/// Where the order goes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Address)]
pub(super) struct AddressBody {
    #[garde(length(chars, min = 1, max = 200), custom(one_line))]
    #[schema(example = "12 St James's Square", min_length = 1, max_length = 200)]
    street: String,
    #[garde(length(chars, min = 1, max = 100), custom(one_line))]
    #[schema(example = "London", min_length = 1, max_length = 100)]
    city: String,
    #[garde(length(chars, min = 1, max = 20), custom(one_line))]
    #[schema(example = "SW1Y 4JH", min_length = 1, max_length = 20)]
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    #[garde(custom(country_code))]
    #[schema(example = "GB", pattern = "^[A-Z]{2}$")]
    country: String,
}

/// A price as the shopper saw it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SeenPrice)]
pub(super) struct SeenPriceBody {
    #[schema(value_type = String, example = "prd_0193456789ab7000800000000000b10e")]
    product: ProductId,
    /// The price of one.
    #[schema(value_type = MoneySchema)]
    unit_price: Money,
}

impl From<ContactBody> for Contact {
    fn from(body: ContactBody) -> Self {
        let AddressBody { street, city, postal_code, country } = body.address;
        let address = Address { street, city, postal_code, country };
        Self { name: body.name, email: body.email, address }
    }
}

impl From<SeenPriceBody> for SeenPrice {
    fn from(body: SeenPriceBody) -> Self {
        Self { product: body.product, unit_price: body.unit_price }
    }
}

/// It is printed on labels and in mail headers, where a line break would begin something new.
fn one_line(text: &str, (): &()) -> garde::Result {
    if text.trim().is_empty() {
        return Err(garde::Error::new("is blank"));
    }
    if text.chars().any(char::is_control) {
        return Err(garde::Error::new("has a control character in it"));
    }
    Ok(())
}

fn country_code(code: &str, (): &()) -> garde::Result {
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(garde::Error::new("is no ISO 3166-1 alpha-2 code"))
}
