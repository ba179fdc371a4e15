//! Bounds on queued plus unsaved work (runtime.md rule 9): a permit per aggregate kind, and shedding by class
//! when the commit lane falls behind. A permit travels with its command until the answer is released.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use munshi_domain::Kind;

/// How dear a request is to whoever sent it; the first are shed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Exports, lists and reports.
    List,
    /// New orders and other office work.
    Office,
    /// Answers of payment gateways and carriers.
    Callback,
    /// Warehouse scans.
    Scan,
    /// Processes and timers; never shed.
    Internal,
}

impl Class {
    /// Lane delay above which this class is shed, in milliseconds.
    const fn limit_ms(self) -> u64 {
        match self {
            Self::List => 50,
            Self::Office => 250,
            Self::Callback => 500,
            Self::Scan => 1_000,
            Self::Internal => u64::MAX,
        }
    }
}

/// Wait before a request that was shed because documents are behind is sent again, in milliseconds: whoever asks at once
/// takes the processor from those who write them.
const BEHIND_MS: u64 = 500;

/// The gate of one node.
#[derive(Debug)]
pub(crate) struct Admission {
    in_flight: [Arc<AtomicUsize>; Kind::ALL.len()],
    limit: usize,
    lane_delay_ms: AtomicU64,
    durable: AtomicU64,
    projected: AtomicU64,
    projector_limit: u64,
}

/// Leave to have one command queued or unsaved; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit(Arc<AtomicUsize>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Admission {
    pub(crate) fn new(limit: usize, projector_limit: u64) -> Self {
        Self {
            in_flight: std::array::from_fn(|_| Arc::default()),
            limit,
            lane_delay_ms: AtomicU64::new(0),
            durable: AtomicU64::new(0),
            projected: AtomicU64::new(0),
            projector_limit,
        }
    }

    /// A permit, or after how many milliseconds to try again.
    pub(crate) fn admit(&self, kind: Kind, class: Class) -> Result<Permit, u64> {
        let slot = &self.in_flight[kind as usize];
        let delay = self.lane_delay_ms.load(Ordering::Relaxed);
        let behind = self.lag() > self.projector_limit;
        if class != Class::Internal && (behind || delay > class.limit_ms()) {
            metrics::counter!("munshi_admission_shed_total", "kind" => kind.name()).increment(1);
            return Err(delay.clamp(if behind { BEHIND_MS } else { 100 }, 2_000));
        }
        let before = slot.fetch_add(1, Ordering::AcqRel);
        let permit = Permit(slot.clone());
        if class != Class::Internal && before >= self.limit {
            metrics::counter!("munshi_admission_busy_total", "kind" => kind.name()).increment(1);
            return Err(100);
        }
        Ok(permit)
    }

    pub(crate) fn lane_delay(&self, millis: u64) {
        self.lane_delay_ms.store(millis, Ordering::Relaxed);
    }

    /// The journal is durable up to here.
    pub(crate) fn durable(&self, seq: u64) {
        self.durable.store(seq, Ordering::Relaxed);
    }

    /// Documents are written up to here.
    pub(crate) fn projected(&self, seq: u64) {
        self.projected.store(seq, Ordering::Relaxed);
    }

    /// Entries whose documents are not written yet; they wait in memory.
    fn lag(&self) -> u64 {
        self.durable.load(Ordering::Relaxed).saturating_sub(self.projected.load(Ordering::Relaxed))
    }

    /// Documents are so near that what can wait may go on: the other half of what may be behind is for who cannot.
    pub(crate) fn near(&self) -> bool {
        self.lag() <= self.projector_limit / 2
    }

    pub(crate) fn in_flight(&self, kind: Kind) -> usize {
        self.in_flight[kind as usize].load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ops_20_a_full_kind_is_busy_at_once_and_internal_work_is_never_shed() {
        let gate = Admission::new(2, 10);
        let held: Vec<_> = (0..2).map(|_| gate.admit(Kind::Order, Class::Office).unwrap()).collect();
        assert!(gate.admit(Kind::Order, Class::Scan).is_err());
        assert!(gate.admit(Kind::Warehouse, Class::Office).is_ok());
        let internal = gate.admit(Kind::Order, Class::Internal).unwrap();
        drop((held, internal));
        assert_eq!(gate.in_flight(Kind::Order), 0);
    }

    #[test]
    fn ops_20_a_slow_lane_sheds_lists_before_orders_before_scans() {
        let gate = Admission::new(10, 10);
        let admitted = |gate: &Admission| {
            [Class::List, Class::Office, Class::Callback, Class::Scan, Class::Internal]
                .map(|class| gate.admit(Kind::Order, class).is_ok())
        };
        for (delay, want) in [
            (50, [true, true, true, true, true]),
            (51, [false, true, true, true, true]),
            (251, [false, false, true, true, true]),
            (501, [false, false, false, true, true]),
            (1_001, [false, false, false, false, true]),
        ] {
            gate.lane_delay(delay);
            assert_eq!(admitted(&gate), want, "{delay} ms");
        }
        gate.lane_delay(0);
        gate.durable(20);
        gate.projected(9);
        assert_eq!(admitted(&gate), [false, false, false, false, true]);
        assert_eq!(gate.admit(Kind::Order, Class::Scan).err(), Some(BEHIND_MS));
        gate.projected(14);
        assert_eq!((admitted(&gate), gate.near()), ([true; 5], false), "what can wait waits before anybody is refused");
        gate.projected(15);
        assert!(gate.near());
    }
}
