//! Credentials of devices: the one-time code of an invitation, the key a device gets for it, and the short-lived token it
//! gets for its key.
//!
//! Invariant: code and key are drawn here, handed out once, and stored as hashes only; a token is signed, stored nowhere,
//! and says no more than who may say `hello`: whether the device is still enrolled is asked of the floor every time.
//! None of the three may stand in a URL or a log.

use munshi_actors::node::{Failure, Meta, Node};
use munshi_domain::{
    Timestamp, WarehouseId,
    floor::{DeviceId, DeviceOffice, Floor, FloorCommand, FloorRefusal},
    user::SecretHash,
};

use crate::{api::outcome, auth::token, live::ticket::Tickets, problem::Problem};

/// Begin of one-time codes.
pub const CODE: &str = "mdi_";
/// Begin of device keys.
pub const KEY: &str = "mdk_";
/// Begin of device tokens.
pub const TOKEN: &str = "mdt_";
/// Between the parts; no code of a warehouse and no name of a device has it.
const BETWEEN: char = '~';

/// A secret that was just drawn. The text is shown once, the hash is stored.
#[derive(Clone)]
pub struct Drawn {
    /// What is handed out.
    pub text: String,
    /// What is kept.
    pub hash: SecretHash,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawn(•••)")
    }
}

/// Whose a code or key is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named {
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// The device.
    pub device: DeviceId,
}

impl Named {
    /// The device's name, if it can be said on a socket: `[a-z0-9_-]{1,32}`, for it stands in topics.
    ///
    /// # Errors
    /// `bad_value` at `/device`.
    pub fn new(warehouse: WarehouseId, device: &str) -> Result<Self, Problem> {
        let wire = munshi_protocols::ids::DeviceId::parse(device);
        let bad = |_| {
            Problem::bad_value("/device", format_args!("{device:?} is no device name"))
                .fix("use 1 to 32 lower-case letters, digits, '-' or '_'")
        };
        let device = wire.map_err(bad)?;
        let device = DeviceId::parse(device.as_str()).map_err(|error| Problem::bad_value("/device", error))?;
        Ok(Self { warehouse, device })
    }

    fn draw(&self, prefix: &str) -> Drawn {
        let secret = token::hex_of(&token::random::<20>());
        let text = format!("{prefix}{}{BETWEEN}{}{BETWEEN}{secret}", self.warehouse, self.device);
        Drawn { hash: SecretHash::new(token::hash(&text)), text }
    }

    /// A one-time code for an invitation ([`DeviceOffice::InviteDevice`]).
    pub fn draw_code(&self) -> Drawn {
        self.draw(CODE)
    }

    fn parse(prefix: &str, text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(prefix)?.split(BETWEEN);
        let (warehouse, device, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = secret.len() == 40 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !plain || parts.next().is_some() {
            return None;
        }
        Self::new(WarehouseId::parse(warehouse).ok()?, device).ok()
    }

    /// Whose this one-time code is, if it looks like one.
    pub fn of_code(text: &str) -> Option<Self> {
        Self::parse(CODE, text)
    }

    /// Whose this key is, if it looks like one.
    pub fn of_key(text: &str) -> Option<Self> {
        Self::parse(KEY, text)
    }
}

/// A device that was just enrolled.
#[derive(Debug)]
pub struct Enrolled {
    /// Which.
    pub named: Named,
    /// Number of the enrolment.
    pub generation: u32,
    /// Its key, to be handed out now and never again.
    pub key: Drawn,
}

fn unknown() -> Problem {
    Problem::new("bad_device_credential", "the code or key is wrong, used, expired or revoked")
        .fix("ask for a new code")
}

/// Enrols a device by its one-time code. Earlier enrolments of it are fenced.
///
/// # Errors
/// `bad_device_credential` for a wrong, used or expired code: which of them is nobody's business.
pub async fn enrol(node: &Node, code: &str) -> Result<Enrolled, Problem> {
    let named = Named::of_code(code).ok_or_else(unknown)?;
    let key = named.draw(KEY);
    let command = FloorCommand::Devices(DeviceOffice::PairDevice {
        device: named.device.clone(),
        code: SecretHash::new(token::hash(code)),
        key: key.hash.clone(),
    });
    let meta = Meta::system("enrolment", format!("enrol:{}", token::hex_of(&token::random::<16>())));
    let device = named.device.clone();
    let view = move |floor: &Floor, _: u64| floor.device(&device).map_or(0, |device| device.record.generation);
    match node.execute::<Floor, _>(named.warehouse.as_str(), command, meta, view).await {
        Ok(applied) => Ok(Enrolled { named, generation: applied.view, key }),
        Err(Failure::Refused(FloorRefusal::SiteUnknown | FloorRefusal::DeviceUnknown { .. })) => Err(unknown()),
        Err(failure) => Err(outcome::problem(failure)),
    }
}

/// The enrolment that a key belongs to.
///
/// # Errors
/// `bad_device_credential` for a wrong key, one of an earlier enrolment, or one of a revoked device.
pub async fn by_key(node: &Node, key: &str) -> Result<(Named, u32), Problem> {
    let named = Named::of_key(key).ok_or_else(unknown)?;
    let (device, presented) = (named.device.clone(), token::hash(key));
    let look = move |floor: &Floor, _: u64| {
        let record = &floor.device(&device)?.record;
        let good = !record.revoked && record.generation > 0 && token::same(record.key.expose(), &presented);
        good.then_some(record.generation)
    };
    let generation = node.read::<Floor, _>(named.warehouse.as_str(), look).await.map_err(Problem::unavailable)?;
    Ok((named, generation.flatten().ok_or_else(unknown)?))
}

/// Who a token lets say `hello`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Which device.
    pub named: Named,
    /// Of which enrolment.
    pub generation: u32,
    /// When it ends.
    pub expires: Timestamp,
}

impl Bearer {
    /// The token.
    pub fn token(&self, tickets: &Tickets) -> String {
        let Self { named: Named { warehouse, device }, generation, expires } = self;
        let claims = format!("{warehouse}{BETWEEN}{device}{BETWEEN}{generation}{BETWEEN}{}", expires.as_millis());
        tickets.seal(TOKEN, claims.as_bytes())
    }

    /// What a token says; nothing if it was not made here.
    pub fn of_token(tickets: &Tickets, text: &str) -> Option<Self> {
        let claims = String::from_utf8(tickets.unseal(TOKEN, text)?).ok()?;
        let mut parts = claims.split(BETWEEN);
        let named = Named::new(WarehouseId::parse(parts.next()?).ok()?, parts.next()?).ok()?;
        let (generation, expires) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Self { named, generation, expires: Timestamp::from_millis(expires) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named::new(WarehouseId::parse("KHI-1").unwrap(), "dev_7").unwrap()
    }

    #[test]
    fn sec_03_a_code_says_whose_it_is_and_is_no_key() {
        let drawn = named().draw_code();
        assert_eq!(Named::of_code(&drawn.text), Some(named()));
        assert_eq!((Named::of_key(&drawn.text), drawn.hash.expose()), (None, token::hash(&drawn.text).as_str()));
        assert_ne!(drawn.text, named().draw_code().text);
        assert!(!format!("{drawn:?}").contains("KHI"));
        for bad in ["", "mdi_", "mdi_KHI-1~dev_7~", &drawn.text[..drawn.text.len() - 1], &format!("{}~x", drawn.text)] {
            assert_eq!(Named::of_code(bad), None, "{bad}");
        }
        assert_eq!(Named::new(WarehouseId::parse("KHI-1").unwrap(), "Dev.7").unwrap_err().code, "bad_value");
    }

    #[test]
    fn a_token_says_what_it_was_made_for_and_no_changed_one_is_taken() {
        let tickets = Tickets::new(b"secret").unwrap();
        let bearer = Bearer { named: named(), generation: 3, expires: Timestamp::from_millis(99) };
        let text = bearer.token(&tickets);
        assert_eq!(Bearer::of_token(&tickets, &text), Some(bearer));
        assert_eq!(Bearer::of_token(&Tickets::new(b"another").unwrap(), &text), None);
        for at in TOKEN.len()..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(Bearer::of_token(&tickets, &String::from_utf8(changed).unwrap()), None, "character {at}");
        }
    }
}
