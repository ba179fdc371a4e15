//! The outside world: what other systems say, read into values that Munshi can act on, and what it says to them.
//!
//! [`files`] reads product, customer, stock and order files; [`mod@print`] writes pick lists, packing slips and labels.
//! Messages go out and come in through [`transport`], which every vendor implements ([`twilio`], [`meta`], [`mail`],
//! [`chat`]; [`webhook`] for users' own systems), with texts from [`templates`], over one [`http`] client, paced by
//! [`pace`], with the [`outcome`] of each call; [`secret`] keeps credentials. Invariant: nothing here touches an
//! aggregate or the store, keeps a queue or retries, and no vendor's module uses another's.

pub mod chat;
pub mod files;
mod form;
pub mod http;
pub mod mail;
pub mod meta;
pub mod outcome;
pub mod pace;
pub mod print;
pub mod secret;
pub mod templates;
pub mod transport;
pub mod twilio;
pub mod webhook;
