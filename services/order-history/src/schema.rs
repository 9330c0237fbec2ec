//! The shapes of kernel and contract types in the API document; nothing is made of these.

use utoipa::ToSchema;

/// An amount of money.
#[derive(Debug, ToSchema)]
#[schema(as = Money)]
#[expect(dead_code, reason = "describes a type of the kernel, which knows no OpenAPI")]
pub(crate) struct MoneyShape {
    /// Minor units: cents for USD, won for KRW.
    minor: i64,
    /// ISO 4217 code.
    #[schema(example = "USD")]
    currency: String,
}

/// A text in every language of the shop.
#[derive(Debug, ToSchema)]
#[schema(as = LocalizedText)]
#[expect(dead_code, reason = "describes a type of the kernel, which knows no OpenAPI")]
pub(crate) struct TextShape {
    en: String,
    ko: String,
}

/// One product of an order, at the price it was bought for.
#[derive(Debug, ToSchema)]
#[schema(as = OrderLine)]
#[expect(dead_code, reason = "describes a type of the contracts, which know no OpenAPI")]
pub(crate) struct LineShape {
    #[schema(example = "prd_0190f3d2c5a07bb1a7d1c1e5a3b4c5d6")]
    product: String,
    /// Its name on that day.
    name: TextShape,
    /// 1 to 99.
    quantity: u32,
    unit_price: MoneyShape,
    total: MoneyShape,
}

/// A line that could not be held.
#[derive(Debug, ToSchema)]
#[schema(as = ShortLine)]
#[expect(dead_code, reason = "describes a type of the contracts, which know no OpenAPI")]
pub(crate) struct ShortShape {
    product: String,
    /// How many were asked for.
    requested: u32,
    /// How many there were.
    available: u32,
}

/// What was charged or refunded, as a person may read it.
#[derive(Debug, ToSchema)]
#[schema(as = PaymentMethod)]
#[expect(dead_code, reason = "describes a type of the contracts, which know no OpenAPI")]
pub(crate) struct MethodShape {
    /// `card` or `store-credit`.
    kind: String,
    /// Of a card.
    #[schema(example = "visa")]
    brand: Option<String>,
    /// Of a card.
    #[schema(example = "4242")]
    last4: Option<String>,
}

/// Where a parcel goes.
#[derive(Debug, ToSchema)]
#[schema(as = Address)]
#[expect(dead_code, reason = "describes a type of the kernel, which knows no OpenAPI")]
pub(crate) struct AddressShape {
    street: String,
    city: String,
    postal_code: String,
    /// ISO 3166-1 alpha-2 code.
    #[schema(example = "KR")]
    country: String,
}
