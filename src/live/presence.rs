//! Who is connected, how many may be, and what is known about users without asking.
//!
//! Invariant: what is counted in is counted out, by dropping the guard. Nothing about a connection that has not said who
//! it is costs more than a counter.

use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use dashmap::DashMap;
use munshi_domain::{OrderId, UserId};

use super::link::Link;
use crate::services::device::Named;

/// Bounds of what is let in.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Connections at once.
    pub connections: usize,
    /// New ones a second.
    pub rate: u64,
    /// Of one address, before they say who they are.
    pub pre_auth: usize,
    /// Of one user.
    pub user: usize,
}

/// Why a connection is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// Too many at once.
    Connections,
    /// Too many of this address that have not said who they are.
    Address,
    /// Too many within a second.
    Rate,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// Connections and users.
#[derive(Debug)]
pub struct Presence {
    caps: Caps,
    open: AtomicUsize,
    greeting: DashMap<IpAddr, usize>,
    bucket: Mutex<Bucket>,
    users: DashMap<UserId, Vec<Arc<Link>>>,
    devices: DashMap<Named, Arc<Link>>,
    /// Customers who look at an order.
    customers: DashMap<OrderId, Vec<Arc<Link>>>,
    /// Journal position of the last event of each user whose events were seen.
    changed: DashMap<UserId, u64>,
    /// Every event of a user after this position was seen.
    known_from: AtomicU64,
}

/// A connection that is counted; dropped, it is no longer.
#[derive(Debug)]
pub struct Admission {
    presence: Arc<Presence>,
    address: Option<IpAddr>,
}

impl Admission {
    /// It has said who it is.
    pub fn greeted(&mut self) {
        if let Some(address) = self.address.take() {
            self.presence.greeted(address);
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.greeted();
        let open = self.presence.open.fetch_sub(1, Ordering::AcqRel) - 1;
        metrics::gauge!("munshi_live_connections").set(open as f64);
    }
}

impl Presence {
    /// Nobody yet, and nothing known about users.
    pub fn new(caps: Caps) -> Self {
        Self {
            caps,
            open: AtomicUsize::new(0),
            greeting: DashMap::new(),
            bucket: Mutex::new(Bucket { tokens: caps.rate as f64, at: Instant::now() }),
            users: DashMap::new(),
            devices: DashMap::new(),
            customers: DashMap::new(),
            changed: DashMap::new(),
            known_from: AtomicU64::new(u64::MAX),
        }
    }

    /// Lets a connection in, or says why not.
    ///
    /// # Errors
    /// [`Full`].
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Admission, Full> {
        let open = self.open.fetch_add(1, Ordering::AcqRel) + 1;
        let mut admission = Admission { presence: Arc::clone(self), address: None };
        metrics::gauge!("munshi_live_connections").set(open as f64);
        if open > self.caps.connections {
            return Err(Full::Connections);
        }
        {
            let mut greeting = self.greeting.entry(address).or_default();
            if *greeting >= self.caps.pre_auth {
                return Err(Full::Address);
            }
            *greeting += 1;
        }
        admission.address = Some(address);
        if self.take_token() { Ok(admission) } else { Err(Full::Rate) }
    }

    /// A second's worth of connections may come at once.
    fn take_token(&self) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, rate) = (Instant::now(), self.caps.rate as f64);
        bucket.tokens = (bucket.tokens + now.duration_since(bucket.at).as_secs_f64() * rate).min(rate);
        bucket.at = now;
        let free = bucket.tokens >= 1.0;
        bucket.tokens -= if free { 1.0 } else { 0.0 };
        free
    }

    fn greeted(&self, address: IpAddr) {
        if let Some(mut greeting) = self.greeting.get_mut(&address) {
            *greeting = greeting.saturating_sub(1);
        }
        self.greeting.remove_if(&address, |_, greeting| *greeting == 0);
    }

    /// Connections.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// Connections that have not said who they are.
    pub fn greeting(&self) -> usize {
        self.greeting.iter().map(|entry| *entry.value()).sum()
    }

    /// Registers a link under its user; `false` if the user has too many.
    pub fn enter(&self, link: &Arc<Link>) -> bool {
        let mut links = self.users.entry(link.principal().user).or_default();
        let free = links.len() < self.caps.user;
        if free {
            links.push(Arc::clone(link));
        }
        free
    }

    /// Registers a link under its device; answers the one that it replaces.
    pub fn enter_device(&self, device: &Named, link: &Arc<Link>) -> Option<Arc<Link>> {
        self.devices.insert(device.clone(), Arc::clone(link))
    }

    /// Registers a link under the order that its customer looks at; `false` if there are too many.
    pub fn enter_customer(&self, order: OrderId, link: &Arc<Link>) -> bool {
        let mut links = self.customers.entry(order).or_default();
        let free = links.len() < self.caps.user;
        if free {
            links.push(Arc::clone(link));
        }
        free
    }

    /// Links of customers who look at an order.
    pub fn of_order(&self, order: OrderId) -> Vec<Arc<Link>> {
        self.customers.get(&order).map(|links| links.clone()).unwrap_or_default()
    }

    /// Links of consoles, devices and customers.
    pub fn counts(&self) -> [usize; 3] {
        let many = |links: &DashMap<UserId, Vec<Arc<Link>>>| links.iter().map(|links| links.len()).sum();
        [many(&self.users), self.devices.len(), self.customers.iter().map(|links| links.len()).sum()]
    }

    /// The newest link of a device.
    pub fn of_device(&self, device: &Named) -> Option<Arc<Link>> {
        self.devices.get(device).map(|link| Arc::clone(&link))
    }

    /// Takes a link out.
    pub fn exit(&self, link: &Link) {
        if let Some(device) = link.device() {
            self.devices.remove_if(&device.named, |_, known| known.id() == link.id());
            return;
        }
        if let Some(tracked) = link.tracked() {
            if let Some(mut links) = self.customers.get_mut(&tracked.order) {
                links.retain(|known| known.id() != link.id());
            }
            self.customers.remove_if(&tracked.order, |_, links| links.is_empty());
            return;
        }
        let user = link.principal().user;
        if let Some(mut links) = self.users.get_mut(&user) {
            links.retain(|known| known.id() != link.id());
        }
        self.users.remove_if(&user, |_, links| links.is_empty());
    }

    /// Links of a user.
    pub fn of_user(&self, user: UserId) -> Vec<Arc<Link>> {
        self.users.get(&user).map(|links| links.clone()).unwrap_or_default()
    }

    /// Every link.
    pub fn all(&self) -> Vec<Arc<Link>> {
        let devices = self.devices.iter().map(|entry| Arc::clone(entry.value()));
        let customers = self.customers.iter().flat_map(|entry| entry.value().clone());
        self.users.iter().flat_map(|entry| entry.value().clone()).chain(devices).chain(customers).collect()
    }

    /// Every event of a user after this journal position was told by [`Presence::user_changed`], or will be.
    pub fn knows_from(&self, seq: u64) {
        self.known_from.store(seq, Ordering::Release);
    }

    /// Something happened to a user at this journal position.
    pub fn user_changed(&self, user: UserId, seq: u64) {
        self.changed.insert(user, seq);
    }

    /// Whether nothing has happened to a user since this journal position, as far as is known; if it is not known, the
    /// answer is no.
    pub fn unchanged_since(&self, user: UserId, seq: u64) -> bool {
        seq >= self.known_from.load(Ordering::Acquire) && self.changed.get(&user).is_none_or(|changed| *changed <= seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caps() -> Caps {
        Caps { connections: 3, rate: 1_000, pre_auth: 2, user: 1 }
    }

    #[test]
    fn connections_are_counted_in_and_out() {
        let presence = Arc::new(Presence::new(caps()));
        let (one, two) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let mut first = presence.admit(one).unwrap();
        let second = presence.admit(one).unwrap();
        assert_eq!(presence.admit(one).unwrap_err(), Full::Address);
        let third = presence.admit(two).unwrap();
        assert_eq!(presence.admit(two).unwrap_err(), Full::Connections);
        assert_eq!((presence.open(), presence.greeting()), (3, 3), "who was refused is not counted");
        first.greeted();
        first.greeted();
        assert_eq!(presence.greeting(), 2);
        drop((first, second, third));
        assert_eq!((presence.open(), presence.greeting(), presence.greeting.len()), (0, 0, 0));
    }

    #[test]
    fn more_than_a_second_s_worth_is_refused() {
        let presence = Arc::new(Presence::new(Caps { connections: 100, rate: 2, pre_auth: 100, user: 1 }));
        let ip = IpAddr::from([127, 0, 0, 1]);
        let kept: Vec<_> = (0..3).map(|_| presence.admit(ip)).collect();
        assert!(kept[0].is_ok() && kept[1].is_ok());
        assert_eq!(kept[2].as_ref().unwrap_err(), &Full::Rate);
    }

    #[test]
    fn a_ticket_counts_only_where_everything_since_is_known() {
        let presence = Presence::new(caps());
        let user = UserId::from_u128(1);
        assert!(!presence.unchanged_since(user, u64::MAX - 1), "at first nothing is known");
        presence.knows_from(10);
        assert!(presence.unchanged_since(user, 10) && !presence.unchanged_since(user, 9));
        presence.user_changed(user, 12);
        assert!(presence.unchanged_since(user, 12) && !presence.unchanged_since(user, 11));
    }
}
