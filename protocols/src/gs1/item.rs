//! Pairing rules, over everything that is printed on one physical item.
//!
//! A pallet label is often two barcodes: the dictionary asks that `req`, `ex` and repeats are judged over all of them
//! together. Invariant: a missing partner is never a refusal (`Pairing::Incomplete`, "scan the other label"), a
//! contradiction always is. Does not decide which carriers belong to one item.

use super::ai::{Ai, Pattern, Requirement};
use super::code::{Fault, ScanCode};
use super::element::Elements;
use super::table::ENTRIES;

/// Whether all partners are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// Every requirement is met.
    Complete,
    /// `ai` wants one of the groups in `missing` on the same item: code `incomplete_pair`.
    Incomplete {
        /// The AI that lacks a partner.
        ai: Ai,
        /// Alternatives, of which each is a set of AIs.
        missing: Requirement,
    },
}

/// Judges the carriers of one physical item.
///
/// # Errors
/// `repeat_conflict` for an AI with two values, `ai_mutex` for two AIs that exclude each other.
pub fn check_item(carriers: &[Elements<'_>]) -> Result<Pairing, Fault> {
    for (index, carrier) in carriers.iter().enumerate() {
        carrier.check_repeats()?;
        for element in carrier.iter() {
            let other = carriers[..index].iter().find_map(|earlier| earlier.get(element.ai));
            if other.is_some_and(|value| value != element.value) {
                return Err(Fault::of(ScanCode::RepeatConflict, element.ai, 0));
            }
        }
    }
    for (ai, entry, at) in all(carriers) {
        if ENTRIES[entry].excludes.iter().any(|pattern| is_present(carriers, *pattern, ai)) {
            return Err(Fault::of(ScanCode::AiMutex, ai, at));
        }
    }
    for (ai, entry, _) in all(carriers) {
        let met = |requirement: &Requirement| {
            requirement.iter().any(|group| group.iter().all(|pattern| is_present(carriers, *pattern, ai)))
        };
        if let Some(missing) = ENTRIES[entry].requires.iter().find(|requirement| !met(requirement)) {
            return Ok(Pairing::Incomplete { ai, missing });
        }
    }
    Ok(Pairing::Complete)
}

fn all<'a>(carriers: &'a [Elements<'_>]) -> impl Iterator<Item = (Ai, usize, usize)> + 'a {
    carriers
        .iter()
        .flat_map(|carrier| carrier.slots().iter().map(|slot| (Ai(slot.ai), slot.entry as usize, slot.start as usize)))
}

/// An AI is never its own partner or opponent, even when it matches the pattern (`ex=310n` on 3101).
fn is_present(carriers: &[Elements<'_>], pattern: Pattern, asking: Ai) -> bool {
    all(carriers).any(|(ai, _, _)| ai != asking && pattern.matches(ai))
}

#[cfg(test)]
mod tests {
    use super::super::element::parse_elements;
    use super::*;

    fn judge(carriers: &[&str]) -> Result<Pairing, ScanCode> {
        let parsed: Vec<_> = carriers.iter().map(|data| parse_elements(data, 2026).unwrap()).collect();
        check_item(&parsed).map_err(|fault| fault.code)
    }

    #[test]
    fn partners_may_be_on_the_other_label() {
        let (content, count) = ("0209506000134352", "3712\u{1d}00106141412345678908");
        assert!(matches!(judge(&[content]), Ok(Pairing::Incomplete { ai: Ai::CONTENT, .. })));
        assert!(matches!(judge(&[count]), Ok(Pairing::Incomplete { ai: Ai::COUNT, .. })));
        assert_eq!(judge(&[content, count]), Ok(Pairing::Complete));
    }

    #[test]
    fn contradictions_are_found_across_labels() {
        assert_eq!(judge(&["0109506000134352", "0109506000134352"]), Ok(Pairing::Complete));
        assert_eq!(judge(&["0109506000134352", "0104006381333931"]), Err(ScanCode::RepeatConflict));
        assert_eq!(judge(&["0109506000134352", "3712"]), Err(ScanCode::AiMutex));
        assert_eq!(judge(&["0109506000134352", "3101001234", "3102001234"]), Err(ScanCode::AiMutex));
        assert_eq!(judge(&["0109506000134352", "3101001234", "3101001234"]), Ok(Pairing::Complete));
        assert_eq!(judge(&[]), Ok(Pairing::Complete));
    }
}
