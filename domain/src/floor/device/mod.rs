//! Devices of a site: enrolment, generations, numbers, and who works on them.
//!
//! Invariant: of one device only the newest enrolment is heard (`generation_fenced` for older ones, `device_revoked`
//! for all after a revocation), its commands are decided once and in the order of its own numbers, and one operator
//! works on it at a time. The secrets are hashes; the edge draws and compares them. Throttling and the connection are
//! the edge's too.

mod clock;
mod enrol;
mod log;
mod operator;

pub use clock::{Clock, FUTURE_MILLIS, TOO_OLD_MILLIS};
pub use enrol::{DeviceFault, Greeting, MAX_DEVICES};
pub use log::{ANSWER_MILLIS, CommandLog, Kept, MAX_ANSWERS, SCREENS, Stamp, Verdict};
pub use operator::{MAX_PIN_FAILURES, Operator, OperatorRight};
