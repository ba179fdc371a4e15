//! The state of a floor.
//!
//! Invariant: everything marked as an index can be made anew from the rest, and [`Floor::from_parts`] does so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    Sku, Timestamp,
    floor::{
        Answer, Approval, Bin, CountTask, Device, DeviceId, Doc, DocId, Exception, ItemRule, Location, LocationCode,
        Lot, LotRecord, Notice, Operator, Plate, PlateId, Rma, SerialNo, Session, Site,
        device::{Devices, Greeting, Hello},
        outbound::Outbounds,
        sscc,
    },
};

/// What is stored in the main part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Main {
    pub site: Option<Site>,
    /// Events folded so far.
    pub version: u64,
    /// The highest number given to an exception, an approval or a count.
    pub last_id: u64,
    /// The highest number given to a notice.
    pub last_notice: u64,
    /// Which plate numbers were given.
    pub numbers: sscc::Counter,
}

/// The floor of one warehouse.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Floor {
    pub(super) main: Main,
    pub(super) locations: BTreeMap<LocationCode, Location>,
    pub(super) items: BTreeMap<Sku, ItemRule>,
    pub(super) lots: BTreeMap<(Sku, Lot), LotRecord>,
    pub(super) bins: BTreeMap<LocationCode, Bin>,
    pub(super) plates: BTreeMap<PlateId, Plate>,
    pub(super) docs: BTreeMap<DocId, Doc>,
    pub(super) rmas: BTreeMap<DocId, Rma>,
    pub(super) counts: BTreeMap<u64, CountTask>,
    pub(super) exceptions: BTreeMap<u64, Exception>,
    pub(super) approvals: BTreeMap<u64, Approval>,
    pub(super) sessions: BTreeMap<DeviceId, Session>,
    pub(super) devices: Devices,
    pub(super) work: Outbounds,
    pub(super) notices: BTreeMap<u64, Notice>,
    /// Index: notices by device.
    pub(super) noticed: BTreeMap<DeviceId, BTreeSet<u64>>,
    /// Index: items by GTIN.
    pub(super) gtins: HashMap<String, BTreeSet<Sku>>,
    /// Index: locations that have balances of an item.
    pub(super) homes: HashMap<Sku, BTreeSet<LocationCode>>,
    /// Index: where serial numbers are.
    pub(super) serials: BTreeMap<(Sku, SerialNo), LocationCode>,
    /// Index: items that have a lot number.
    pub(super) lot_items: BTreeMap<Lot, BTreeSet<Sku>>,
    /// Index: plates whose life is over, by when it ended.
    pub(super) ended: BTreeSet<(Timestamp, PlateId)>,
}

impl Floor {
    /// The site, once it is set up.
    pub const fn site(&self) -> Option<&Site> {
        self.main.site.as_ref()
    }

    /// Events folded so far; what a count starts at.
    pub const fn version(&self) -> u64 {
        self.main.version
    }

    /// A location.
    pub fn location(&self, code: &LocationCode) -> Option<&Location> {
        self.locations.get(code)
    }

    /// Every location, in order of code.
    pub fn locations(&self) -> impl Iterator<Item = &Location> {
        self.locations.values()
    }

    /// What the floor knows of an item.
    pub fn item(&self, sku: &Sku) -> Option<&ItemRule> {
        self.items.get(sku)
    }

    /// What the floor knows of a lot.
    pub fn lot(&self, sku: &Sku, lot: &Lot) -> Option<&LotRecord> {
        self.lots.get(&(sku.clone(), lot.clone()))
    }

    /// Stock of a location; `None` if nothing was ever there.
    pub fn bin(&self, code: &LocationCode) -> Option<&Bin> {
        self.bins.get(code)
    }

    /// Stock of every location, in order of code.
    pub fn bins(&self) -> impl Iterator<Item = (&LocationCode, &Bin)> {
        self.bins.iter()
    }

    /// Locations that have balances of an item.
    pub fn homes(&self, sku: &Sku) -> impl Iterator<Item = &LocationCode> {
        self.homes.get(sku).into_iter().flatten()
    }

    /// Where a serial number is.
    pub fn serial(&self, sku: &Sku, serial: &SerialNo) -> Option<&LocationCode> {
        self.serials.get(&(sku.clone(), serial.clone()))
    }

    /// A plate.
    pub fn plate(&self, plate: &PlateId) -> Option<&Plate> {
        self.plates.get(plate)
    }

    /// A document.
    pub fn doc(&self, doc: &DocId) -> Option<&Doc> {
        self.docs.get(doc)
    }

    /// A return.
    pub fn rma(&self, rma: &DocId) -> Option<&Rma> {
        self.rmas.get(rma)
    }

    /// A count that is not done.
    pub fn count(&self, id: u64) -> Option<&CountTask> {
        self.counts.get(&id)
    }

    /// Every count that is not done, in order of number.
    pub fn counts(&self) -> impl Iterator<Item = &CountTask> {
        self.counts.values()
    }

    /// Every open exception, in order of number.
    pub fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        self.exceptions.values()
    }

    /// Every proposal that waits for a decision, in order of number.
    pub fn approvals(&self) -> impl Iterator<Item = &Approval> {
        self.approvals.values()
    }

    /// Where a device stands.
    pub fn session(&self, device: &DeviceId) -> Option<&Session> {
        self.sessions.get(device)
    }

    /// A device.
    pub fn device(&self, device: &DeviceId) -> Option<&Device> {
        self.devices.devices.get(device)
    }

    /// Who is signed on at a device.
    pub fn operator(&self, device: &DeviceId) -> Option<&Operator> {
        self.device(device)?.record.operator.as_ref()
    }

    /// The kept answer to a device's command.
    pub fn answer(&self, device: &DeviceId, key: &str) -> Option<Answer> {
        let kept = self.device(device)?.log.by_key(key)?;
        Some(kept.answer(|| self.show(device)))
    }

    /// What a device's `hello` means; changes nothing.
    ///
    /// # Errors
    /// `device_unknown`, `device_revoked`, `generation_fenced` or `app_too_old`.
    pub fn greet(&self, device: &DeviceId, hello: &Hello<'_>) -> Result<Greeting, crate::floor::device::DeviceFault> {
        let known = self.device(device).ok_or(crate::floor::device::DeviceFault::Unknown)?;
        known.greet(hello, self.site().map_or("", |site| &site.oldest_app))
    }

    /// A badge.
    pub fn badge(&self, badge: &str) -> Option<&crate::floor::Badge> {
        self.devices.badges.get(badge)
    }

    /// Tasks, parcels and loads.
    pub const fn work(&self) -> &Outbounds {
        &self.work
    }

    /// What is wrong with this state; empty when every invariant holds. For doctor and tests.
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (code, bin) in &self.bins {
            for line in &bin.lines {
                if line.balance == 0 && line.serials.is_empty() {
                    faults.push(format!("bin {code} keeps an empty line of {}", line.goods.sku));
                }
                if let Some(plate) = &line.plate
                    && self.plates.get(plate).is_none_or(|plate| plate.bin != *code)
                {
                    faults.push(format!("bin {code} has goods on plate {plate}, which is not there"));
                }
            }
            if !bin.lines.windows(2).all(|pair| (&pair[0].goods, &pair[0].plate) < (&pair[1].goods, &pair[1].plate)) {
                faults.push(format!("bin {code} is not sorted"));
            }
        }
        for plate in self.plates.values().filter(|plate| plate.state.ended()) {
            if self.bins.get(&plate.bin).is_some_and(|bin| bin.on_plate(&plate.id).next().is_some()) {
                faults.push(format!("plate {} is {} and has goods", plate.id, plate.state.word()));
            }
        }
        faults
    }
}
