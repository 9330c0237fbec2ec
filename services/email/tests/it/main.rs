//! What the email service promises, from the outside.

mod letters;
