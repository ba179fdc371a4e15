//! One writer of open work for all connections: what several workers write at once shares a transaction and its fsync.
//!
//! Invariant: [`Writer::write`] answers only when the write is durable, or never will be because this server has lost
//! the database to another one or is stopping. A write whose answer was lost is written again, which changes nothing.

use std::{sync::Arc, time::Duration};

use munshi_store::{Store, StoreError, WorkWrite};
use tokio::sync::{mpsc, oneshot};

/// Writes that wait; a worker waits for its own, so this bounds workers, not work.
const QUEUE: usize = 1_024;
/// Most writes of one transaction.
const TOGETHER: usize = 128;
/// Wait before a write is repeated; doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The write will never be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("open work is not written any more")]
pub struct Gone;

type Waiting = (WorkWrite, oneshot::Sender<()>);

/// Handle of the writer; cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
    epoch: u64,
}

impl Writer {
    /// Starts the writer; it ends when its last handle is dropped or another server takes the database.
    pub fn start(store: Arc<dyn Store>, epoch: u64) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        drop(tokio::spawn(run(store, epoch, waiting)));
        Self { queue, epoch }
    }

    /// An empty write of this server.
    pub fn begin(&self) -> WorkWrite {
        WorkWrite::of(self.epoch)
    }

    /// Writes durably.
    ///
    /// # Errors
    /// [`Gone`].
    pub async fn write(&self, write: WorkWrite) -> Result<(), Gone> {
        if write.is_empty() {
            return Ok(());
        }
        let (done, wait) = oneshot::channel();
        self.queue.send((write, done)).await.map_err(|_| Gone)?;
        wait.await.map_err(|_| Gone)
    }
}

async fn run(store: Arc<dyn Store>, epoch: u64, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(TOGETHER);
    while waiting.recv_many(&mut batch, TOGETHER).await > 0 {
        let mut together = WorkWrite::of(epoch);
        let mut told = Vec::with_capacity(batch.len());
        for (write, done) in batch.drain(..) {
            together.append(write);
            told.push(done);
        }
        let mut pause = FIRST_WAIT;
        loop {
            match store.work(&together).await {
                Ok(()) => break,
                Err(StoreError::Fenced) => return,
                Err(error) => {
                    if told.iter().all(oneshot::Sender::is_closed) {
                        // Nobody waits: the workers were stopped.
                        return;
                    }
                    tracing::warn!(%error, "open work cannot be written, trying again");
                    metrics::counter!("munshi_connector_write_retries_total").increment(1);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_WAIT);
                }
            }
        }
        metrics::counter!("munshi_connector_writes_total").increment(told.len() as u64);
        for done in told {
            let _ = done.send(());
        }
    }
}
