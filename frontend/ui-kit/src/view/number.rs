//! What people call an order by.

/// The end of its id, which is its own: it begins with a time.
#[must_use]
pub fn order_number(id: &str) -> &str {
    id.len().checked_sub(8).and_then(|start| id.get(start..)).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::order_number;

    #[test]
    fn a_number_is_short_and_of_whatever_id() {
        assert_eq!(order_number("ord_01a1f834e05577ee88ee5af17b89941a"), "7b89941a");
        assert_eq!(order_number("ord"), "ord");
        assert_eq!(order_number("주문번호"), "주문번호");
    }
}
