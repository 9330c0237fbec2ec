//! What the shopper wants of the cart, told to the shop one wish at a time.
//!
//! Two changes on their way at once could arrive the other way round, and the older one would stay.

/// Wishes that wait; of one product only the latest.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    waiting: Vec<(String, u32)>,
    is_busy: bool,
}

impl Wishes {
    /// Takes a wish in; whether nobody is telling them, so that somebody has to begin.
    pub(super) fn add(&mut self, product: String, quantity: u32) -> bool {
        self.waiting.retain(|(known, _)| *known != product);
        self.waiting.push((product, quantity));
        !std::mem::replace(&mut self.is_busy, true)
    }

    /// The next one to tell; with `None` whoever tells them stops.
    pub(super) fn next(&mut self) -> Option<(String, u32)> {
        self.is_busy = !self.waiting.is_empty();
        self.is_busy.then(|| self.waiting.remove(0))
    }
}

#[cfg(test)]
mod tests {
    use super::Wishes;

    fn wish(product: &str, quantity: u32) -> Option<(String, u32)> {
        Some((product.to_owned(), quantity))
    }

    #[test]
    fn one_wish_is_told_at_a_time_and_the_latest_of_a_product_follows() {
        let mut wishes = Wishes::default();
        assert!(wishes.add("mug".to_owned(), 2));
        assert_eq!(wishes.next(), wish("mug", 2));

        assert!(!wishes.add("mug".to_owned(), 3));
        assert!(!wishes.add("pen".to_owned(), 1));
        assert!(!wishes.add("mug".to_owned(), 4));

        assert_eq!(wishes.next(), wish("pen", 1));
        assert_eq!(wishes.next(), wish("mug", 4));
    }

    #[test]
    fn telling_begins_again_after_it_stopped() {
        let mut wishes = Wishes::default();
        wishes.add("mug".to_owned(), 2);
        wishes.next();
        assert_eq!(wishes.next(), None);

        assert!(wishes.add("mug".to_owned(), 3));
    }
}
