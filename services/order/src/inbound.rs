//! What reaches the service: requests, messages and the clock.

mod housekeeping;
pub(crate) mod http;
mod price_feed;
mod price_news;
mod saga_replies;
mod standing;
mod watchdog;

pub(crate) use housekeeping::Housekeeping;
pub(crate) use price_feed::PriceFeed;
pub(crate) use price_news::PriceNews;
pub(crate) use saga_replies::SagaReplies;
pub(crate) use standing::Standing;
pub(crate) use watchdog::Watchdog;
