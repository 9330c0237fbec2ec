//! How the shared words look in the API document; nothing is made of these types.
#![expect(dead_code, reason = "only their schemas are used")]

use utoipa::ToSchema;

/// An amount in minor units of one currency.
#[derive(ToSchema)]
#[schema(as = Money)]
pub(super) struct MoneySchema {
    /// Cents for USD, won for KRW.
    #[schema(example = 1250)]
    minor: i64,
    currency: CurrencySchema,
}

/// A currency the shop sells in.
#[derive(ToSchema)]
#[schema(as = Currency, rename_all = "UPPERCASE")]
pub(super) enum CurrencySchema {
    Krw,
    Usd,
}

/// A language the shop speaks.
#[derive(ToSchema)]
#[schema(as = Locale, rename_all = "lowercase")]
pub(super) enum LocaleSchema {
    En,
    Ko,
}

/// A text in every language the shop speaks.
#[derive(ToSchema)]
#[schema(as = LocalizedText)]
pub(super) struct TextSchema {
    en: String,
    ko: String,
}

/// How an order is paid: `"store-credit"`, or `{"card": "pm_…"}`.
#[derive(ToSchema)]
#[schema(as = PaymentMethod, rename_all = "kebab-case")]
pub(super) enum PaymentMethodSchema {
    /// A card the customer gave to the payment service before.
    Card(String),
    /// The customer's store credit in the order's currency.
    StoreCredit,
}
