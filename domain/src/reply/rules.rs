//! What the words of a reply amount to.
//!
//! Invariant: a sure yes has no word in it that is denied, asked, conditional or unknown. Rules go from the narrow to the
//! wide: messages, address, tracking, then yes and no.

use super::{
    Intent, Reading, UNREAD,
    lexicon::{Sense, sense},
    normal::{MAX_WORDS, words},
};

/// Words whose place and neighbours matter, with what they stand for.
struct Said {
    words: Vec<String>,
    senses: Vec<Sense>,
    asks: bool,
}

/// Two words that stand for one thing.
const PAIRS: &[(&str, &str, Sense)] = &[
    ("abhi", "tak", Sense::Still),
    ("ab", "tak", Sense::Still),
    ("ابھی", "تک", Sense::Still),
    ("opt", "out", Sense::Stop),
    ("opt", "in", Sense::Start),
    ("don", "t", Sense::Not),
    ("aa", "jayega", Sense::Arrive),
    ("aa", "jayegi", Sense::Arrive),
    ("a", "jayega", Sense::Arrive),
    ("aye", "ga", Sense::Arrive),
    ("no", "problem", Sense::Else),
    ("no", "issue", Sense::Else),
    ("pata", "nahi", Sense::Else),
    ("pata", "nhi", Sense::Else),
    ("nahi", "pata", Sense::Else),
    ("پتہ", "نہیں", Sense::Else),
];

/// Words that name the order itself: "stop the order" is not about messages.
const GOODS: &[&str] = &["order", "orders", "oder", "ordr", "parcel", "delivery", "آرڈر", "پارسل"];

/// Places that are not where a parcel is.
const ELSEWHERE: &[&str] = &["shop", "dukan", "dukaan", "store", "stock", "return", "refund", "exchange", "paise"];

impl Said {
    fn of(text: &str) -> Option<Self> {
        let found = words(text);
        if found.list.is_empty() || found.list.len() > MAX_WORDS {
            return None;
        }
        let (mut list, mut senses) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(word) = found.list.get(at) {
            let next = found.list.get(at + 1).map_or("", String::as_str);
            let pair = PAIRS.iter().find(|(first, second, _)| word == first && next == *second);
            let (text, of) =
                pair.map_or_else(|| (word.clone(), sense(word)), |pair| (format!("{word} {next}"), pair.2));
            at += if pair.is_some() { 2 } else { 1 };
            // A picture beside words says nothing more.
            if text != "*" || found.list.len() == 1 {
                list.push(text);
                senses.push(of);
            }
        }
        Some(Self { words: list, senses, asks: found.asks })
    }

    fn has(&self, sense: Sense) -> bool {
        self.senses.contains(&sense)
    }

    fn any(&self, senses: &[Sense]) -> bool {
        senses.iter().any(|sense| self.has(*sense))
    }

    fn says(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| list.contains(&word.as_str()))
    }

    fn count(&self, sense: Sense) -> usize {
        self.senses.iter().filter(|one| **one == sense).count()
    }

    fn sense(&self, at: Option<usize>) -> Option<Sense> {
        self.senses.get(at?).copied()
    }

    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    fn only(&self, allowed: &[Sense]) -> bool {
        self.senses.iter().all(|sense| *sense == Sense::Filler || allowed.contains(sense))
    }
}

const fn sure(intent: Intent) -> Reading {
    Reading { intent, sure: true, bare: false }
}

const fn bare(intent: Intent) -> Reading {
    Reading { intent, sure: true, bare: true }
}

const fn unsure(intent: Intent) -> Reading {
    Reading { intent, sure: false, bare: false }
}

/// Reads a reply. What is not plain is not sure.
pub fn classify(text: &str) -> Reading {
    let Some(said) = Said::of(text) else { return UNREAD };
    match said.words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        _ if said.asks => {}
        ["1"] => return bare(Intent::Confirm),
        ["2"] => return bare(Intent::Cancel),
        _ => {}
    }
    messages(&said).or_else(|| address(&said)).or_else(|| tracking(&said)).unwrap_or_else(|| yes_or_no(&said))
}

/// Stop writing, or write again.
fn messages(said: &Said) -> Option<Reading> {
    use Sense as S;
    let denied = said.any(&[S::No, S::Not, S::Mat]);
    let about = said.has(S::Message);
    let goods = said.says(GOODS);
    let unsubscribed = (about && (said.any(&[S::Stop, S::Remove]) || denied) && !said.any(&[S::Arrive, S::Where]))
        || (said.has(S::Stop) && !goods && said.only(&[S::Stop, S::Ji, S::Remove, S::Send]))
        || (said.has(S::Remove) && (said.has(S::Number) || said.says(&["me"])) && !goods);
    if unsubscribed {
        let mixed = said.asks || said.any(&[S::Cancel, S::Confirm, S::Else, S::Want, S::Address, S::Start]) || goods;
        return Some(if mixed || said.count(S::Unknown) > 2 { unsure(Intent::OptOut) } else { sure(Intent::OptOut) });
    }
    let again = said.words.iter().all(|word| !matches!(word.as_str(), "on" | "again" | "dobara" | "دوبارہ"));
    let alone = again && said.only(&[S::Start, S::Ji, S::Yes]);
    if said.has(S::Start) && !denied && (about || alone) && !goods {
        let mixed = said.asks || said.any(&[S::Cancel, S::Else, S::Stop, S::Address]);
        return Some(if mixed || said.has(S::Unknown) { unsure(Intent::OptIn) } else { sure(Intent::OptIn) });
    }
    None
}

/// Send it elsewhere. A wish to change goes before a yes: what is confirmed is then not what was shown.
fn address(said: &Said) -> Option<Reading> {
    use Sense as S;
    if !said.has(S::Address) {
        return None;
    }
    let place = said
        .words
        .iter()
        .zip(&said.senses)
        .any(|(word, sense)| *sense == S::Address && !matches!(word.as_str(), "jagah" | "jaga" | "جگہ"));
    let moved = said.has(S::Other) || (place && said.any(&[S::Change, S::Send]));
    if !moved {
        return Some(UNREAD);
    }
    let changes = said.senses.iter().position(|sense| *sense == S::Change);
    let denied = changes.is_some_and(|at| matches!(said.sense(Some(at + 1)), Some(S::No | S::Mat)));
    let canceled = (0..said.senses.len()).any(|at| said.senses[at] == S::Cancel && !said.denied_after(at));
    let wonders = said.says(&["agar", "if", "اگر"]);
    Some(if denied || canceled || wonders { unsure(Intent::ChangeAddress) } else { sure(Intent::ChangeAddress) })
}

/// Where is it, and when does it come?
fn tracking(said: &Said) -> Option<Reading> {
    use Sense as S;
    let decides = said.any(&[S::Confirm, S::Cancel, S::Want, S::Take, S::Leave]);
    let asked = said.has(S::Where) && !said.says(ELSEWHERE);
    let missing = said.has(S::Arrive) && said.any(&[S::No, S::Not, S::Still]) && !said.any(&[S::Else, S::Change]);
    let coming = said
        .words
        .iter()
        .zip(&said.senses)
        .any(|(word, sense)| *sense == S::Arrive && ["ga", "gi", "گا", "گی"].iter().any(|end| word.ends_with(end)));
    let soon = coming && (said.asks || !said.has(S::Yes)) && said.only(&[S::Arrive, S::Ji, S::Yes, S::Still]);
    let follows = |first: &[Sense], second: &[&str]| {
        (0..said.senses.len()).any(|at| first.contains(&said.senses[at]) && second.contains(&said.word(at + 1)))
    };
    let gone = ["gaya", "gya", "gia"];
    let given = ["diya", "dia", "dya", "di", "gaya", "gya"];
    let sent = said.asks && (follows(&[S::Send], &given) || follows(&[S::Remove], &gone));
    let what = said.says(GOODS) && follows(&[S::Else], &["hua", "bana", "huwa", "howa", "hoa", "scene"]);
    let news = said.says(&["update", "updates"]) && !said.has(S::Address);
    let days = said.has(S::Still) && said.says(&["kitne", "kitna", "kitny", "کتنے", "how"]);
    let tracked = said.has(S::Track) || asked || missing || soon || sent || what || news || days;
    if !tracked {
        return None;
    }
    Some(if decides { UNREAD } else { sure(Intent::Track) })
}

/// What speaks for and against, after everything that is denied was turned round.
#[derive(Default)]
struct Weighed {
    yes: bool,
    no: bool,
    /// A wish in words: confirm, send, want.
    wanted: bool,
    /// "Do not cancel": for it, but not in words.
    kept: bool,
    /// Cancel, do not send, not wanted.
    unwanted: bool,
    /// A denial whose object is not plain.
    loose: bool,
}

fn yes_or_no(said: &Said) -> Reading {
    use Sense as S;
    let elsewhere = [
        S::Else,
        S::But,
        S::Message,
        S::Stop,
        S::Remove,
        S::Start,
        S::Number,
        S::Change,
        S::Other,
        S::Arrive,
        S::Still,
        S::Where,
    ];
    let number = said.words.iter().zip(&said.senses).all(|(word, sense)| *sense != S::Digits || word.len() >= 4);
    // "do chahiye" asks for two, "bhej do" for one.
    let two = (0..said.senses.len())
        .any(|at| said.senses[at] == S::Want && at > 0 && matches!(said.word(at - 1), "do" | "دو" | "ek" | "ایک"));
    if said.asks || two || said.any(&elsewhere) || !number {
        return UNREAD;
    }
    let unknown = said.count(S::Unknown);
    let weighed = weigh(said);
    let Weighed { yes, no, wanted, kept, unwanted, loose } = weighed;
    if loose || (wanted && unwanted) || (unwanted && kept) {
        return UNREAD;
    }
    if unwanted {
        return if unknown <= 1 { sure(Intent::Cancel) } else { unsure(Intent::Cancel) };
    }
    let digits = said.has(S::Digits);
    if wanted {
        let plain = unknown == 0 && (!no || kept);
        return if plain { sure(Intent::Confirm) } else { unsure(Intent::Other) };
    }
    if kept {
        return unsure(Intent::Confirm);
    }
    match (yes, no) {
        _ if unknown > 0 || digits => UNREAD,
        (true, false) => bare(Intent::Confirm),
        // "ji nahi" is a polite no, "haan nahi" is nothing.
        (false, true) => bare(Intent::Cancel),
        (false, false) if said.has(S::Ji) => bare(Intent::Confirm),
        _ => UNREAD,
    }
}

/// Turns what is denied round. Wishes take the denial beside them first, so that in "cancel, nahi chahiye" the "nahi"
/// belongs to the wish.
fn weigh(said: &Said) -> Weighed {
    use Sense as S;
    let mut weighed = Weighed::default();
    let mut used = vec![false; said.senses.len()];
    for kinds in [&[S::Want, S::Take, S::Send, S::Need][..], &[S::Confirm, S::Cancel]] {
        for at in (0..said.senses.len()).filter(|at| kinds.contains(&said.senses[*at])) {
            let denial = said.denial(at, &used);
            if let Some(denial) = denial {
                used[denial] = true;
            }
            match (said.senses[at], denial.is_some()) {
                (S::Cancel, true) => weighed.kept = true,
                (S::Cancel, false) | (_, true) => weighed.unwanted = true,
                (_, false) => weighed.wanted = true,
            }
        }
    }
    for (at, sense) in said.senses.iter().enumerate() {
        match sense {
            S::Yes => weighed.yes = true,
            S::Leave => weighed.unwanted = true,
            S::No if !used[at] => weighed.no = true,
            S::Not | S::Mat if !used[at] => weighed.loose = true,
            _ => {}
        }
    }
    weighed
}

impl Said {
    fn is_goods(&self, at: usize) -> bool {
        GOODS.contains(&self.word(at)) || matches!(self.word(at), "mujhe" | "ab" | "abhi" | "to" | "مجھے")
    }

    /// Whether the word is denied by the one after it: "cancel mat karna", "confirm nahi hai".
    fn denied_after(&self, at: usize) -> bool {
        matches!(self.sense(Some(at + 1)), Some(Sense::No | Sense::Mat))
    }

    /// The word that denies the one at `at`, if any.
    fn denial(&self, at: usize, used: &[bool]) -> Option<usize> {
        use Sense as S;
        let free = |at: usize| used.get(at) == Some(&false);
        // English and "mat" deny what follows, over words that mean nothing: "don't you send", "mat order bhejna".
        let mut before = at;
        while let Some(previous) = before.checked_sub(1) {
            match self.senses[previous] {
                S::Not if free(previous) => return Some(previous),
                // "mat" is about the very next verb: "cancel mat karna, bhej do" sends.
                S::Mat if free(previous) && (previous + 1..at).all(|at| self.is_goods(at)) => return Some(previous),
                S::Filler if at - previous < 4 => before = previous,
                _ => break,
            }
        }
        // "nahi chahiye", "na bhejen", but not "nahi, bhej do" nor "nahi, cancel".
        let gives = |word: &str| matches!(word, "do" | "dein" | "den" | "dain" | "dou" | "دو" | "دیں");
        let urdu = matches!(self.senses[at], S::Want | S::Take | S::Send | S::Need);
        let told = self.senses[at] == S::Send && gives(self.word(at + 1));
        if let Some(previous) = at.checked_sub(1)
            && urdu
            && !told
            && self.senses[previous] == S::No
            && free(previous)
        {
            return Some(previous);
        }
        // "cancel mat karna", "confirm nahi hai", "zaroorat bhi nahi".
        let soft = matches!(self.word(at + 1), "bhi" | "hi" | "to" | "ki" | "بھی" | "ہی");
        let next = if soft { at + 2 } else { at + 1 };
        matches!(self.sense(Some(next)), Some(S::No | S::Mat)).then_some(next).filter(|next| free(*next))
    }
}
