//! What a scan means here: candidates, of which the state's expectation must leave exactly one (warehouse-floor.md §4).
//!
//! Invariant: a lot or serial is looked up only together with its item, because numbers of two items may be the same.

use crate::{
    ParcelId, Sku,
    floor::{DocId, Floor, FloorCode, LoadId, LocationCode, Lot, PlateId, Scan, SerialNo, turn::No},
};

/// Something a scan could mean.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Candidate {
    /// A location.
    Location(LocationCode),
    /// A plate.
    Plate(PlateId),
    /// An item.
    Item(Sku),
    /// A lot of the item at hand.
    Lot(Lot),
    /// A serial number of the item at hand.
    Serial(SerialNo),
    /// A document to receive.
    Document(DocId),
    /// A return.
    Return(DocId),
    /// A parcel.
    Parcel(ParcelId),
    /// A load.
    Load(LoadId),
}

/// Sorts of things a state may expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "as the candidates of the same name")]
pub enum Want {
    Location,
    Plate,
    Item,
    Lot,
    Serial,
    Document,
    Return,
    Parcel,
    Load,
}

impl Want {
    /// As shown in `expect`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Location => "location",
            Self::Plate => "lpn",
            Self::Item => "item",
            Self::Lot => "lot",
            Self::Serial => "serial",
            Self::Document => "document",
            Self::Return => "return",
            Self::Parcel => "parcel",
            Self::Load => "load",
        }
    }
}

impl Candidate {
    /// Its sort.
    pub const fn sort(&self) -> Want {
        match self {
            Self::Location(_) => Want::Location,
            Self::Plate(_) => Want::Plate,
            Self::Item(_) => Want::Item,
            Self::Lot(_) => Want::Lot,
            Self::Serial(_) => Want::Serial,
            Self::Document(_) => Want::Document,
            Self::Return(_) => Want::Return,
            Self::Parcel(_) => Want::Parcel,
            Self::Load(_) => Want::Load,
        }
    }

    /// Its name.
    pub fn name(&self) -> String {
        let text = match self {
            Self::Location(id) => id.as_str(),
            Self::Plate(id) => id.as_str(),
            Self::Item(id) => id.as_str(),
            Self::Lot(id) => id.as_str(),
            Self::Serial(id) => id.as_str(),
            Self::Document(id) | Self::Return(id) => id.as_str(),
            Self::Load(id) => id.as_str(),
            Self::Parcel(id) => return id.to_string(),
        };
        text.to_owned()
    }
}

impl Floor {
    /// Everything a scan could mean, with `item` at hand.
    pub fn candidates(&self, scan: &Scan, item: Option<&Sku>) -> Vec<Candidate> {
        let mut found = Vec::new();
        if let Some(gtin) = &scan.gtin {
            found.extend(self.gtins.get(gtin).into_iter().flatten().cloned().map(Candidate::Item));
        }
        if let Some(gln) = &scan.gln {
            let at = self.locations.values().filter(|location| location.gln.as_ref() == Some(gln));
            found.extend(at.map(|location| Candidate::Location(location.code.clone())));
        }
        let plate = scan.sscc.as_deref().or(scan.is_plain().then_some(scan.text.as_str()));
        if let Some(plate) = plate.and_then(|text| PlateId::parse(text).ok()).filter(|id| self.plates.contains_key(id))
        {
            found.push(Candidate::Plate(plate));
        }
        if scan.is_plain() {
            self.plain_candidates(&scan.text, &mut found);
        }
        if let Some(sku) = item {
            self.tracked_candidates(sku, scan, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn plain_candidates(&self, text: &str, found: &mut Vec<Candidate>) {
        let location = LocationCode::parse(text).ok().filter(|code| self.locations.contains_key(code));
        found.extend(location.map(Candidate::Location));
        found.extend(Sku::parse(text).ok().filter(|sku| self.items.contains_key(sku)).map(Candidate::Item));
        if let Ok(doc) = DocId::parse(text)
            && self.docs.contains_key(&doc)
        {
            found.push(Candidate::Document(doc));
        }
        found.extend(ParcelId::parse(text).ok().filter(|id| self.work.parcel(*id).is_some()).map(Candidate::Parcel));
        found.extend(LoadId::parse(text).ok().filter(|id| self.work.load(id).is_some()).map(Candidate::Load));
        let names = |rma: &&crate::floor::Rma| {
            rma.id.as_str() == text || rma.order == text || rma.tracking.as_deref() == Some(text)
        };
        found.extend(self.rmas.values().filter(names).map(|rma| Candidate::Return(rma.id.clone())));
    }

    fn tracked_candidates(&self, sku: &Sku, scan: &Scan, found: &mut Vec<Candidate>) {
        let text = scan.is_plain().then_some(scan.text.as_str());
        let lot = scan.lot.clone().or_else(|| Lot::parse(text?).ok());
        let serial = scan.serial.clone().or_else(|| SerialNo::parse(text?).ok());
        found.extend(lot.filter(|lot| self.lot(sku, lot).is_some()).map(Candidate::Lot));
        found.extend(serial.filter(|serial| self.serial(sku, serial).is_some()).map(Candidate::Serial));
    }

    /// The one thing a scan means where `wants` are expected.
    pub(super) fn resolve(&self, scan: &Scan, wants: &[Want]) -> Result<Candidate, No> {
        let found = self.candidates(scan, None);
        let known = !found.is_empty();
        let mut fitting: Vec<_> = found.into_iter().filter(|found| wants.contains(&found.sort())).collect();
        match fitting.len() {
            1 => Ok(fitting.remove(0)),
            0 if known => {
                let expected: Vec<_> = wants.iter().map(|want| want.word()).collect();
                Err(No::new(FloorCode::UnexpectedScan).at("/raw").arg("expected", expected.join(", ")))
            }
            0 => Err(No::new(FloorCode::NoMatch).at("/raw").arg("text", &scan.text)),
            _ => {
                let name = |choice: &Candidate| format!("{} {}", choice.sort().word(), choice.name());
                let choices: Vec<_> = fitting.iter().map(name).collect();
                Err(No::new(FloorCode::AmbiguousScan).at("/raw").arg("choices", choices.join(", ")))
            }
        }
    }
}
