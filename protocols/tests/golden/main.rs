//! Golden frames: each file under `golden/v1` is one frame of a release. Every one decodes for ever; those of this
//! release encode byte for byte. `MUNSHI_TEST_UPDATE=1` writes those of this release anew, and removes none.

mod samples;

use std::{collections::BTreeMap, path::PathBuf};

use munshi_protocols::{
    client::ClientFrame,
    server::{ServerBody, ServerFrame},
};
use samples::{CLIENT, SERVER};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/v1")
}

/// The frame as this release writes it.
fn encoded(name: &str, json: &str) -> String {
    let text = json.split('\n').map(str::trim).collect::<String>();
    if name.starts_with("client.") {
        ClientFrame::decode(&text).unwrap_or_else(|refused| panic!("{name}: {refused:?}")).encode()
    } else {
        let frame = ServerFrame::decode(&text).unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
        assert_ne!(frame.body, ServerBody::Unknown, "{name}");
        frame.encode()
    }
}

fn samples() -> BTreeMap<String, String> {
    let named = |side: &str, list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(name, json)| (format!("{side}.{name}.json"), (*json).to_owned())).collect()
    };
    named("client", CLIENT).into_iter().chain(named("server", SERVER)).collect()
}

#[test]
fn frames_of_this_release_encode_byte_for_byte() {
    for (name, json) in samples() {
        let (path, text) = (folder().join(&name), format!("{}\n", encoded(&name, &json)));
        if std::env::var_os("MUNSHI_TEST_UPDATE").is_some() {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(stored == text, "{name} is stale:\n{stored}{text}");
    }
}

#[test]
fn frames_of_every_release_decode() {
    let mut files = 0;
    for entry in std::fs::read_dir(folder()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let stored = std::fs::read_to_string(entry.path()).unwrap();
        assert!(!stored.trim_end().contains('\n'), "{name}: a frame is one line");
        encoded(&name, &stored);
        files += 1;
    }
    assert!(files >= samples().len());
}

/// A sample loses nothing when it is decoded and written: what is in it, is understood.
#[test]
fn samples_say_what_they_say() {
    for (name, json) in samples() {
        let sample: serde_json::Value = serde_json::from_str(&json).unwrap();
        let written: serde_json::Value = serde_json::from_str(&encoded(&name, &json)).unwrap();
        assert_eq!(written, sample, "{name}");
    }
}

#[test]
fn every_type_of_frame_has_a_golden_file() {
    let has = |list: &[(&str, &str)], t: &str| list.iter().any(|(name, _)| name.split('.').next() == Some(t));
    ClientFrame::TYPES.iter().for_each(|t| assert!(has(CLIENT, t), "client {t}"));
    ServerFrame::TYPES.iter().for_each(|t| assert!(has(SERVER, t), "server {t}"));
}
