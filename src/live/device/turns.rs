//! Whose turn it is: queues that are flushed go to the floor in portions, a few at a time, so that whoever scans now waits
//! behind some dozens of commands and not behind all queues of a building that was cut off for half an hour.
//!
//! Invariant: a command that comes alone never waits here; portions wait in the order in which they came, so no device is
//! passed over.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Commands of a portion.
pub const PORTION: usize = 32;
/// Portions under way at a time: together what a commit of the lane takes along easily.
const AT_ONCE: usize = 3;

/// The turns of a server.
#[derive(Debug)]
pub struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Turns {
    /// Waits for a turn, unless the commands are few enough to go now.
    pub async fn wait(&self, flush: bool) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        if flush { self.0.acquire().await.ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_scans_now_does_not_wait_for_those_who_flush() {
        let turns = Turns::default();
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE {
            taken.push(turns.wait(true).await);
        }
        assert!(turns.wait(false).await.is_none(), "a scan goes at once");
        let mut next = std::pin::pin!(turns.wait(true));
        assert!(futures_util::poll!(next.as_mut()).is_pending(), "a portion waits");
        taken.pop();
        assert!(next.await.is_some());
    }
}
