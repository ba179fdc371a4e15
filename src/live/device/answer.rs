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

/// Bytes of answers that go into one frame: what a device's outbox takes along with what is in it already.
const PART_BYTES: usize = 16 * 1024;

/// Answers in frames that an outbox can hold. One that is too large by itself, such as the plan of a load of thousands of
/// parcels, goes without its view: a device that is never answered stands still for ever.
pub fn parts(answers: Vec<Answer>) -> Vec<Vec<Answer>> {
    let (mut parts, mut part, mut bytes) = (Vec::new(), Vec::new(), 0);
    for mut answer in answers {
        let mut size = size_of_answer(&answer);
        if size > 2 * PART_BYTES {
            answer.out = answer.out.as_ref().and_then(without_view);
            size = size_of_answer(&answer);
        }
        if bytes + size > PART_BYTES && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
            bytes = 0;
        }
        bytes += size;
        part.push(answer);
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

/// About what it takes in a frame.
fn size_of_answer(answer: &Answer) -> usize {
    const REST: usize = 160;
    REST + answer.out.as_ref().map_or(0, |out| out.json().len())
}

fn without_view(screen: &Payload) -> Option<Payload> {
    let mut screen: serde_json::Map<String, serde_json::Value> = screen.parse().ok()?;
    screen.insert("view".to_owned(), serde_json::json!({}));
    Payload::of(&screen).ok()
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

#[cfg(test)]
mod tests {
    use munshi_protocols::ids::CmdSeq;

    use super::*;

    fn answer(seq: u64, bytes: usize) -> Answer {
        let out = Payload::of(&serde_json::json!({"state": "Item", "view": {"x": "y".repeat(bytes)}})).ok();
        let seq = CmdSeq::new(seq).ok();
        Answer { seq, key: None, st: Status::Applied, code: None, exception_id: None, approval_id: None, out }
    }

    #[test]
    fn a_hundred_large_answers_go_in_parts_and_in_order() {
        let parts = parts((1..=100).map(|seq| answer(seq, 1_000)).collect());
        assert!(parts.len() > 5 && parts.iter().all(|part| part.len() <= 15), "{}", parts.len());
        let seqs: Vec<_> = parts.iter().flatten().filter_map(|answer| answer.seq).map(CmdSeq::get).collect();
        assert_eq!(seqs, (1..=100).collect::<Vec<_>>());
    }

    #[test]
    fn an_answer_that_no_outbox_holds_goes_without_its_view() {
        let parts = parts(vec![answer(1, 10), answer(2, 100_000), answer(3, 10)]);
        let shown: Vec<_> = parts.iter().flatten().map(|answer| answer.out.as_ref().unwrap().json().len()).collect();
        assert!(shown.len() == 3 && shown[1] < 100, "{shown:?}");
        assert!(parts.iter().flatten().nth(1).unwrap().out.as_ref().unwrap().json().contains("Item"));
    }
}
