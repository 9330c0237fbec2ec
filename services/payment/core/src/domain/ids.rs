//! Ids that follow from other ids, so that a repeated act finds what the first one did.

use shop_kernel::{OrderId, PaymentId, RefundId};
use uuid::Uuid;

/// The namespace of payment ids. Drawn once at random; another one would charge every order again.
const PAYMENTS: Uuid = Uuid::from_u128(0x5e1f_2b0c_9d4a_5c37_8a61_0f3e_77d2_c4b9);
/// The namespace of refund ids, likewise.
const REFUNDS: Uuid = Uuid::from_u128(0xa3c8_41d6_0b7e_5f92_9e15_d26f_48b0_7c1a);

/// The one payment of an order; also its idempotency key at the provider.
#[must_use]
pub fn payment_of(order: OrderId) -> PaymentId {
    PaymentId::from_uuid(Uuid::new_v5(&PAYMENTS, order.uuid().as_bytes()))
}

/// The one refund of a payment.
#[must_use]
pub fn refund_of(payment: PaymentId) -> RefundId {
    RefundId::from_uuid(Uuid::new_v5(&REFUNDS, payment.uuid().as_bytes()))
}

/// The idempotency key of a refund that was refused `refusals` times before.
///
/// The first is the refund's id. A provider repeats its answer for a key it has seen, a refusal too,
/// so asking again after a *stored* refusal takes the next key. Without a stored answer the key stays.
#[must_use]
pub fn refund_key(refund: RefundId, refusals: u32) -> RefundId {
    if refusals == 0 {
        return refund;
    }
    RefundId::from_uuid(Uuid::new_v5(&refund.uuid(), &refusals.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_order_has_one_payment_one_refund_and_a_key_per_answer() {
        let (ada, haru) = (OrderId::generate(), OrderId::generate());

        let refund = refund_of(payment_of(ada));

        assert_eq!(payment_of(ada), payment_of(ada));
        assert_ne!(payment_of(ada), payment_of(haru));
        assert_ne!(payment_of(ada).uuid(), ada.uuid());
        assert_eq!(refund_key(refund, 0), refund);
        assert_ne!(refund_key(refund, 1), refund);
        assert_ne!(refund_key(refund, 1), refund_key(refund, 2));
    }

    #[test]
    fn derived_ids_are_the_same_in_every_release() {
        let order = OrderId::from_uuid(Uuid::from_u128(1));

        let payment = payment_of(order);

        assert_eq!(payment.to_string(), "pay_643e8b66f8ba5cb79c7ee976ed156dac");
        assert_eq!(refund_of(payment).to_string(), "ref_70c36e4acf515fa3a02365f3a49abbbd");
    }
}
