//! What a device may ask for: operations by name, their arguments typed, one file per flow.
//!
//! Invariant: every operation refuses fields it does not know, so a misspelt argument is told and never left out. Whether
//! an operation fits the moment is the floor's to decide; names of things are texts here and are checked there.

/// Arguments of operations of a kind.
macro_rules! args {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    )* };
}

/// One of several words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$word_doc])* $word,)*
        }
    )* };
}

mod count;
mod fact;
mod input;
mod pack;
mod pick;
mod plate;
mod receive;
mod returns;
mod session;
mod ship;

pub use count::{Nothing, Submit};
pub use fact::{Content, CountLine, Counted, Goods, Loaded, Packed, Picked, Place, Received, Stored};
pub use input::{Confirm, Next, Override, Qty, ScanCode};
pub use pack::{Carton, Label, Weigh};
pub use pick::{BinEmpty, ChangeLot, Full, Short, Skip};
pub use plate::{CreatePlate, RelabelPlate, Split, TakePlates, VoidPlate};
pub use receive::{Condition, Expiry, SetCondition};
pub use returns::{Disposition, Grade, SetDisposition, SetGrade};
pub use session::{Choose, Close, First, Flow, GetWork, Pin, SignOff, SignOn, Suspend};
pub use ship::{Depart, Seal, Verify};

use crate::{code::Code, envelope::Refused, ids::Op, payload::Payload};

macro_rules! operations {
    ($($word:literal $name:ident;)*) => {
        /// One operation with its arguments.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum DeviceCmd {
            $(#[doc = concat!("`", $word, "`.")] $name($name),)*
        }

        /// Names of all operations.
        pub const OPS: &[&str] = &[$($word),*];

        impl DeviceCmd {
            /// Reads an operation.
            ///
            /// # Errors
            /// [`Code::UnknownType`] for a name that is none, [`Code::BadField`] for arguments it does not have.
            pub fn read(op: &str, a: &Payload) -> Result<Self, Refused> {
                match op {
                    $($word => a.parse().map(Self::$name).map_err(|_| Refused::field(Code::BadField, "a")),)*
                    _ => Err(Refused::field(Code::UnknownType, "op")),
                }
            }

            /// Its name.
            pub const fn word(&self) -> &'static str {
                match self { $(Self::$name(_) => $word,)* }
            }

            /// As a frame carries it.
            ///
            /// # Errors
            /// Never for arguments made of texts and numbers.
            pub fn write(&self) -> serde_json::Result<(Op, Payload)> {
                let op = Op::parse(self.word()).map_err(serde::de::Error::custom)?;
                let a = match self { $(Self::$name(args) => Payload::of(args)?,)* };
                Ok((op, a))
            }
        }
    };
}

operations! {
    "sign_on" SignOn;
    "sign_off" SignOff;
    "choose" Choose;
    "suspend" Suspend;
    "get_work" GetWork;
    "close" Close;
    "scan" ScanCode;
    "qty" Qty;
    "confirm" Confirm;
    "next" Next;
    "override" Override;
    "skip" Skip;
    "short" Short;
    "full" Full;
    "change_lot" ChangeLot;
    "bin_empty" BinEmpty;
    "expiry" Expiry;
    "condition" SetCondition;
    "grade" SetGrade;
    "disposition" SetDisposition;
    "carton" Carton;
    "weigh" Weigh;
    "label" Label;
    "verify" Verify;
    "seal" Seal;
    "depart" Depart;
    "submit" Submit;
    "nothing" Nothing;
    "plate.take" TakePlates;
    "plate.create" CreatePlate;
    "plate.void" VoidPlate;
    "plate.relabel" RelabelPlate;
    "plate.split" Split;
    "fact.received" Received;
    "fact.stored" Stored;
    "fact.counted" Counted;
    "fact.picked" Picked;
    "fact.packed" Packed;
    "fact.loaded" Loaded;
}

impl DeviceCmd {
    /// The arguments without what must not be kept: what a fingerprint is made of.
    ///
    /// # Errors
    /// As [`DeviceCmd::write`].
    pub fn without_secret(&self) -> serde_json::Result<(Op, Payload)> {
        match self {
            Self::SignOn(sign_on) => Self::SignOn(SignOn { pin: Pin::default(), ..sign_on.clone() }).write(),
            other => other.write(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(op: &str, a: &str) -> Result<DeviceCmd, Code> {
        DeviceCmd::read(op, &Payload::from_json(a).unwrap()).map_err(|refused| refused.code)
    }

    #[test]
    fn every_operation_reads_what_it_writes_and_nothing_more() {
        let empty = [
            "suspend",
            "get_work",
            "close",
            "confirm",
            "next",
            "skip",
            "full",
            "verify",
            "depart",
            "submit",
            "nothing",
            "plate.take",
        ];
        for (op, a) in empty.iter().map(|op| (*op, "{}")).chain([
            ("sign_on", r#"{"badge":"B1","pin":"1234"}"#),
            ("sign_off", r#"{"keep":true}"#),
            ("choose", r#"{"flow":"pick_batch","first":"location"}"#),
            ("scan", r#"{"raw":"]C10109506000134352"}"#),
            ("qty", r#"{"qty":"3"}"#),
            ("override", r#"{"reason":"dirty label"}"#),
            ("short", r#"{"found":1,"reason":"broken"}"#),
            ("change_lot", r#"{"lot":"L2","reason":"blocked"}"#),
            ("bin_empty", r#"{"empty":true}"#),
            ("expiry", r#"{"date":"2027-03-01"}"#),
            ("condition", r#"{"condition":"damaged"}"#),
            ("grade", r#"{"grade":"opened"}"#),
            ("disposition", r#"{"disposition":"restock"}"#),
            ("carton", r#"{"kind":"BOX-M"}"#),
            ("weigh", r#"{"grams":1200}"#),
            ("label", r#"{"printed":true}"#),
            ("seal", r#"{"number":"S-1"}"#),
            ("plate.create", r#"{"bin":"STAGE-1"}"#),
            ("plate.void", r#"{"plate":"106141410000000012"}"#),
            ("plate.relabel", r#"{"plate":"106141410000000012"}"#),
            ("plate.split", r#"{"sku":"A","units":2,"into":"106141410000000012"}"#),
            ("fact.received", r#"{"doc":"PO-1","plate":"106141410000000012"}"#),
            ("fact.stored", r#"{"plate":"106141410000000012","bin":"A-01"}"#),
            ("fact.counted", r#"{"task":1,"from":7,"lines":[{"sku":"A","units":2}]}"#),
            ("fact.picked", r#"{"task":1,"line":1,"place":{"bin":"A-01"},"goods":{"sku":"A"},"units":1,"tote":"T-1"}"#),
            ("fact.packed", r#"{"parcel":"x/1","tote":"T-1","goods":{"sku":"A"},"units":1}"#),
            ("fact.loaded", r#"{"load":"L-1","plate":"106141410000000012"}"#),
        ]) {
            let cmd = read(op, a).unwrap_or_else(|code| panic!("{op}: {code:?}"));
            let (word, again) = cmd.write().unwrap();
            assert_eq!(DeviceCmd::read(word.as_str(), &again).unwrap(), cmd, "{op}");
            let more = a.replacen('{', r#"{"qyt":"3","#, 1).replace(",}", "}");
            assert_eq!(read(op, &more), Err(Code::BadField), "{op} takes a field it does not have");
        }
        assert_eq!(read("dance", "{}"), Err(Code::UnknownType));
    }

    #[test]
    fn a_pin_is_neither_shown_nor_part_of_what_is_kept() {
        let with = |pin: &str| read("sign_on", &format!(r#"{{"badge":"B1","pin":"{pin}"}}"#)).unwrap();
        assert!(!format!("{:?}", with("4711")).contains("4711"));
        assert_eq!(with("4711").without_secret().unwrap(), with("1234").without_secret().unwrap());
        assert_ne!(with("4711").write().unwrap(), with("1234").write().unwrap());
    }
}
