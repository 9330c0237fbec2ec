//! What the metrics say of those who sign in.

use metrics::Counter;

use crate::SERVICE;

/// Begins every count at zero, so that the first of a kind is seen as a rise.
pub(crate) fn begin() {
    for outcome in ["done", "wrong", "too-many", "failed"] {
        sign_ins(outcome).increment(0);
    }
    reused().increment(0);
}

/// Somebody tried to sign in.
pub(crate) fn sign_in(outcome: &'static str) {
    sign_ins(outcome).increment(1);
}

/// An old refresh token came back: somebody has two of a kind.
pub(crate) fn refresh_token_reused() {
    reused().increment(1);
}

fn sign_ins(outcome: &'static str) -> Counter {
    metrics::counter!("sign_ins_total", "service" => SERVICE.name, "outcome" => outcome)
}

fn reused() -> Counter {
    metrics::counter!("refresh_tokens_reused_total", "service" => SERVICE.name)
}
