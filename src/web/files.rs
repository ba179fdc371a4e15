//! Where the files of the web build come from: out of the program, or out of a directory.
//!
//! Invariant: a name is plain segments joined by slashes before anything is looked up, so no name leads out of the
//! build; in a directory, a link that leads out of it is not followed either.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::auth::token;

/// The build as it was when the program was built; a debug build reads it from where it was then.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// Largest file read from a directory, in bytes.
const MAX_BYTES: u64 = 32 << 20;

/// The files of the web build.
#[derive(Clone, Debug)]
pub enum Files {
    /// Those in the program.
    Built,
    /// Those in a directory.
    Directory(PathBuf),
}

/// A file.
#[derive(Clone, Debug)]
pub struct File {
    /// What it holds.
    pub bytes: Bytes,
    /// Begin of its SHA-256 in hex.
    pub tag: String,
}

impl Files {
    /// As the setting `server.web_dir` says: a directory, or nothing for those in the program.
    pub fn new(directory: &str) -> Self {
        if directory.is_empty() { Self::Built } else { Self::Directory(PathBuf::from(directory)) }
    }

    /// The file of a name; nothing for a compressed twin, which is no address of its own.
    pub async fn get(&self, name: &str) -> Option<File> {
        if name.ends_with(".br") || name.ends_with(".gz") || !plain(name) {
            return None;
        }
        self.read(name).await
    }

    /// The twin of a file under the ending of its coding.
    pub async fn twin(&self, name: &str, suffix: &str) -> Option<File> {
        if plain(name) { self.read(&format!("{name}{suffix}")).await } else { None }
    }

    async fn read(&self, name: &str) -> Option<File> {
        match self {
            Self::Built => {
                let file = Built::get(name)?;
                let bytes = match file.data {
                    Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                    Cow::Owned(bytes) => Bytes::from(bytes),
                };
                Some(File { bytes, tag: short(&file.metadata.sha256_hash()) })
            }
            Self::Directory(root) => {
                let bytes = within(root, name).await?;
                let tag = short(&Sha256::digest(&bytes));
                Some(File { bytes, tag })
            }
        }
    }
}

fn short(hash: &[u8]) -> String {
    token::hex_of(hash.get(..12).unwrap_or(hash))
}

/// Segments of letters, digits and few signs, none of them hidden or a way up.
fn plain(name: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@');
    (1..=200).contains(&name.len())
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(sign))
}

/// A regular file below `root`, links resolved.
async fn within(root: &Path, name: &str) -> Option<Bytes> {
    let root = tokio::fs::canonicalize(root).await.ok()?;
    let path = tokio::fs::canonicalize(root.join(name)).await.ok()?;
    let about = tokio::fs::metadata(&path).await.ok()?;
    if !path.starts_with(&root) || !about.is_file() || about.len() > MAX_BYTES {
        return None;
    }
    tokio::fs::read(&path).await.ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_04_no_name_leads_out_of_the_build() {
        for good in ["index.html", "assets/a-B_1.js", "icons/a@2x.png"] {
            assert!(plain(good), "{good}");
        }
        for bad in ["", "..", "../a", "a/../b", ".env", "a/.git/b", "/etc/passwd", "a//b", "a\\b", "a%2e", "a\0", "ä"]
        {
            assert!(!plain(bad), "{bad:?}");
        }
    }

    #[tokio::test]
    async fn sec_04_a_link_out_of_the_directory_is_not_followed() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret.txt"), "x").unwrap();
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a.txt"), "a").unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.txt"), root.path().join("link.txt")).unwrap();
        let files = Files::Directory(root.path().to_owned());
        assert_eq!(files.get("a.txt").await.unwrap().bytes, "a");
        assert!(files.get("link.txt").await.is_none() && files.get("none.txt").await.is_none());
    }
}
