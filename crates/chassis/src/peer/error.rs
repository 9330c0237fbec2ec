//! Why a peer gave no answer to go on with.

use std::time::Duration;

use actix_web::http::StatusCode;
use resilience::{Denied, Failure, Verdict};

use crate::problem::Document;

/// Why a peer gave no answer to go on with.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// No replica answered, or the one that did cannot now. Try again later, or fall back.
    #[error("{peer} is unavailable")]
    Unavailable {
        /// Who.
        peer: &'static str,
        /// Why; absent when something in front of it, or it as a whole, said so.
        #[source]
        source: Option<Away>,
    },
    /// It answered, and refused. Trying again gives the same.
    #[error("{peer} answered {status}")]
    Refused {
        /// Who.
        peer: &'static str,
        /// How.
        status: StatusCode,
        /// Why, where it said.
        problem: Option<Box<Document>>,
        /// When to come again, where it said.
        retry_after: Option<Duration>,
    },
    /// It answered something else than was agreed.
    #[error("the answer of {peer} could not be read")]
    Unreadable {
        /// Who.
        peer: &'static str,
        /// What was wrong with it.
        #[source]
        source: reqwest::Error,
    },
}

/// What made a peer unavailable.
#[derive(Debug, thiserror::Error)]
pub enum Away {
    /// What the last replica did.
    #[error(transparent)]
    Broken(#[from] reqwest::Error),
    /// It failed so often that it is not asked for a while.
    #[error("its circuit breaker is open")]
    Open {
        /// When it may be worth another try.
        retry_after: Duration,
    },
    /// So many wait for it already that one more would only wait too.
    #[error("too many calls to it are under way")]
    Full,
    /// It is there, and cannot do just this just now: it said so, with a code of its own.
    #[error("it cannot now: {}", problem.code)]
    Busy {
        /// Why.
        problem: Box<Document>,
        /// When it may be worth another try.
        retry_after: Duration,
    },
    /// It took too long.
    #[error("it did not answer within {0:?}")]
    TimedOut(Duration),
}

impl PeerError {
    /// The status it refused with.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::Unavailable { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// The code it refused with, for good or for now.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { problem: Some(problem), .. }
            | Self::Unavailable { source: Some(Away::Busy { problem, .. }), .. } => {
                Some(&problem.code)
            }
            Self::Refused { .. } | Self::Unavailable { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// Whether the peer is to blame, and a fallback may serve: it is away, broken, or talks rubbish.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        self.verdict().counts()
    }

    pub(super) fn denied(peer: &'static str, denied: Denied<Self>) -> Self {
        let away = match denied {
            Denied::Failed(error) => return error,
            Denied::Open { retry_after } => Away::Open { retry_after },
            Denied::Full => Away::Full,
            Denied::TimedOut(within) => Away::TimedOut(within),
        };
        Self::Unavailable { peer, source: Some(away) }
    }
}

impl Failure for PeerError {
    fn verdict(&self) -> Verdict {
        match self {
            // It answers: were it left alone for that, all else it could do would be missing too.
            Self::Unavailable { source: Some(Away::Busy { .. }), .. } => Verdict::Answer,
            Self::Unavailable { .. } => Verdict::Outage,
            Self::Refused { status, .. } if status.is_server_error() => Verdict::Fault,
            Self::Refused { .. } => Verdict::Answer,
            Self::Unreadable { .. } => Verdict::Fault,
        }
    }
}
