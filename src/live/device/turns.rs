//! Whose turn it is: queues that are flushed go to the floor in portions, a few at a time, so that whoever scans now waits
//! behind some dozens of commands and not behind all queues of a building that was cut off for half an hour.
//!
//! Invariant: few commands never wait here, so that whoever is a little late does not join the queue and get later; portions
//! wait in the order in which they came, so no device is passed over.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Commands that somebody who scans on may have on the way: beyond, they are a queue that is flushed.
const FEW: usize = 8;
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
    /// Waits for a turn for a frame of so many commands, unless they are few enough to go now.
    pub async fn wait(&self, commands: usize) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        if commands > FEW { self.0.acquire().await.ok() } else { None }
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
            taken.push(turns.wait(FEW + 1).await);
        }
        assert!(turns.wait(FEW).await.is_none(), "a few scans go at once");
        let mut next = std::pin::pin!(turns.wait(FEW + 1));
        assert!(futures_util::poll!(next.as_mut()).is_pending(), "a portion waits");
        taken.pop();
        assert!(next.await.is_some());
    }
}
