//! What reaches the service: requests, messages and the clock.

