//! What the office does about devices and badges.

use crate::{
    Ctx, Timestamp,
    floor::{
        Badge, By, DeviceEvent, DeviceId, Exception, Floor, FloorCode, FloorEvent, FloorRefusal, PlateId,
        device::{Invitation, MAX_DEVICES},
        site::invalid,
        sscc::{BLOCK, Block, Numbering, SsccFault},
    },
    user::SecretHash,
};

/// How long a one-time code may be good, in seconds: a day.
const MAX_INVITATION: i64 = 86_400;
/// Blocks of plate numbers a device may hold.
pub(super) const MAX_BLOCKS: usize = 4;

/// Requests about devices and badges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceOffice {
    /// Hand out a one-time code by which a device is enrolled, for the first time or anew.
    InviteDevice {
        /// Which device.
        device: DeviceId,
        /// What people call it.
        label: String,
        /// Hash of the secret in the QR code.
        code: SecretHash,
        /// When it can no longer be used.
        expires: Timestamp,
    },
    /// A device shows its code and is enrolled; earlier enrolments of it are fenced.
    PairDevice {
        /// Which device.
        device: DeviceId,
        /// Hash of the secret it showed.
        code: SecretHash,
        /// What it proves itself with from now on.
        key: SecretHash,
    },
    /// Hear a device no more. Its work goes to others.
    RevokeDevice {
        /// Which device.
        device: DeviceId,
    },
    /// Add a badge or change who carries it and what they may do. The count of wrong PINs stays.
    PutBadge {
        /// Text of the badge.
        badge: String,
        /// Who carries it.
        holder: Box<Badge>,
    },
    /// Let a badge that is locked be used again.
    UnlockBadge {
        /// Text of the badge.
        badge: String,
    },
    /// Tell whoever works at a device something.
    TellDevice {
        /// Which device.
        device: DeviceId,
        /// What.
        text: String,
    },
    /// A device has dealt with its notices.
    SeeNotices {
        /// Which device.
        device: DeviceId,
        /// Up to which number.
        through: u64,
    },
    /// The edge saw `key_reuse`: cloned identity or storage. Somebody must look at the device.
    ReportCollision {
        /// Which device.
        device: DeviceId,
        /// The number that was used twice.
        seq: u64,
    },
}

impl DeviceOffice {
    /// Its name, for journal and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::InviteDevice { .. } => "InviteDevice",
            Self::PairDevice { .. } => "PairDevice",
            Self::RevokeDevice { .. } => "RevokeDevice",
            Self::PutBadge { .. } => "PutBadge",
            Self::UnlockBadge { .. } => "UnlockBadge",
            Self::TellDevice { .. } => "TellDevice",
            Self::SeeNotices { .. } => "SeeNotices",
            Self::ReportCollision { .. } => "ReportCollision",
        }
    }
}

type Decision = Result<Vec<FloorEvent>, FloorRefusal>;

fn event(event: DeviceEvent) -> Decision {
    Ok(vec![FloorEvent::Device(event)])
}

impl Floor {
    pub(in crate::floor) fn decide_devices(&self, command: &DeviceOffice, ctx: &Ctx) -> Decision {
        use DeviceOffice as C;
        match command {
            C::InviteDevice { device, label, code, expires } => self.invite(device, label, code, *expires, ctx),
            C::PairDevice { device, code, key } => {
                let unknown = || FloorRefusal::DeviceUnknown { device: device.clone() };
                let known = self.device(device).ok_or_else(unknown)?;
                if known.record.generation > 0 && known.record.key == *key && !key.expose().is_empty() {
                    return Ok(vec![]);
                }
                known.invited(code, ctx.now).map_err(|_| unknown())?;
                let generation = known.record.generation.saturating_add(1);
                event(DeviceEvent::DevicePaired { device: device.clone(), generation, key: key.clone() })
            }
            C::RevokeDevice { device } => {
                let unknown = || FloorRefusal::DeviceUnknown { device: device.clone() };
                if self.device(device).ok_or_else(unknown)?.record.revoked {
                    return Ok(vec![]);
                }
                let mut events = self.release_all(device, crate::floor::Release::Revoked);
                events.push(FloorEvent::Device(DeviceEvent::DeviceRevoked { device: device.clone() }));
                Ok(events)
            }
            C::PutBadge { badge, holder } => self.put_badge(badge, holder),
            C::UnlockBadge { badge } => match self.badge(badge) {
                None => Err(FloorRefusal::Unknown { what: "badge", id: badge.clone() }),
                Some(known) if known.failures == 0 => Ok(vec![]),
                Some(_) => event(DeviceEvent::PinCleared { badge: badge.clone() }),
            },
            C::TellDevice { device, text } => self.say(device, text, ctx.now),
            C::SeeNotices { device, through } => Ok(self.seen_notices(device, *through)),
            C::ReportCollision { device, seq } => self.collision(device, *seq, ctx),
        }
    }

    fn invite(&self, device: &DeviceId, label: &str, code: &SecretHash, expires: Timestamp, ctx: &Ctx) -> Decision {
        if label.trim().is_empty() || label.chars().count() > 120 {
            return invalid("label", "must have 1 to 120 characters");
        }
        if code.expose().is_empty() {
            return invalid("code", "must not be empty");
        }
        if expires <= ctx.now || expires > ctx.now.plus_seconds(MAX_INVITATION) {
            return invalid("expires", "must be within a day from now");
        }
        if self.device(device).is_none() && self.devices.devices.len() >= MAX_DEVICES {
            return invalid("device", "must not be more than 2000 of a site");
        }
        let invitation = Invitation { code: code.clone(), expires };
        if self.device(device).is_some_and(|known| known.record.invitation.as_ref() == Some(&invitation)) {
            return Ok(vec![]);
        }
        event(DeviceEvent::DeviceInvited { device: device.clone(), label: label.trim().to_owned(), invitation })
    }

    fn put_badge(&self, badge: &str, holder: &Badge) -> Decision {
        if badge.trim().is_empty() || badge.len() > 64 || badge.trim() != badge {
            return invalid("badge", "must have 1 to 64 characters without blanks around them");
        }
        let failures = self.badge(badge).map_or(0, |known| known.failures);
        let holder = Badge { failures, ..holder.clone() };
        let other = |(text, known): (&String, &Badge)| text != badge && known.user == holder.user;
        if self.devices.badges.iter().any(other) {
            return invalid("badge", "must be the only one of its holder");
        }
        if self.badge(badge) == Some(&holder) {
            return Ok(vec![]);
        }
        let mut events =
            vec![FloorEvent::Device(DeviceEvent::BadgePut { badge: badge.to_owned(), holder: holder.clone() })];
        // What an operator may do changes where they work now, too.
        if let Some(device) = self.devices.of_user(holder.user) {
            let known = self.device(device).and_then(|device| device.record.operator.as_ref());
            if known.is_some_and(|operator| operator.rights != holder.rights) {
                let operator = crate::floor::Operator { user: holder.user, rights: holder.rights.clone() };
                events.push(FloorEvent::OperatorSet { device: device.clone(), operator: Some(operator) });
            }
        }
        Ok(events)
    }

    /// One open exception per device says enough.
    fn collision(&self, device: &DeviceId, seq: u64, ctx: &Ctx) -> Decision {
        let unknown = || FloorRefusal::DeviceUnknown { device: device.clone() };
        let known = self.device(device).ok_or_else(unknown)?;
        let about = [("alarm", "key_reuse".to_owned()), ("seq", seq.to_string())];
        let alarm =
            |open: &Exception| open.by.device == *device && open.about.get("alarm").is_some_and(|a| a == "key_reuse");
        if self.exceptions().any(alarm) {
            return Ok(vec![]);
        }
        let operator = known.record.last.as_ref().map_or(crate::UserId::from_u128(0), |last| last.user);
        let by = By {
            device: device.clone(),
            operator,
            performed_at: ctx.now,
            recorded_at: ctx.now,
            offline: false,
            clamped: false,
        };
        let about = about.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let exception = Exception { id: self.main.last_id + 1, code: FloorCode::Conflict, by, about };
        Ok(vec![FloorEvent::ExceptionOpened { exception }])
    }

    /// How plate numbers of the site are built; `None` if it has no company prefix.
    pub fn numbering(&self) -> Option<Numbering> {
        let site = self.site()?;
        let numbering = Numbering {
            prefix: site.company_prefix.clone(),
            extension: 0,
            reuse_seconds: i64::from(site.sscc_reuse_days) * 86_400,
        };
        numbering.is_sound().then_some(numbering)
    }

    /// The next plate numbers of the site.
    ///
    /// # Errors
    /// [`SsccFault::BlockExhausted`].
    pub(in crate::floor) fn take_plates(&self, count: u64, now: Timestamp) -> Result<Block, SsccFault> {
        let numbering = self.numbering().ok_or(SsccFault::BlockExhausted)?;
        self.main.numbers.take(&numbering, count, now)
    }

    /// A block for a device.
    pub(in crate::floor) fn block_for(&self, device: &DeviceId, now: Timestamp) -> Result<FloorEvent, SsccFault> {
        let block = self.take_plates(BLOCK, now)?;
        Ok(FloorEvent::Device(DeviceEvent::PlatesGiven { device: Some(device.clone()), block, at: now }))
    }

    /// One plate number of the server's own, and the event that uses it up.
    ///
    /// # Errors
    /// [`SsccFault::BlockExhausted`].
    pub(in crate::floor) fn plate_number(&self, now: Timestamp) -> Result<(PlateId, FloorEvent), SsccFault> {
        let numbering = self.numbering().ok_or(SsccFault::BlockExhausted)?;
        let block = self.take_plates(1, now)?;
        let plate = PlateId::parse(&numbering.sscc(block.from)).map_err(|_| SsccFault::BlockExhausted)?;
        Ok((plate, FloorEvent::Device(DeviceEvent::PlatesGiven { device: None, block, at: now })))
    }
}
