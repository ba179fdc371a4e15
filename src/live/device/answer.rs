//! From the floor's kept answer to the one on the wire.
//!
//! Invariant: what became of a command, and why, is the floor's word; only the view of the last one is made anew.

use std::collections::BTreeSet;

use munshi_domain::floor::{Answer as Kept, Outcome, Screen};
use munshi_protocols::{
    code::CodeWord,
    ids::CmdSeq,
    payload::Payload,
    server::{Answer, Status},
};

/// The answer to a device's last command, with the view as the command left it: the floor keeps the one it made while it
/// decided, in which what the command brought about, such as a lease, is not to be seen yet. A view of another shape is
/// the command's own result and stays.
pub fn up_to_date(kept: Kept, shown: &Screen) -> Kept {
    let names = |view: &serde_json::Value| -> BTreeSet<String> {
        view.as_object().map(|view| view.keys().cloned().collect()).unwrap_or_default()
    };
    let screen = &kept.screen;
    let same = screen.rev == shown.rev && screen.state == shown.state && names(&screen.view) == names(&shown.view);
    if !same {
        return kept;
    }
    let screen = Screen { view: shown.view.clone(), ..kept.screen };
    Kept { screen, ..kept }
}

/// As the wire has it; `again` if it was decided before this time.
pub fn of(seq: CmdSeq, kept: &Kept, again: bool) -> Answer {
    let status = match kept.outcome {
        Outcome::Applied => Status::Applied,
        Outcome::AppliedWithVariance => Status::AppliedWithVariance,
        Outcome::Rejected => Status::Rejected,
        Outcome::Pending => Status::Pending,
    };
    Answer {
        seq: Some(seq),
        key: None,
        st: if again { Status::Duplicate } else { status },
        code: kept.code.and_then(|code| CodeWord::parse(code.word())),
        exception_id: kept.exception.map(|id| id.to_string()),
        approval_id: kept.approval.map(|id| id.to_string()),
        out: Payload::of(&kept.screen).ok(),
    }
}

/// For metrics.
pub const fn word(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Duplicate => "duplicate",
        Status::AppliedWithVariance => "applied_with_variance",
        Status::Rejected => "rejected",
        Status::Pending => "pending",
    }
}
