//! Passwords, sign-in, activation, renewal.
