//! How the shared words look in the API document; nothing is made of these types.
#![expect(dead_code, reason = "only their schemas are used: the kernel knows nothing of OpenAPI")]

use utoipa::ToSchema;

/// An amount in minor units of one currency.
#[derive(ToSchema)]
#[schema(as = Money)]
pub(crate) struct MoneyShape {
    /// Cents for USD, won for KRW.
    #[schema(example = 1250)]
    minor: i64,
    currency: CurrencyShape,
}

/// A currency the shop sells in.
#[derive(ToSchema)]
#[schema(as = Currency, rename_all = "UPPERCASE")]
pub(crate) enum CurrencyShape {
    Krw,
    Usd,
}

/// A language the shop speaks.
#[derive(ToSchema)]
#[schema(as = Locale, rename_all = "lowercase")]
pub(crate) enum LocaleShape {
    En,
    Ko,
}

/// How an order is paid: `"store-credit"`, or `{"card": "pm_…"}`.
#[derive(ToSchema)]
#[schema(as = PaymentMethod, rename_all = "kebab-case")]
pub(crate) enum PaymentMethodShape {
    /// A card the customer stored before.
    Card(String),
    /// The customer's store credit in the order's currency.
    StoreCredit,
}

/// Where a parcel goes.
#[derive(ToSchema)]
#[schema(as = Address)]
pub(crate) struct AddressShape {
    street: String,
    city: String,
    postal_code: String,
    /// ISO 3166-1 alpha-2.
    #[schema(example = "KR")]
    country: String,
}
