//! The floor of the demo shop: site, bins with check digits, operators with PINs, and an invitation for one device.

use axum::http::Method;
use munshi_domain::UserId;
use munshi_seed::{USERS, WAREHOUSES};
use serde_json::{Value, json};

use super::{As, Shop};
use crate::{api::call::id_from, auth::token, cli::Stop};

/// Badge, PIN and rights of the people who work with scanners, by their place among the users.
const OPERATORS: [(usize, &str, &str, &[&str]); 2] = [
    (4, "B-100", "2468", &["receive", "put_away", "pick", "pack", "ship", "count", "return", "inquire"]),
    (0, "B-1", "1357", &["receive", "put_away", "pick", "pack", "ship", "count", "return", "inquire", "override"]),
];
const AISLES: [&str; 4] = ["A", "B", "C", "D"];
const BAYS: u8 = 12;

fn places() -> Value {
    let fixed = [
        ("DOCK-1", "dock"),
        ("STAGE", "stage"),
        ("RETURNS", "returns"),
        ("QUARANTINE", "quarantine"),
        ("PACK-1", "pack"),
        ("DOOR-1", "door"),
    ];
    let mut places: Vec<_> = fixed.iter().map(|(code, kind)| json!({"code": code, "kind": kind})).collect();
    for aisle in AISLES {
        let bin = |bay| json!({"code": format!("{aisle}-{bay:02}"), "kind": "pick_face", "zone": aisle});
        places.extend((1..=BAYS).map(bin));
    }
    places.extend((1..=8).map(|tote| json!({"code": format!("TOTE-{tote}"), "kind": "tote"})));
    json!({"locations": places, "assign_check_digits": true})
}

impl Shop {
    /// Sets the first warehouse's floor up and tells how to sign on. Bins begin empty: goods come in by scan.
    pub(super) async fn scanners(&self) -> Result<(), Stop> {
        let code = WAREHOUSES[0].code;
        let base = format!("/warehouses/{code}");
        let site = json!({
            "receiving": "STAGE", "utc_offset_minutes": 300, "company_prefix": "9501234", "over_receipt_percent": 5,
        });
        self.send(As::Admin, Method::PUT, &format!("{base}/floor"), "seed-floor", &site).await?;
        self.send(As::Admin, Method::PUT, &format!("{base}/locations"), "seed-locations", &places()).await?;
        for (at, badge, pin, rights) in OPERATORS {
            let user = &USERS[at];
            let id = UserId::from_u128(id_from(&format!("seed/user/{}", user.email)));
            let body = json!({"user": id.to_string(), "name": user.name, "pin": pin, "rights": rights});
            let (path, key) = (format!("{base}/operators/{badge}"), format!("seed-operator-{badge}"));
            self.send(As::Admin, Method::PUT, &path, &key, &body).await?;
            println!("sign on at a scanner in {code} as {:<14} badge {badge:<6} PIN {pin}", user.name);
        }
        // Another code each time: one that was shown to nobody, because the seed was killed, is worth nothing.
        let key = format!("seed-invite-{}", token::hex_of(&token::random::<8>()));
        let body = json!({"label": "Demo scanner", "minutes": 1_440});
        let invited = self.post(As::Admin, &format!("{base}/devices/demo-1/invite"), &key, &body).await?;
        println!("enrol a scanner within a day with the code {}", invited["code"].as_str().unwrap_or_default());
        Ok(())
    }
}
