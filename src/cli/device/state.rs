//! What a simulated device keeps: who it is, its key, its counter and its queue, in one file.
//!
//! Invariant: the file is replaced as a whole and synced before a command counts as taken, so what beeped survives a
//! power cut. Only its owner may read it, for the key is in it. A PIN is never in it: a sign-on that was not answered when
//! the program ended is sent without one. If the server had decided it, that answer comes; else it is put aside, counts
//! as no wrong PIN, and the operator is asked to sign on again.

use std::{
    collections::VecDeque,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

use munshi_protocols::{
    client::Cmd,
    clientsm::{CommandStore, Identity, StoreFailed},
    cmd::DeviceCmd,
    code::CodeWord,
    devices::DeviceEnrolled,
    ids::{CmdSeq, DeviceId, Gen, InstallId, SAFE_MAX},
};
use serde::{Deserialize, Serialize};

use crate::{auth::token, cli::Stop};

/// A device.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Host and port of the server.
    pub server: String,
    /// Code of the warehouse.
    pub warehouse: String,
    /// Its name.
    pub device: DeviceId,
    /// Number of its enrolment.
    pub generation: u32,
    /// This installation.
    pub install: InstallId,
    /// What it gets tokens with.
    pub key: String,
    next: CmdSeq,
    queue: VecDeque<Cmd>,
    parked: Vec<Parked>,
}

/// A command that the server cannot read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parked {
    cmd: Cmd,
    code: CodeWord,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("device", &self.device).finish_non_exhaustive()
    }
}

impl Device {
    /// Just enrolled. Refuses names that cannot be said on a socket, which no server gives.
    pub fn new(server: String, enrolled: DeviceEnrolled) -> Result<Self, Stop> {
        let DeviceEnrolled { warehouse, device, generation, key, .. } = enrolled;
        Ok(Self {
            server,
            warehouse,
            device: DeviceId::parse(&device).map_err(|error| Stop::Failed(error.to_string()))?,
            generation,
            install: InstallId::parse(&format!("in_{}", token::hex_of(&token::random::<8>())))
                .map_err(|error| Stop::Failed(error.to_string()))?,
            key,
            next: CmdSeq::ZERO.next(),
            queue: VecDeque::new(),
            parked: Vec::new(),
        })
    }

    /// As it says who it is.
    pub fn identity(&self) -> Result<Identity, Stop> {
        let generation = Gen::new(u64::from(self.generation)).map_err(|error| Stop::Failed(error.to_string()))?;
        Ok(Identity::Device { device: self.device.clone(), install: self.install.clone(), generation })
    }
}

/// The file.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    /// What is in it.
    pub device: Device,
}

fn write(path: &Path, device: &Device) -> std::io::Result<()> {
    let beside = path.with_extension("tmp");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&serde_json::to_vec(device)?)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    // The new name is durable when the directory is.
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

impl FileStore {
    /// Begins a file.
    pub fn create(path: PathBuf, device: Device) -> Result<Self, Stop> {
        write(&path, &device)
            .map_err(|error| Stop::refused("file_unwritable", format!("{}: {error}", path.display())))?;
        Ok(Self { path, device })
    }

    /// Reads a file.
    pub fn open(path: PathBuf) -> Result<Self, Stop> {
        let bad = |error: &dyn std::fmt::Display| {
            Stop::refused("file_unreadable", format!("{}: {error}; enrol first", path.display()))
        };
        let bytes = std::fs::read(&path).map_err(|error| bad(&error))?;
        let device = serde_json::from_slice(&bytes).map_err(|error| bad(&error))?;
        Ok(Self { path, device })
    }

    /// Changes the device, in the file first.
    fn change(&mut self, change: impl FnOnce(&mut Device)) -> Result<(), StoreFailed> {
        let mut device = self.device.clone();
        change(&mut device);
        write(&self.path, &device).map_err(|_| StoreFailed)?;
        self.device = device;
        Ok(())
    }
}

/// The command as it may be kept. One that no release knows has no field for a secret.
fn without_secret(cmd: &Cmd) -> Option<Cmd> {
    let Ok(args) = DeviceCmd::read(cmd.op.as_str(), &cmd.a) else { return Some(cmd.clone()) };
    let (op, a) = args.without_secret().ok()?;
    Some(Cmd { op, a, ..cmd.clone() })
}

impl CommandStore for FileStore {
    fn load(&mut self) -> Result<(VecDeque<Cmd>, CmdSeq), StoreFailed> {
        Ok((self.device.queue.clone(), self.device.next))
    }

    fn append(&mut self, cmd: &Cmd) -> Result<(), StoreFailed> {
        let seq = cmd.seq.ok_or(StoreFailed)?;
        let kept = without_secret(cmd).ok_or(StoreFailed)?;
        self.change(|device| {
            device.queue.push_back(kept);
            device.next = seq.next();
        })
    }

    fn remove(&mut self, seqs: &[CmdSeq]) -> Result<(), StoreFailed> {
        self.change(|device| device.queue.retain(|cmd| cmd.seq.is_none_or(|seq| !seqs.contains(&seq))))
    }

    fn park(&mut self, seq: CmdSeq, code: &CodeWord) -> Result<(), StoreFailed> {
        self.change(|device| {
            if let Some(at) = device.queue.iter().position(|cmd| cmd.seq == Some(seq)) {
                let cmd = device.queue.remove(at);
                device.parked.extend(cmd.map(|cmd| Parked { cmd, code: code.clone() }));
            }
        })
    }

    fn renumber(&mut self, from: CmdSeq) -> Result<(), StoreFailed> {
        if from.get().saturating_add(self.device.queue.len() as u64) > SAFE_MAX {
            return Err(StoreFailed);
        }
        self.change(|device| {
            device.next = device.queue.iter_mut().fold(from, |seq, cmd| {
                cmd.seq = Some(seq);
                seq.next()
            });
        })
    }
}

#[cfg(test)]
mod tests {
    use munshi_protocols::{ids::CmdKey, payload::Payload};
    use serde_json::json;

    use super::*;

    #[test]
    fn sec_03_a_pin_is_not_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.json");
        let enrolled = json!({"warehouse": "KHI-1", "device": "dev_7", "generation": 1, "key": "mdk_x", "token": "mdt_x",
            "expires_in": 600});
        let device = Device::new("127.0.0.1:1".into(), serde_json::from_value(enrolled).unwrap()).unwrap();
        let mut store = FileStore::create(path.clone(), device).unwrap();
        let cmd = Cmd {
            seq: Some(CmdSeq::ZERO.next()),
            key: CmdKey::from_parts(1, [7; 10]),
            at: None,
            op: munshi_protocols::ids::Op::parse("sign_on").unwrap(),
            rev: None,
            a: Payload::of(&json!({"badge": "B1", "pin": "471147"})).unwrap(),
        };
        store.append(&cmd).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("B1") && !text.contains("471147"), "{text}");
        let (queue, _) = FileStore::open(path).unwrap().load().unwrap();
        assert_eq!((queue[0].seq, &queue[0].key), (cmd.seq, &cmd.key));
    }
}
