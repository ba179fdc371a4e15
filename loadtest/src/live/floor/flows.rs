//! What an operator does, flow by flow. Each ends with the auditor's books written and the device free.

use std::{sync::atomic::Ordering, time::Duration};

use hyper::Method;
use rand::Rng;
use serde_json::{Value, json};

use super::{
    hand::Hand,
    ledger::{Effect, place},
    world::{BINS, CARTON, STAGE, World, gtin, label},
};
use crate::server::Fault;

/// Attempts to do what waits for a process of the server.
const ATTEMPTS: usize = 400;
/// Between two of them.
const BETWEEN: Duration = Duration::from_millis(25);

fn state(screen: &Value) -> &str {
    screen["state"].as_str().unwrap_or_default()
}

impl Hand {
    /// One piece of work, as the seed has it.
    ///
    /// # Errors
    /// What did not go as foretold.
    pub async fn work(&mut self) -> Result<(), Fault> {
        match self.random.random_range(0..100) {
            0..25 => self.receive().await,
            25..45 => self.offline().await,
            45..60 => self.move_plate().await,
            60..72 => self.count().await,
            72..80 => self.poison().await,
            _ => self.fulfil().await,
        }
    }

    fn own_bin(&self, n: usize) -> String {
        World::bin(self.number, n)
    }

    fn some_goods(&mut self) -> (usize, u32) {
        (self.random.random_range(0..self.scene.world.size.moved), self.random.random_range(1..50))
    }

    /// Plates are received and put away, every step online.
    async fn receive(&mut self) -> Result<(), Fault> {
        self.does("choose", json!({ "flow": "receive" })).await?;
        self.scan(&format!("PO-{}", self.number)).await?;
        let mut arrived = Vec::new();
        for _ in 0..self.random.random_range(1..=3) {
            let (plate, (item, units)) = (self.new_plate(), self.some_goods());
            self.scan(&label(&plate)).await?;
            self.scan(&gtin(item)).await?;
            self.does("qty", json!({ "qty": units.to_string() })).await?;
            self.does("condition", json!({ "condition": "good" })).await?;
            let sku = self.scene.world.sku(item);
            self.book(&Effect { from: None, to: Some(place(STAGE, sku, &plate)), units: units.into() });
            arrived.push((plate, item, units));
        }
        self.does("suspend", json!({})).await?;
        self.does("choose", json!({ "flow": "put_away" })).await?;
        for (plate, item, units) in arrived {
            let bin = self.random.random_range(0..BINS);
            let screen = self.scan(&label(&plate)).await?;
            if state(&screen) == "Suggested" {
                self.does("next", json!({})).await?;
            }
            self.scan(&self.own_bin(bin)).await?;
            let sku = self.scene.world.sku(item);
            let (from, to) = (place(STAGE, sku, &plate), place(&self.own_bin(bin), sku, &plate));
            self.book(&Effect { from: Some(from), to: Some(to), units: units.into() });
            self.plates.push((plate, bin, item, units));
            self.does("next", json!({})).await?;
        }
        self.does("suspend", json!({})).await.map(|_| ())
    }

    /// Without a network plates are received, put away and moved; in the middle is a scan that nobody can read. Then
    /// the network is back, perhaps after the battery was changed.
    async fn offline(&mut self) -> Result<(), Fault> {
        self.peer.set_down(true);
        let mut facts = Vec::new();
        for _ in 0..self.random.random_range(1..=4) {
            let (plate, (item, units)) = (self.new_plate(), self.some_goods());
            let bin = self.random.random_range(0..BINS);
            let sku = self.scene.world.sku(item).to_owned();
            let content = json!({ "goods": { "sku": sku }, "units": units });
            let doc = format!("PO-{}", self.number);
            let received = json!({ "doc": doc, "bin": STAGE, "plate": plate, "content": content, "raw": ["x"] });
            let (stage, to) = (place(STAGE, &sku, &plate), place(&self.own_bin(bin), &sku, &plate));
            let arrive = Effect { from: None, to: Some(stage.clone()), units: units.into() };
            facts.push((self.record("fact.received", &received)?, arrive));
            let stored = json!({ "plate": plate, "bin": self.own_bin(bin) });
            facts.push((
                self.record("fact.stored", &stored)?,
                Effect { from: Some(stage), to: Some(to), units: units.into() },
            ));
            self.plates.push((plate, bin, item, units));
        }
        let poison = self.random.random_bool(0.5).then_some(());
        let poison = poison.map(|()| self.record("scan", &json!({ "raw": bad_barcode() }))).transpose()?;
        if self.random.random_bool(0.3) {
            self.scene.counts.reboots.fetch_add(1, Ordering::Relaxed);
            self.peer.reboot()?;
        }
        self.peer.set_down(false);
        self.settle().await?;
        for (key, effect) in facts {
            let done = self.answer(&key)?;
            if let Some(code) = done.code {
                return Err(format!("device {}: a fact was answered {code}", self.number));
            }
            self.book(&effect);
        }
        if let Some(key) = poison {
            let done = self.answer(&key)?;
            self.expect_rejected(&done, "bad_check_digit")?;
        }
        Ok(())
    }

    /// A whole plate goes to another bin.
    async fn move_plate(&mut self) -> Result<(), Fault> {
        if self.plates.is_empty() {
            return self.receive().await;
        }
        let at = self.random.random_range(0..self.plates.len());
        let (plate, bin, item, units) = self.plates[at].clone();
        let next = (bin + self.random.random_range(1..BINS)) % BINS;
        self.does("choose", json!({ "flow": "move" })).await?;
        self.scan(&label(&plate)).await?;
        self.scan(&self.own_bin(next)).await?;
        let sku = self.scene.world.sku(item);
        let (from, to) = (place(&self.own_bin(bin), sku, &plate), place(&self.own_bin(next), sku, &plate));
        self.book(&Effect { from: Some(from), to: Some(to), units: units.into() });
        self.plates[at].1 = next;
        // What is there already does not go there again.
        self.does("next", json!({})).await?;
        self.scan(&label(&plate)).await?;
        self.rejected("scan", json!({ "raw": self.own_bin(next) }), "same_as_source").await?;
        self.does("suspend", json!({})).await.map(|_| ())
    }

    /// A bin is counted, and the count agrees.
    async fn count(&mut self) -> Result<(), Fault> {
        let bin = self.random.random_range(0..BINS);
        let code = self.own_bin(bin);
        self.office(Method::POST, "/counts", &json!({ "location": code })).await?;
        self.does("choose", json!({ "flow": "count" })).await?;
        self.scan(&code).await?;
        let mut units = std::collections::BTreeMap::<usize, u32>::new();
        for (_, _, item, count) in self.plates.iter().filter(|plate| plate.1 == bin) {
            *units.entry(*item).or_default() += count;
        }
        let empty = units.is_empty();
        for (item, count) in units {
            self.scan(&gtin(item)).await?;
            self.does("qty", json!({ "qty": count.to_string() })).await?;
        }
        let screen = self.does(if empty { "nothing" } else { "submit" }, json!({})).await?;
        if state(&screen) != "Accepted" {
            return Err(format!("device {}: the count of {code} differs: {screen}", self.number));
        }
        self.does("suspend", json!({})).await.map(|_| ())
    }

    /// A label that cannot be, and one of a thing that is not there.
    async fn poison(&mut self) -> Result<(), Fault> {
        self.does("choose", json!({ "flow": "inquiry" })).await?;
        self.rejected("scan", json!({ "raw": bad_barcode() }), "bad_check_digit").await?;
        self.rejected("scan", json!({ "raw": format!("NOWHERE-{}", self.number) }), "no_match").await?;
        self.scan(&self.own_bin(0)).await?;
        self.does("suspend", json!({})).await.map(|_| ())
    }

    /// A parcel is picked, packed, booked, loaded and sent off, if one waits.
    async fn fulfil(&mut self) -> Result<(), Fault> {
        let Some((parcel, picked)) = self.pick().await? else { return self.move_plate().await };
        let plate = self.pack(&picked).await?;
        self.ship(&parcel, &plate, &picked).await?;
        self.scene.counts.shipped.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Answers the parcel and what is in the tote, by item.
    async fn pick(&mut self) -> Result<Option<(String, Vec<(usize, u32)>)>, Fault> {
        self.does("choose", json!({ "flow": "pick", "first": "location" })).await?;
        let done = self.try_it("get_work", json!({})).await?;
        match done.code.as_deref() {
            None => {}
            Some("no_work") => {
                self.does("suspend", json!({})).await?;
                return Ok(None);
            }
            Some(code) => return Err(format!("device {}: no work: {code}", self.number)),
        }
        let (tote, station) = (format!("T-{}", self.number), format!("K-{}", self.number));
        let mut screen = done.screen;
        let parcel = screen["view"]["lists"][0]["parcel"].as_str().unwrap_or_default().to_owned();
        let mut picked = Vec::new();
        for _ in 0..200 {
            let stop = screen["view"]["stop"].clone();
            let word = |field: &str| stop[field].as_str().unwrap_or_default().to_owned();
            let item = self.scene.world.item(&word("sku"));
            screen = match (state(&screen), item) {
                ("Loc", _) => self.scan(&word("location")).await?,
                ("Item", Some(item)) => self.scan(&gtin(item)).await?,
                ("Qty", _) => self.does("qty", json!({ "qty": stop["units"].to_string() })).await?,
                ("Tote", Some(item)) => {
                    let units = u32::try_from(stop["units"].as_u64().unwrap_or_default()).unwrap_or_default();
                    let screen = self.scan(&tote).await?;
                    let (face, plate) = self.scene.world.face(item);
                    let sku = self.scene.world.sku(item);
                    let (from, to) = (place(&face, sku, &plate), place(&tote, sku, ""));
                    self.book(&Effect { from: Some(from), to: Some(to), units: units.into() });
                    picked.push((item, units));
                    screen
                }
                ("ZeroCheck", _) => self.does("bin_empty", json!({ "empty": true })).await?,
                ("Drop", _) => self.scan(&station).await?,
                ("Idle", _) => return Ok(Some((parcel, picked))),
                _ => return Err(format!("device {}: a walk stands still: {screen}", self.number)),
            };
        }
        Err(format!("device {}: a walk does not end: {screen}", self.number))
    }

    /// Answers the plate that the parcel is on.
    async fn pack(&mut self, picked: &[(usize, u32)]) -> Result<String, Fault> {
        let (tote, station) = (format!("T-{}", self.number), format!("K-{}", self.number));
        self.does("choose", json!({ "flow": "pack" })).await?;
        self.scan(&tote).await?;
        for (item, units) in picked {
            for _ in 0..*units {
                self.scan(&gtin(*item)).await?;
                let sku = self.scene.world.sku(*item);
                let (from, to) = (place(&tote, sku, ""), place(&station, sku, ""));
                self.book(&Effect { from: Some(from), to: Some(to), units: 1 });
            }
        }
        self.does("next", json!({})).await?;
        self.does("carton", json!({ "kind": CARTON })).await?;
        let screen = self.does("label", json!({ "printed": true })).await?;
        let plate = screen["view"]["carton"]["plate"].as_str().unwrap_or_default().to_owned();
        if plate.is_empty() {
            return Err(format!("device {}: a carton has no plate: {screen}", self.number));
        }
        self.carry(picked, (&station, ""), Some((&station, &plate)));
        self.does("close", json!({})).await?;
        self.does("suspend", json!({})).await?;
        Ok(plate)
    }

    fn carry(&self, goods: &[(usize, u32)], (bin, plate): (&str, &str), to: Option<(&str, &str)>) {
        for (item, units) in goods {
            let sku = self.scene.world.sku(*item);
            let to = to.map(|(bin, plate)| place(bin, sku, plate));
            self.book(&Effect { from: Some(place(bin, sku, plate)), to, units: (*units).into() });
        }
    }

    async fn ship(&mut self, parcel: &str, plate: &str, goods: &[(usize, u32)]) -> Result<(), Fault> {
        let path = format!("/parcels/{parcel}");
        let mut packed = false;
        for _ in 0..ATTEMPTS {
            packed = self.office(Method::GET, &path, &Value::Null).await?["state"] == "packed";
            if packed {
                break;
            }
            tokio::time::sleep(BETWEEN).await;
        }
        if !packed {
            return Err(format!("device {}: the ledger never has {parcel} packed", self.number));
        }
        let booking = json!({ "carrier": "tcs", "tracking": format!("T-{plate}") });
        self.office(Method::POST, &format!("{path}/book"), &booking).await?;
        let (door, load) = (format!("D-{}", self.number), format!("L-{plate}"));
        let plan = json!({ "door": door, "stops": [[parcel]] });
        self.office(Method::PUT, &format!("/loads/{load}"), &plan).await?;
        self.does("choose", json!({ "flow": "ship" })).await?;
        self.scan(&door).await?;
        self.scan(&load).await?;
        self.scan(&label(plate)).await?;
        let station = format!("K-{}", self.number);
        self.carry(goods, (&station, plate), Some((&door, plate)));
        self.does("verify", json!({})).await?;
        for _ in 0..ATTEMPTS {
            let done = self.try_it("depart", json!({})).await?;
            match done.code.as_deref() {
                None => {
                    self.carry(goods, (&door, plate), None);
                    return self.does("suspend", json!({})).await.map(|_| ());
                }
                // The floor hears of the booking a moment later.
                Some("tracking_missing") => tokio::time::sleep(BETWEEN).await,
                Some(code) => return Err(format!("device {}: a load may not leave: {code}", self.number)),
            }
        }
        Err(format!("device {}: the floor never hears of the booking of {parcel}", self.number))
    }
}

/// An element string whose GTIN has the wrong last digit.
fn bad_barcode() -> String {
    "]C10109506000134353".to_owned()
}
