//! Receiving a file: streamed to disk, never held in memory, hashed on the way.
//!
//! Invariant: what is not taken over is removed, also when the client hangs up or the server was killed in between.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use axum::body::Body;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt, sync::OwnedSemaphorePermit};

use super::Imports;
use crate::{auth::token, problem::Problem};

/// Begin of the names of files that are being received.
const PREFIX: &str = "receiving-";
/// Longest a file may take to arrive.
const WHOLE: Duration = Duration::from_secs(15 * 60);

/// A file that arrived.
#[derive(Debug)]
pub struct Received {
    path: PathBuf,
    /// SHA-256 of it.
    pub digest: String,
    /// Its length.
    pub bytes: u64,
    _permit: OwnedSemaphorePermit,
}

impl Received {
    /// Where it lies until it is taken over.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Received {
    fn drop(&mut self) {
        // Taken over, it is there no longer.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Removes what a server that was killed had half received.
pub fn remove_left_over(path: &Path) {
    let ours = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX));
    if ours && let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, "a half received file cannot be removed");
    }
}

impl Imports {
    /// Receives a body as a file. `idle` is the longest that nothing may arrive.
    ///
    /// # Errors
    /// `busy`, `body_too_large`, `read_timeout`, `bad_json` where it broke off, `internal` when the disk refuses.
    pub async fn receive(&self, body: Body, announced: Option<u64>, idle: Duration) -> Result<Received, Problem> {
        let permit = self.receiving.clone().try_acquire_owned();
        let permit = permit.map_err(|_| Problem::new("busy", "too many files arrive at once").retry_after(5))?;
        // A little too much is read and thrown away: a client that writes before it reads would else find a broken
        // connection instead of the answer.
        if announced.is_some_and(|bytes| bytes > self.max_bytes.saturating_mul(2)) {
            return Err(self.too_large());
        }
        tokio::fs::create_dir_all(&self.dir).await.map_err(Problem::internal)?;
        let path = self.dir.join(format!("{PREFIX}{}", token::hex_of(&token::random::<12>())));
        let mut file = File::create_new(&path).await.map_err(Problem::internal)?;
        // From here on the guard removes the file.
        let mut received = Received { path, digest: String::new(), bytes: 0, _permit: permit };
        let late = || Problem::new("read_timeout", "the file did not arrive in time");
        let whole = tokio::time::timeout(WHOLE, self.copy(body, &mut file, idle)).await.map_err(|_| late())?;
        (received.digest, received.bytes) = whole?;
        file.sync_all().await.map_err(Problem::internal)?;
        Ok(received)
    }

    fn too_large(&self) -> Problem {
        Problem::new("body_too_large", format!("a file has at most {} bytes", self.max_bytes))
    }

    async fn copy(&self, mut body: Body, file: &mut File, idle: Duration) -> Result<(String, u64), Problem> {
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        loop {
            let frame = tokio::time::timeout(idle, body.frame()).await;
            let frame = frame.map_err(|_| Problem::new("read_timeout", "the file stopped arriving"))?;
            let Some(frame) = frame else { break };
            let frame = frame.map_err(|_| Problem::new("upload_incomplete", "the file broke off"))?;
            let Ok(data) = frame.into_data() else { continue };
            bytes += data.len() as u64;
            if bytes > self.max_bytes.saturating_mul(2) {
                break;
            }
            if bytes > self.max_bytes {
                continue;
            }
            hash.update(&data);
            file.write_all(&data).await.map_err(Problem::internal)?;
        }
        if bytes > self.max_bytes {
            return Err(self.too_large());
        }
        if bytes == 0 {
            return Err(Problem::new("upload_incomplete", "the file is empty"));
        }
        Ok((token::hex_of(&hash.finalize()), bytes))
    }
}
