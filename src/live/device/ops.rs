//! From the words of the wire to the operations of the floor.
//!
//! Invariant: every operation of the wire has exactly one of the floor. Names are checked here by the floor's own types;
//! what cannot be a name of its kind is `bad_field`.

use chrono::NaiveDate;
use munshi_domain::{
    Sku,
    floor::{DeviceOp, LocationCode, Lot, PlateId},
};
use munshi_protocols::{cmd::DeviceCmd, code::Code, envelope::Refused};
use serde::{Serialize, de::DeserializeOwned};

use super::scan;

fn bad(field: &str) -> Refused {
    Refused::field(Code::BadField, &format!("a/{field}"))
}

/// The floor's own type of something that is written the same on the wire.
fn same<W: Serialize, D: DeserializeOwned>(wire: &W, field: &str) -> Result<D, Refused> {
    serde_json::to_value(wire).and_then(serde_json::from_value).map_err(|_| bad(field))
}

fn plate(text: &str, field: &str) -> Result<PlateId, Refused> {
    PlateId::parse(text).map_err(|_| bad(field))
}

fn lot(text: &str) -> Result<Lot, Refused> {
    Lot::parse(text).map_err(|_| bad("lot"))
}

/// The floor's operation. `pin_right` is what came of comparing the PIN; `year` decides centuries of labels.
///
/// # Errors
/// [`Code::BadField`] naming the argument.
pub fn of(cmd: &DeviceCmd, pin_right: bool, year: u16) -> Result<DeviceOp, Refused> {
    use DeviceCmd as C;
    use DeviceOp as O;
    Ok(match cmd {
        C::SignOn(on) => O::SignOn { badge: on.badge.clone(), pin_right, equipment: on.equipment.clone() },
        C::SignOff(off) => O::SignOff { keep: off.keep },
        C::Choose(to) => O::Choose { flow: same(&to.flow, "flow")?, first: same(&to.first, "first")? },
        C::Suspend(_) => O::Suspend,
        C::GetWork(_) => O::GetWork,
        C::Close(_) => O::Close,
        C::ScanCode(code) => O::Scan(scan::read(&code.raw, code.aim.as_deref(), year)),
        C::Qty(keyed) => O::Quantity(keyed.qty.clone()),
        C::Confirm(_) => O::Confirm,
        C::Next(_) => O::Next,
        C::Override(over) => O::Override { reason: over.reason.clone() },
        C::Skip(_) => O::Skip,
        C::Short(short) => O::Short { found: short.found, reason: short.reason.clone() },
        C::Full(_) => O::Full,
        C::ChangeLot(to) => O::ChangeLot { lot: lot(&to.lot)?, reason: to.reason.clone() },
        C::BinEmpty(seen) => O::BinEmpty(seen.empty),
        C::Expiry(keyed) => O::Expiry(keyed.date.parse::<NaiveDate>().map_err(|_| bad("date"))?),
        C::SetCondition(set) => O::Condition(same(&set.condition, "condition")?),
        C::SetGrade(set) => O::Grade(same(&set.grade, "grade")?),
        C::SetDisposition(set) => O::Disposition(same(&set.disposition, "disposition")?),
        C::Carton(carton) => O::Carton(carton.kind.clone()),
        C::Weigh(weighed) => O::Weigh(weighed.grams),
        C::Label(label) => O::Label {
            plate: label.plate.as_deref().map(|text| plate(text, "plate")).transpose()?,
            printed: label.printed,
        },
        C::Verify(_) => O::Verify,
        C::Seal(seal) => O::Seal(seal.number.clone()),
        C::Depart(_) => O::Depart,
        C::Submit(_) => O::Submit,
        C::Nothing(_) => O::Nothing,
        C::TakePlates(_) => O::TakePlates,
        C::CreatePlate(new) => O::CreatePlate {
            plate: new.plate.as_deref().map(|text| plate(text, "plate")).transpose()?,
            bin: LocationCode::parse(&new.bin).map_err(|_| bad("bin"))?,
        },
        C::VoidPlate(void) => O::VoidPlate { plate: plate(&void.plate, "plate")? },
        C::RelabelPlate(to) => O::RelabelPlate {
            plate: plate(&to.plate, "plate")?,
            into: to.into.as_deref().map(|text| plate(text, "into")).transpose()?,
        },
        C::Split(part) => O::Split {
            sku: Sku::parse(&part.sku).map_err(|_| bad("sku"))?,
            lot: part.lot.as_deref().map(lot).transpose()?,
            units: part.units,
            into: plate(&part.into, "into")?,
        },
        C::Received(fact) => O::Received(same(fact, "")?),
        C::Stored(fact) => O::Stored(same(fact, "")?),
        C::Counted(fact) => O::Counted(same(fact, "")?),
        C::Picked(fact) => O::Picked(same(fact, "")?),
        C::Packed(fact) => O::Packed(same(fact, "")?),
        C::Loaded(fact) => O::Loaded(same(fact, "")?),
    })
}

#[cfg(test)]
mod tests {
    use munshi_protocols::payload::Payload;

    use super::*;

    fn read(op: &str, a: &str) -> Result<DeviceOp, Refused> {
        of(&DeviceCmd::read(op, &Payload::from_json(a).unwrap()).unwrap(), true, 2026)
    }

    #[test]
    fn words_of_the_wire_are_words_of_the_floor() {
        let flows = [
            "receive",
            "put_away",
            "move",
            "replenish",
            "count",
            "return",
            "inquiry",
            "pick",
            "pick_batch",
            "pack",
            "ship",
            "put_back",
        ];
        for flow in flows {
            assert!(read("choose", &format!(r#"{{"flow":"{flow}","first":"item"}}"#)).is_ok(), "{flow}");
        }
        for condition in ["good", "damaged", "quarantine", "refurbish", "scrap"] {
            assert!(read("condition", &format!(r#"{{"condition":"{condition}"}}"#)).is_ok(), "{condition}");
        }
        for grade in ["new", "opened", "damaged", "unusable"] {
            assert!(read("grade", &format!(r#"{{"grade":"{grade}"}}"#)).is_ok(), "{grade}");
        }
        for disposition in ["restock", "refurbish", "quarantine", "scrap"] {
            assert!(read("disposition", &format!(r#"{{"disposition":"{disposition}"}}"#)).is_ok(), "{disposition}");
        }
        let picked = r#"{"task":1,"line":2,"place":{"bin":"A-01"},"goods":{"sku":"A","lot":"L","expiry":"2027-03-01"},
            "units":1,"serials":["S1"],"tote":"T-1"}"#;
        assert!(matches!(read("fact.picked", picked), Ok(DeviceOp::Picked(fact)) if fact.line == 2));
        let received = r#"{"doc":"PO-1","plate":"P1","content":{"goods":{"sku":"A"},"units":3}}"#;
        assert!(matches!(read("fact.received", received), Ok(DeviceOp::Received(_))));
        let packed = r#"{"parcel":"0198c0de-0000-7000-8000-000000000001/1","tote":"T","goods":{"sku":"A"},"units":1}"#;
        assert!(matches!(read("fact.packed", packed), Ok(DeviceOp::Packed(_))));
        assert!(read("fact.counted", r#"{"task":1,"from":7,"lines":[{"sku":"A","units":2}]}"#).is_ok());
        assert!(read("fact.stored", r#"{"plate":"P1","bin":"A-01"}"#).is_ok());
        assert!(read("fact.loaded", r#"{"load":"L-1","plate":"P1"}"#).is_ok());
        assert_eq!(read("plate.void", r#"{"plate":"a b"}"#).unwrap_err().field.as_deref(), Some("a/plate"));
    }
}
