use shop_contracts::order::CancelReason;

use crate::facts::{ada, haru};
use crate::support::{Place, Shop};

#[tokio::test]
async fn an_order_that_goes_well_is_written_about_twice() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();

        shop.hear(&[order.placed(), order.processed(), order.confirmed()]).await;

        shop.until_arrived(order.order, &["confirmation", "receipt"]).await;
        let sent = [("confirmation", "sent"), ("receipt", "sent")];
        shop.until_states(order.order, &sent).await;
        let receipt = shop.letter(order.order, "receipt");
        assert_eq!(receipt.to, ["ada@example.org"]);
        assert_eq!(receipt.from, "hello@saga-shop.example");
        assert_eq!(receipt.subject, format!("Receipt for your order {}", order.order));
        assert!(receipt.raw.contains("Auto-Submitted: auto-generated"));
    }
}

#[tokio::test]
async fn a_cancelled_order_is_written_about_for_its_reason_and_its_refund() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        for (reason, subject) in [
            (CancelReason::PaymentFailed, "We are sorry"),
            (CancelReason::OutOfStock, "We are sorry"),
            (CancelReason::TimedOut, "is cancelled"),
            (CancelReason::ByCustomer, "is cancelled"),
        ] {
            let order = ada();

            shop.hear(&[order.placed(), order.cancelled(reason), order.refunded()]).await;

            shop.until_arrived(order.order, &["cancellation", "refund"]).await;
            let notice = shop.letter(order.order, "cancellation");
            assert!(notice.subject.contains(subject), "{reason}: {}", notice.subject);
        }
    }
}

#[tokio::test]
async fn a_customer_is_written_to_in_their_language() {
    let shop = Shop::open(Place::embedded().await).await;
    let order = haru();

    shop.hear(&[order.placed(), order.confirmed()]).await;

    shop.until_arrived(order.order, &["confirmation"]).await;
    let letter = shop.letter(order.order, "confirmation");
    assert_eq!(letter.subject, format!("주문 {} 확정 안내", order.order));
}

#[tokio::test]
async fn a_fact_that_is_told_again_is_not_written_about_again() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();
        let facts = [order.placed(), order.processed(), order.confirmed()];
        // The same facts under other ids: a producer that publishes twice does that.
        let again = [order.processed(), order.confirmed()];

        shop.hear(&facts).await;
        shop.hear(&facts).await;
        shop.hear(&again).await;
        let last = ada();
        shop.hear(&[last.placed(), last.confirmed()]).await;

        shop.until_arrived(last.order, &["confirmation"]).await;
        shop.until_states(order.order, &[("confirmation", "sent"), ("receipt", "sent")]).await;
        assert_eq!(shop.arrived(order.order), ["confirmation", "receipt"]);
    }
}

#[tokio::test]
async fn a_mail_waits_for_the_contact_whatever_comes_first() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let order = ada();
        shop.hear(&[order.refunded(), order.cancelled(CancelReason::ByCustomer)]).await;
        shop.hear(&[order.processed()]).await;
        let waiting = [("cancellation", "pending"), ("receipt", "pending"), ("refund", "pending")];
        shop.until_states(order.order, &waiting).await;

        shop.hear(&[order.placed()]).await;

        shop.until_arrived(order.order, &["cancellation", "receipt", "refund"]).await;
    }
}

#[tokio::test]
async fn a_confirmation_that_has_not_left_when_the_order_is_cancelled_is_skipped() {
    for place in Place::all().await {
        let shop = Shop::open(place).await;
        let [early, late] = [ada(), ada()];
        // Nothing leaves before the contact is known, so both facts are there by then.
        shop.hear(&[early.confirmed(), early.cancelled(CancelReason::ByCustomer)]).await;
        shop.hear(&[late.cancelled(CancelReason::ByCustomer), late.confirmed()]).await;
        for order in [&early, &late] {
            let heard = [("cancellation", "pending"), ("confirmation", "skipped")];
            shop.until_states(order.order, &heard).await;
        }

        shop.hear(&[early.placed(), late.placed()]).await;

        for order in [&early, &late] {
            shop.until_states(
                order.order,
                &[("cancellation", "sent"), ("confirmation", "skipped")],
            )
            .await;
            assert_eq!(shop.arrived(order.order), ["cancellation"]);
        }
    }
}

#[tokio::test]
async fn a_name_cannot_bring_headers_of_its_own() {
    let shop = Shop::open(Place::embedded().await).await;
    let order = ada();
    let mut placed = order.placed();
    placed.data["contact"]["name"] = "Ada\r\nBcc: eve@example.org\u{0}".into();

    shop.hear(&[placed, order.confirmed()]).await;

    shop.until_arrived(order.order, &["confirmation"]).await;
    let letter = shop.letter(order.order, "confirmation");
    assert_eq!(letter.to, ["ada@example.org"]);
    assert!(!letter.raw.lines().any(|line| line.starts_with("Bcc:")), "{}", letter.raw);
}
