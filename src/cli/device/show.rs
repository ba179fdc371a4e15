//! What the device shows and how it sounds, as text.

use std::fmt::Write as _;

use munshi_domain::floor::FloorCode;
use munshi_protocols::{
    server::{Answer, Item, Status},
    topic::rows::DeviceNotice,
};
use serde_json::Value;

/// The screen after an answer.
pub fn answer(answer: &Answer) -> String {
    let screen: Value = answer.out.as_ref().and_then(|out| out.parse().ok()).unwrap_or_default();
    let mut text = String::new();
    let beep = screen["beep"].as_str().unwrap_or("ok");
    let outcome = match answer.st {
        Status::Applied => "",
        Status::Duplicate => " (was done already)",
        Status::AppliedWithVariance => " (done; the office looks at it)",
        Status::Rejected => " (not done)",
        Status::Pending => " (waits for a decision)",
    };
    // Writing to a text cannot fail.
    let _ = writeln!(text, "*{beep}*{outcome} {}", screen["state"].as_str().unwrap_or("?"));
    let code = screen["msg"]["code"].as_str().or(answer.code.as_ref().map(|code| code.as_str()));
    if let Some(code) = code {
        let words = FloorCode::parse(code).map_or("", FloorCode::text);
        let _ = writeln!(text, "  {words} ({code}){}", args(&screen["msg"]["args"]));
    }
    lines(&mut text, &screen["view"], 1);
    for (name, list) in [("scan", &screen["expect"]), ("or type", &screen["allowed"])] {
        let words: Vec<_> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !words.is_empty() {
            let _ = writeln!(text, "  {name}: {}", words.join(", "));
        }
    }
    text
}

/// Something the device is told beside its answers.
pub fn notice(item: &Item) -> String {
    let Ok(notice) = item.v.parse::<DeviceNotice>() else { return String::new() };
    let about: Value = notice.a.parse().unwrap_or_default();
    let text = |name: &str| about[name].as_str().unwrap_or_default().to_owned();
    let task = notice.task.unwrap_or_default();
    let said = match notice.kind.as_str() {
        "message" => text("text"),
        "task_reassigned" => format!("task {task} went to somebody else"),
        "task_expired" => format!("task {task} went back: nothing was heard for too long"),
        "task_cancelled" => format!("task {task} is no longer needed"),
        "signed_on_elsewhere" => format!("the operator signed on at {}", text("device")),
        other => other.to_owned(),
    };
    format!("-- note: {said}\n")
}

fn args(args: &Value) -> String {
    let pair = |(name, value): (&String, &Value)| format!("{name} {}", plain(value));
    let pairs: Vec<_> = args.as_object().into_iter().flatten().map(pair).collect();
    if pairs.is_empty() { String::new() } else { format!(": {}", pairs.join(", ")) }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What is there, one field a line; what is not is left out.
fn lines(text: &mut String, view: &Value, depth: usize) {
    for (name, value) in view.as_object().into_iter().flatten() {
        let indent = "  ".repeat(depth);
        let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        match value {
            _ if nothing => {}
            Value::Object(_) if depth < 3 => {
                let _ = writeln!(text, "{indent}{name}:");
                lines(text, value, depth + 1);
            }
            other => {
                let _ = writeln!(text, "{indent}{name}: {}", plain(other));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use munshi_protocols::{code::CodeWord, ids::CmdSeq, payload::Payload};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_screen_reads_like_a_screen() {
        let screen = json!({"state": "Item", "rev": 3, "beep": "stop", "expect": ["item"], "allowed": ["skip", "short"],
            "view": {"stop": {"location": "A-01", "lot": null}, "tote": "T-1"},
            "msg": {"code": "wrong_item", "args": {"expected": "KURTA-M"}}});
        let text = answer(&Answer {
            seq: CmdSeq::new(3).ok(),
            key: None,
            st: Status::Rejected,
            code: CodeWord::parse("wrong_item"),
            exception_id: None,
            approval_id: None,
            out: Payload::of(&screen).ok(),
        });
        let shown: Vec<_> = text.lines().collect();
        assert_eq!(shown[0], "*stop* (not done) Item");
        assert!(shown[1].ends_with("(wrong_item): expected KURTA-M"), "{text}");
        assert_eq!(
            shown[2..],
            ["  stop:", "    location: A-01", "  tote: T-1", "  scan: item", "  or type: skip, short"]
        );
    }
}
