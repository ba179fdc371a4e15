//! Mirror of a Gauge: the newest value. A value is complete in itself, so an older base is no gap.

use super::{Stand, Taken};
use crate::{
    client::SubReason,
    payload::Payload,
    server::{Delta, Snap},
};

/// The newest value.
#[derive(Clone, Debug, Default)]
pub struct GaugeMirror {
    stand: Option<Stand>,
    value: Option<Payload>,
}

impl GaugeMirror {
    /// Where it stands.
    pub const fn stand(&self) -> Option<&Stand> {
        self.stand.as_ref()
    }

    /// The value.
    pub const fn value(&self) -> Option<&Payload> {
        self.value.as_ref()
    }

    pub(super) fn snap(&mut self, snap: Snap) -> Taken {
        self.stand = Some(Stand { epoch: snap.epoch, off: snap.off });
        self.value = snap.v;
        Taken::Changed
    }

    pub(super) fn delta(&mut self, delta: Delta) -> Taken {
        match &self.stand {
            Some(stand) if stand.epoch == delta.epoch && delta.off >= stand.off => {
                self.stand = Some(Stand { epoch: delta.epoch, off: delta.off });
                self.value = delta.v;
                Taken::Changed
            }
            _ => Taken::Resubscribe(SubReason::BaseGap),
        }
    }
}
