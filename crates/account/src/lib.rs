//! Accounts: passwords, sign-in, activation by a code on paper, renewal by a mailed link.
//!
//! Each function is one decision over the database. What a stranger can learn from an answer, or from the time it takes,
//! is the same whether a login exists or not; only who has shown the right password is told more.

mod activation;
mod code;
mod error;
mod password;
mod renewal;
mod sign_in;
#[cfg(test)]
mod testing;
mod throttle;

pub use activation::{activate, check_code};
pub use code::activation_code;
pub use error::{Error, Refusal};
pub use password::{MIN_CHARACTERS, Weakness, check as check_password, hash as hash_password};
pub use renewal::{Renewal, VALIDITY as RENEWAL_VALIDITY, begin as begin_renewal, finish as finish_renewal};
pub use sign_in::{change_password, end_all_sessions, sign_in};

/// Somebody who has just proved who she is: what a session is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The person's id.
    pub person_id: String,
    /// Her session epoch: sessions of an older one open nothing any more.
    pub epoch: i64,
}

/// A login as compared: without the spaces around it, in lower case. Longer than any login there is: nobody's.
fn folded(login: &str) -> String {
    login.trim().to_lowercase().chars().take(100).collect()
}
