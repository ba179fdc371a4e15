//! The on-disk engine under SIGKILL: a child process commits and projects with a small memtable, so that log
//! segments rotate, are flushed and are recovered all the time, and is killed again and again. Everything it
//! acknowledged must be there (docs/adr/0007; without the fixes this fails within a few kills).

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use munshi_store::{
    Store, contract,
    surreal::{Options, SurrealStore},
};
use rand::{Rng, SeedableRng, rngs::StdRng};

/// Directory for the child; without it `child` is no test of its own.
const DIRECTORY: &str = "MUNSHI_TEST_KILL_DIRECTORY";
const KILLS: usize = 25;

async fn open(directory: &str) -> SurrealStore {
    let options = Options { memtable_bytes: 1 << 20, ..Options::default() };
    SurrealStore::open(&format!("surrealkv://{directory}"), options).await.expect("the store opens")
}

/// Commits until it is killed, and says after each batch how far it got.
#[tokio::test]
async fn child() {
    let Ok(directory) = std::env::var(DIRECTORY) else { return };
    let store = open(&directory).await;
    let mut start = store.start("child").await.unwrap();
    let mut out = std::io::stdout();
    // The parent kills; the bound only guards against one that does not.
    for _ in 0..100_000 {
        let batch = contract::batch(&start, start.head + 1, 40);
        store.commit(&batch).await.unwrap();
        (start.head, start.hash) = (batch.last_seq(), batch.entries.last().unwrap().hash.clone());
        writeln!(out, "acknowledged {}", start.head).unwrap();
        let ids: Vec<String> = (0..40).map(|n| format!("o{}", start.head - n)).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        store.project(&contract::projection("documents", start.head, &ids)).await.unwrap();
        writeln!(out, "projected {}", start.head).unwrap();
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_however_often_the_process_dies() {
    let directory = tempfile::tempdir().unwrap();
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (mut acknowledged, mut projected) = (0_u64, 0_u64);
    for kill in 1..=KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads", "1"])
            .env(DIRECTORY, directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Killed after so many lines, wherever the child is by then; what it had said before is still read.
        let mut left: u32 = random.random_range(1..60);
        while let Some(Ok(line)) = lines.next() {
            let at = |what: &str| line.strip_prefix(what).map(|at| at.parse::<u64>().unwrap());
            if let Some(at) = at("acknowledged ") {
                acknowledged = at;
            } else if let Some(at) = at("projected ") {
                projected = at;
            } else {
                continue;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                // Already dead is dead.
                let _ = child.kill();
            }
        }
        child.wait().unwrap();
        let store = open(directory.path().to_str().unwrap()).await;
        let start = store.start("parent").await.unwrap();
        assert!(start.head >= acknowledged, "kill {kill}: {acknowledged} acknowledged, {} there", start.head);
        assert!(start.projected >= projected, "kill {kill}: {projected} projected, {} there", start.projected);
        assert_eq!(start.epoch, 2 * kill as u64, "kill {kill}");
        let mut at = 0;
        while at < start.head {
            let page = store.journal(at, 4_000).await.expect("the journal is whole");
            assert_eq!(page[0].seq, at + 1);
            at = page.last().unwrap().seq;
        }
        assert_eq!(at, start.head);
        let document = store.document(&contract::order(&format!("o{projected}"))).await.unwrap();
        assert!(projected == 0 || document.is_some(), "kill {kill}: document {projected} is lost");
        store.close().await.unwrap();
    }
    println!("{acknowledged} entries over {KILLS} kills");
}
