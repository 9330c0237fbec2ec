//! chassis-messaging.
