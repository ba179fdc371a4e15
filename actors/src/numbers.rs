//! Document numbers from durable sequences, taken in blocks (ORD-01).

use std::{collections::HashMap, sync::Arc};

use munshi_domain::sequence::{Sequence, SequenceCommand};
use tokio::sync::Mutex;

use crate::node::{Broken, Core};

/// Numbers in one block; a crash leaves a gap of at most this many.
const BLOCK: u32 = 1_000;

#[derive(Default)]
pub(crate) struct Numbers {
    blocks: Mutex<HashMap<String, (u64, u64)>>,
}

impl Numbers {
    /// The next number of a series.
    pub(crate) async fn next(&self, core: &Arc<Core>, series: &str) -> Result<u64, Broken> {
        let mut blocks = self.blocks.lock().await;
        if let Some((next, last)) = blocks.get_mut(series).filter(|(next, last)| next <= last) {
            let taken = *next;
            *next += 1;
            debug_assert!(taken <= *last);
            return Ok(taken);
        }
        let last = core
            .internal::<Sequence, _>(series, SequenceCommand::TakeBlock { size: BLOCK }, "numbers", |state| state.last)
            .await
            .map_err(|refusal| Broken(refusal.to_string()))?;
        let first = last + 1 - u64::from(BLOCK);
        blocks.insert(series.to_owned(), (first + 1, last));
        Ok(first)
    }
}
