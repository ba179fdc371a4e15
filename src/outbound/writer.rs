//! One writer of open work for all connections: what several workers write at once shares a transaction and its fsync.
//!
//! Invariant: [`Writer::write`] answers only when the write is durable, or never will be because this server has lost
//! the database to another one or is stopping. A write whose answer was lost is written again, which changes nothing.

use std::{collections::HashSet, iter::Peekable, sync::Arc, time::Duration};

use munshi_store::{Store, StoreError, WorkKey, WorkWrite};
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
        let mut rest = batch.drain(..).peekable();
        while rest.peek().is_some() {
            let (together, told) = take(epoch, &mut rest);
            if !written(&store, &together, &told).await {
                return;
            }
            metrics::counter!("munshi_connector_writes_total").increment(told.len() as u64);
            for done in told {
                let _ = done.send(());
            }
        }
    }
}

/// The next writes that may share a transaction: none names a key that another one names. A worker and the inbox may
/// both learn a vendor's id of a message at the same moment.
fn take(epoch: u64, waiting: &mut Peekable<impl Iterator<Item = Waiting>>) -> (WorkWrite, Vec<oneshot::Sender<()>>) {
    let (mut together, mut told, mut named) = (WorkWrite::of(epoch), Vec::new(), HashSet::new());
    while let Some((write, done)) = waiting.next_if(|(write, _)| keys(write).all(|key| !named.contains(key))) {
        named.extend(keys(&write).cloned());
        together.append(write);
        told.push(done);
    }
    (together, told)
}

fn keys(write: &WorkWrite) -> impl Iterator<Item = &WorkKey> {
    write.insert.iter().chain(&write.put).map(|row| &row.key).chain(&write.delete)
}

/// Writes until it is durable; `false` if it never will be.
async fn written(store: &Arc<dyn Store>, together: &WorkWrite, told: &[oneshot::Sender<()>]) -> bool {
    let mut pause = FIRST_WAIT;
    loop {
        match store.work(together).await {
            Ok(()) => return true,
            Err(StoreError::Fenced) => return false,
            Err(error) => {
                if told.iter().all(oneshot::Sender::is_closed) {
                    // Nobody waits: the workers were stopped.
                    return false;
                }
                tracing::warn!(%error, "open work cannot be written, trying again");
                metrics::counter!("munshi_connector_write_retries_total").increment(1);
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_WAIT);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use munshi_store::{WorkRow, WorkTable};

    use super::*;

    #[test]
    fn not_03_writes_that_name_the_same_row_never_share_a_transaction() {
        let key = |id: &str| WorkKey::new(WorkTable::Reference, "c", id);
        let put = |id: &str| WorkWrite {
            put: vec![WorkRow { key: key(id), body: serde_json::json!({}) }],
            ..WorkWrite::of(7)
        };
        let delete = WorkWrite { delete: vec![key("b")], ..WorkWrite::of(7) };
        let writes = [put("a"), put("b"), put("a"), put("c"), delete];
        let mut waiting = writes.into_iter().map(|write| (write, oneshot::channel().0)).peekable();
        let mut groups = Vec::new();
        while waiting.peek().is_some() {
            let (together, told) = take(7, &mut waiting);
            groups.push((told.len(), together.put.len(), together.delete.len()));
        }
        assert_eq!(groups, [(2, 2, 0), (3, 2, 1)]);
    }
}
