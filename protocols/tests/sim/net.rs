//! The network: one TCP-like connection at a time per client. Within a connection messages keep their order and are
//! never doubled; across connections they arrive as they please, which is what resends and late deliveries look like.

use std::collections::VecDeque;

use crate::rng::Rng;

/// What travels towards one side.
#[derive(Clone, Debug)]
pub enum Parcel {
    Message(String),
    Closed(u16),
}

#[derive(Debug, Default)]
pub struct Pipe {
    queue: VecDeque<(u64, Parcel)>,
    last: u64,
}

impl Pipe {
    pub fn push(&mut self, now: u64, delay: u64, parcel: Parcel) {
        self.last = self.last.max(now + delay);
        self.queue.push_back((self.last, parcel));
    }

    pub fn pop(&mut self, now: u64) -> Option<Parcel> {
        if self.queue.front()?.0 > now { None } else { self.queue.pop_front().map(|(_, parcel)| parcel) }
    }

    pub fn due(&self) -> Option<u64> {
        self.queue.front().map(|(at, _)| *at)
    }

    pub fn bytes(&self) -> usize {
        let size = |parcel: &Parcel| if let Parcel::Message(text) = parcel { text.len() } else { 0 };
        self.queue.iter().map(|(_, parcel)| size(parcel)).sum()
    }
}

/// A connection between client `owner` and the server. The server keeps reading what was sent on it after the client
/// has left: that is how a late message overtakes a newer connection.
#[derive(Debug)]
pub struct Connection {
    pub to_server: Pipe,
    pub to_client: Pipe,
    /// The client takes it for open.
    pub client_open: bool,
    /// The server takes it for open.
    pub server_open: bool,
    /// Nothing gets through any more, and nobody is told.
    pub dead: bool,
}

impl Connection {
    pub fn new() -> Self {
        let (to_server, to_client) = (Pipe::default(), Pipe::default());
        Self { to_server, to_client, client_open: true, server_open: true, dead: false }
    }

    /// A delay of one message, with a few that take long.
    pub fn delay(rng: &mut Rng) -> u64 {
        if rng.chance(3) { 500 + rng.below(3_000) } else { 1 + rng.below(60) }
    }

    /// Cut: what was under way may be lost, the last message may be cut in the middle.
    pub fn cut(&mut self, now: u64, rng: &mut Rng) -> bool {
        let keep = rng.below(3) as usize;
        let mut torn = false;
        for pipe in [&mut self.to_server, &mut self.to_client] {
            pipe.queue.truncate(keep);
            if let Some((_, Parcel::Message(text))) = pipe.queue.back_mut()
                && rng.chance(50)
            {
                let at = rng.below(text.len() as u64 + 1) as usize;
                torn |= at < text.len() && at > 0;
                text.truncate(at);
            }
            pipe.push(now, 1, Parcel::Closed(1006));
        }
        torn
    }
}
