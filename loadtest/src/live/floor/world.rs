//! The floor that devices scan on: users with badges, locations, items with barcodes, documents, enrolled devices.
//!
//! Everything a device touches is its own (document, bins, tote, stations), but what customers order, which lies on one
//! pick face for each item: so each effect can be told beforehand, whatever the others do meanwhile.

use std::{net::SocketAddr, sync::Arc};

use futures_util::{StreamExt, TryStreamExt, stream};
use hyper::Method;
use serde_json::{Value, json};

use crate::{
    client::{Call, Client},
    live::peer::Enrolled,
    server::{Fault, Server, Site},
    shop::{self, Plan, Shop},
};

/// The only PIN of a run.
pub const PIN: &str = "4711";
/// Where goods arrive.
pub const STAGE: &str = "STAGE";
/// The sort of carton there is.
pub const CARTON: &str = "BOX";
/// Bins of each device.
pub const BINS: usize = 4;
/// Requests at a time while setting up.
const AT_ONCE: usize = 8;
/// Locations of one request.
const PAGE: usize = 400;

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Devices.
    pub devices: usize,
    /// Items that only devices move.
    pub moved: usize,
    /// Items that customers order.
    pub sold: usize,
}

/// A floor that is set up.
#[derive(Debug)]
pub struct World {
    /// The shop around it.
    pub shop: Shop,
    /// How large it is.
    pub size: Size,
    /// Its devices.
    pub enrolled: Vec<Enrolled>,
}

/// The last digit of a GS1 key: weights 3 and 1 from the right (GS1 General Specifications §7.9).
fn check_digit(digits: &str) -> u32 {
    let sum: u32 =
        digits.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(byte, w)| u32::from(byte - b'0') * w).sum();
    (10 - sum % 10) % 10
}

/// The barcode of an item.
pub fn gtin(item: usize) -> String {
    let digits = format!("0950600{item:06}");
    format!("{digits}{}", check_digit(&digits))
}

/// The number of a plate, as a supplier's label has it.
pub fn sscc(series: usize, number: usize) -> String {
    let digits = format!("30950600{series:04}{number:05}");
    format!("{digits}{}", check_digit(&digits))
}

/// A plate's label as scanned.
pub fn label(plate: &str) -> String {
    format!("]C100{plate}")
}

impl World {
    /// Base of the warehouse's paths.
    pub fn base(&self) -> String {
        format!("/warehouses/{}", self.shop.warehouses[0])
    }

    /// Name of an item; the sold ones come behind the others.
    pub fn sku(&self, item: usize) -> &str {
        &self.shop.skus[item]
    }

    /// The number of an item by its name.
    pub fn item(&self, sku: &str) -> Option<usize> {
        self.shop.skus.iter().position(|known| known == sku)
    }

    /// The pick face of a sold item, and the plate on it.
    pub fn face(&self, item: usize) -> (String, String) {
        (format!("F-{item}"), sscc(9_999, item))
    }

    /// A bin of a device.
    pub fn bin(device: usize, n: usize) -> String {
        format!("B-{device}-{n}")
    }

    /// Makes users, starts the server and sets everything up.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn open(site: &Site, size: Size) -> Result<(Server, Arc<Self>), Fault> {
        let skus = size.moved + size.sold;
        let plan = Plan { skus, units: 0, warehouses: 1, customers: 10, credit: 900_000_000, to_floor: true };
        let (server, shop) = shop::open(site, plan).await?;
        let mut world = Self { shop, size, enrolled: vec![] };
        world.site(server.address).await?;
        let enrolled = stream::iter((0..size.devices).map(|n| world.device(server.address, n)));
        world.enrolled = enrolled.buffered(AT_ONCE).try_collect().await?;
        Ok((server, Arc::new(world)))
    }

    async fn put(&self, client: &mut Client, path: &str, body: &Value) -> Result<Value, Fault> {
        let path = format!("{}{path}", self.base());
        shop::must(client, &Call::send(Method::PUT, path.clone(), path, body)).await
    }

    async fn site(&self, address: SocketAddr) -> Result<(), Fault> {
        let mut client = Client::new(address, &self.shop.token);
        let site =
            json!({ "receiving": STAGE, "company_prefix": "0614141", "cartons": [{ "kind": CARTON, "grams": 100 }] });
        // The stage has to be there before the site names it, and the site before its locations.
        self.put(&mut client, "/floor", &site).await?;
        let place = |code: String, kind: &str| json!({ "code": code, "kind": kind });
        let mut places = vec![place(STAGE.into(), "stage")];
        places.extend((self.size.moved..self.size.moved + self.size.sold).map(|n| place(self.face(n).0, "pick_face")));
        for device in 0..self.size.devices {
            places.extend((0..BINS).map(|n| place(Self::bin(device, n), "reserve")));
            places.push(place(format!("T-{device}"), "tote"));
            places.push(place(format!("K-{device}"), "pack"));
            places.push(place(format!("D-{device}"), "door"));
        }
        for (n, page) in places.chunks(PAGE).enumerate() {
            let path = format!("{}/locations", self.base());
            let call = Call::send(Method::PUT, path, format!("locations-{n}"), &json!({ "locations": page }));
            shop::must(&mut client, &call).await?;
        }
        let rule = |(n, sku): (usize, &String)| json!({ "sku": sku, "packs": [{ "gtin": gtin(n), "units": 1 }] });
        let rules: Vec<Value> = self.shop.skus.iter().enumerate().map(rule).collect();
        self.put(&mut client, "/item-rules", &json!({ "rules": rules })).await?;
        Ok(())
    }

    /// An operator with a badge, a document, and an enrolled device.
    async fn device(&self, address: SocketAddr, n: usize) -> Result<Enrolled, Fault> {
        let mut client = Client::new(address, &self.shop.token);
        let user = json!({
            "email": format!("operator-{n}@load.test"), "name": format!("Operator {n}"),
            "roles": ["warehouse"], "password": shop::PASSWORD,
        });
        let user = shop::must(&mut client, &Call::post("/users", format!("operator-{n}"), &user)).await?;
        let rights = ["receive", "put_away", "pick", "pack", "ship", "count", "inquire"];
        let badge = json!({ "user": user["id"], "name": format!("Operator {n}"), "pin": PIN, "rights": rights });
        self.put(&mut client, &format!("/operators/B{n}"), &badge).await?;
        let lines: Vec<Value> = (1..=self.shop.skus.len())
            .map(|line| json!({ "line": line, "sku": self.shop.skus[line - 1], "expected": 1_000_000 }))
            .collect();
        self.put(&mut client, &format!("/receipts/PO-{n}"), &json!({ "kind": "order", "lines": lines })).await?;
        let path = format!("{}/devices/dev_{n}/invite", self.base());
        let invite = Call::post(path, format!("invite-{n}"), &json!({ "label": format!("Gun {n}"), "minutes": 60 }));
        let invited = shop::must(&mut client, &invite).await?;
        Enrolled::by(address, invited["code"].as_str().unwrap_or_default()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn barcodes_have_the_check_digits_of_the_standard() {
        assert_eq!(check_digit("0950600013435"), 2, "the example of the specification");
        assert_eq!(gtin(7).len(), 14);
        assert_eq!(sscc(12, 345).len(), 18);
        assert_ne!(sscc(12, 345), sscc(12, 346));
    }
}
