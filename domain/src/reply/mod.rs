//! What a customer's words mean: English, Urdu and Urdu in Latin letters (N25).
//!
//! How: words are brought to one spelling ([`normal`]), each stands for one thing ([`lexicon`]), and rules look at what
//! stands beside what ([`rules`]): "nahi chahiye" denies the wish, "cancel mat karna" the cancelling. No model, no guess.
//!
//! Invariant: the same words are always read the same way, and whatever is not plain is not sure, so that a person
//! reads it. It knows words only: whether there is anything to confirm is for the conversation to say.

mod lexicon;
mod normal;
mod rules;

pub use rules::classify;

use serde::{Deserialize, Serialize};

use crate::order::content::words;

words!(
    /// What somebody wants.
    Intent {
        /// Yes: the order, the address, the wait.
        Confirm = "confirm",
        /// No, or cancel.
        Cancel = "cancel",
        /// Send it elsewhere.
        ChangeAddress = "change_address",
        /// Where is it?
        Track = "track",
        /// No more messages.
        OptOut = "opt_out",
        /// Messages again.
        OptIn = "opt_in",
        /// Anything else: a question, a greeting, a complaint.
        Other = "other",
    }
);

/// How words are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// What is wanted.
    pub intent: Intent,
    /// Whether it may be acted on; otherwise a person looks at it.
    pub sure: bool,
    /// Whether it is a mere yes or no, whose meaning is that of the question.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bare: bool,
}

/// Words that nobody read.
pub const UNREAD: Reading = Reading { intent: Intent::Other, sure: false, bare: false };
