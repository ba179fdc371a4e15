//! Every messaging transport against the practice world over real sockets on loopback, with every fault.
//!
//! The practice world shares no code with the transports: its signatures, refusals and forms are a second reading of the
//! vendors' documents.

mod chat;
mod faults;
mod mail;
mod meta;
mod official;
mod support;
mod twilio;
mod webhook;
