//! The range the shop opens with.

use garde::Validate;
use serde::Deserialize;
use shop_kernel::{LocalizedText, ProductId};

use crate::product::{Prices, ProductDetails};

const RANGE: &str = include_str!("../seed/products.toml");

/// Everything the shop opens with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Its categories, in the order they are shown.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
    /// Its products.
    #[serde(rename = "product")]
    pub products: Vec<SeedProduct>,
}

/// A shelf of the shop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: LocalizedText,
}

/// A product and how many of it there are at first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedProduct {
    /// Its id: fixed, so that every shop that was ever seeded agrees on it.
    pub id: ProductId,
    /// How many there are at first.
    pub stock: u32,
    slug: String,
    category: String,
    name: LocalizedText,
    description: LocalizedText,
    price: Prices,
    picture: String,
    tags: Vec<String>,
    popularity: u32,
}

/// Why the seed data cannot be planted.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// It is not the TOML it should be.
    #[error("could not read the seed data")]
    Malformed(#[source] toml::de::Error),
    /// A product breaks a rule an operator's product must keep.
    #[error("the seed product {slug} is not valid")]
    Invalid {
        /// The product.
        slug: String,
        /// What is wrong with it.
        #[source]
        source: garde::Report,
    },
}

impl Range {
    /// Reads the range that is compiled in.
    ///
    /// # Errors
    /// When a product breaks a rule; a test sees to it that none does.
    pub fn built_in() -> Result<Self, SeedError> {
        let range: Self = toml::from_str(RANGE).map_err(SeedError::Malformed)?;
        for product in &range.products {
            product
                .details()
                .validate()
                .map_err(|source| SeedError::Invalid { slug: product.slug.clone(), source })?;
        }
        Ok(range)
    }
}

impl SeedProduct {
    /// What is said about it.
    #[must_use]
    pub fn details(&self) -> ProductDetails {
        ProductDetails {
            slug: self.slug.clone(),
            category: self.category.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            price: self.price,
            picture: self.picture.clone(),
            tags: self.tags.clone(),
            popularity: self.popularity,
            on_sale: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::product::StockMark;

    #[test]
    fn the_range_is_as_wide_as_a_shop_should_be() {
        let range = Range::built_in().unwrap();

        assert_eq!(range.categories.len(), 8);
        assert!(range.products.len() >= 48);
        for category in &range.categories {
            let count = range.products.iter().filter(|p| p.category == category.slug).count();
            assert!(count >= 6, "{} has only {count}", category.slug);
        }
    }

    #[test]
    fn ids_and_slugs_name_one_product_each() {
        let range = Range::built_in().unwrap();

        let ids: BTreeSet<_> = range.products.iter().map(|p| p.id).collect();
        let slugs: BTreeSet<_> = range.products.iter().map(|p| &p.slug).collect();
        assert_eq!(ids.len(), range.products.len());
        assert_eq!(slugs.len(), range.products.len());
    }

    #[test]
    fn some_products_are_scarce_and_some_are_sold_out() {
        let range = Range::built_in().unwrap();

        let with = |mark| range.products.iter().filter(|p| StockMark::of(p.stock) == mark).count();
        assert!(with(StockMark::FewLeft { left: 3 }) >= 3);
        assert!(with(StockMark::SoldOut) >= 2);
    }

    #[test]
    fn everything_has_a_picture() {
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/pictures");
        let range = Range::built_in().unwrap();

        for (folder, name) in range
            .products
            .iter()
            .map(|product| ("products", &product.picture))
            .chain(range.categories.iter().map(|category| ("categories", &category.slug)))
        {
            let picture = pictures.join(folder).join(format!("{name}.svg"));
            assert!(picture.is_file(), "{} is not there", picture.display());
        }
    }

    #[test]
    fn every_text_is_written_in_its_own_language() {
        let has_hangul = |text: &str| text.chars().any(|c| matches!(c, '가'..='힣'));
        let range = Range::built_in().unwrap();

        for product in &range.products {
            for text in [&product.name, &product.description] {
                assert!(has_hangul(&text.ko), "{} lacks Korean", product.slug);
                assert!(!has_hangul(&text.en), "{} has Korean for English", product.slug);
            }
        }
    }
}
