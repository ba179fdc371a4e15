//! How the engine's tables are merged (store/vendor/README.md, changes 10 to 12), held against a model: whatever is written,
//! overwritten and deleted, what is read at any time, by who writes it, by an old reader and after opening again, is what was
//! written.

use std::{collections::BTreeMap, path::Path, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng};
use surrealkv::{LSMIterator, Options, Transaction, Tree, TreeBuilder};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Tables of 16 KiB, two of them before a merge, and levels of 128, 512 … KiB: some megabytes reach several levels.
fn open(path: &Path, levels: u8) -> Tree {
    let mut options = Options::new().with_path(path.to_path_buf());
    options.block_size = 1 << 10;
    options.max_memtable_size = 16 << 10;
    options.level0_max_files = 2;
    options.max_bytes_for_level = 128 << 10;
    options.level_multiplier = 4.0;
    options.level_count = levels;
    TreeBuilder::with_options(options).build().unwrap()
}

/// Everything a reader sees, forwards and backwards.
fn scan(reader: &Transaction) -> (Model, usize) {
    let mut found = Model::new();
    let mut all = reader.range(vec![0], vec![0xff]).unwrap();
    let mut more = all.seek_first().unwrap();
    while more {
        found.insert(all.key().user_key().to_vec(), all.value().unwrap());
        more = all.next().unwrap();
    }
    let mut backwards = 0;
    let mut more = all.seek_last().unwrap();
    while more {
        backwards += 1;
        more = all.prev().unwrap();
    }
    (found, backwards)
}

fn check(reader: &Transaction, model: &Model, random: &mut StdRng, about: &str) {
    let (found, backwards) = scan(reader);
    let differing = found.iter().find(|(key, value)| model.get(*key) != Some(value)).map(|(key, _)| key);
    let missing = model.keys().find(|key| !found.contains_key(*key));
    assert_eq!((differing, missing, backwards), (None, None, model.len()), "{about}");
    for _ in 0..200 {
        let key = key(random, 0);
        assert_eq!(reader.get(key.as_slice()).unwrap(), model.get(&key).cloned(), "{about}, key {key:?}");
    }
    for (key, value) in model.iter().step_by(7) {
        assert_eq!(reader.get(key.as_slice()).unwrap().as_ref(), Some(value), "{about}, key {key:?}");
    }
}

/// Ranges that are written for a while, so that there are tables of which others reach over a part.
const TURNS: [&[u8]; 6] = [&[1, 4], &[1, 2, 3, 4, 5], &[2, 3], &[1, 3], &[4], &[2, 4]];

/// Keys as Munshi writes them: at the end of one of four ranges, or anywhere in a fifth.
fn key(random: &mut StdRng, step: u32) -> Vec<u8> {
    let turn = TURNS[step as usize / 80 % TURNS.len()];
    let range = turn[random.random_range(0..turn.len())];
    let number = match range {
        1..=4 => step * 4 + random.random_range(0..4),
        _ => random.random_range(0..4_000),
    };
    [&[range], &number.to_be_bytes()[..]].concat()
}

async fn round(seed: u64) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let mut random = StdRng::seed_from_u64(seed);
    // With few of them the last is reached, where what is deleted goes.
    let levels = random.random_range(3..=6);
    let mut tree = open(folder.path(), levels);
    let mut model = Model::new();
    let mut most = 0;
    let mut early: Option<(Transaction, Model)> = None;
    for step in 0..3_000_u32 {
        let mut writer = tree.begin().unwrap();
        for _ in 0..random.random_range(1..12) {
            // Two in five are of something of late, which may be there.
            let late = if random.random_bool(0.4) { random.random_range(0..60) } else { 0 };
            let key = key(&mut random, step.saturating_sub(late));
            assert_eq!(writer.get(key.as_slice()).unwrap().as_ref(), model.get(&key), "seed {seed}, step {step}");
            if random.random_bool(0.15) {
                writer.delete(key.as_slice()).unwrap();
                model.remove(&key);
            } else {
                let length = random.random_range(0..400);
                let value = vec![random.random::<u8>(); length];
                writer.set(key.as_slice(), value.as_slice()).unwrap();
                model.insert(key.clone(), value);
            }
            assert_eq!(writer.get(key.as_slice()).unwrap().as_ref(), model.get(&key), "seed {seed}, step {step}");
        }
        writer.commit().await.unwrap();
        match random.random_range(0..300) {
            0 => check(&tree.begin().unwrap(), &model, &mut random, &format!("seed {seed}, step {step}")),
            1 => {
                // One that reads at once, too, and is not forgotten for it.
                let reader = tree.begin().unwrap();
                check(&reader, &model, &mut random, &format!("seed {seed}, step {step}, a new reader"));
                early = Some((reader, model.clone()));
            }
            2 => {
                if let Some((reader, then)) = early.take() {
                    check(&reader, &then, &mut random, &format!("seed {seed}, step {step}, an old reader"));
                }
            }
            3 if early.is_none() => {
                most = most.max(tables(folder.path()));
                tree.close().await.unwrap();
                tree = open(folder.path(), levels);
            }
            _ => {}
        }
    }
    check(&tree.begin().unwrap(), &model, &mut random, &format!("seed {seed}, at the end"));
    drop(early);
    tree.close().await.unwrap();
    let tree = open(folder.path(), levels);
    check(&tree.begin().unwrap(), &model, &mut random, &format!("seed {seed}, opened again"));
    tree.close().await.unwrap();
    most.max(tables(folder.path()))
}

fn tables(path: &Path) -> usize {
    std::fs::read_dir(path.join("sstables")).unwrap().count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merged_tables_say_what_was_written() {
    for _ in 0..4 {
        let seed = rand::rng().random();
        let in_time = tokio::time::timeout(Duration::from_secs(300), round(seed)).await;
        let tables = in_time.unwrap_or_else(|_| panic!("writers wait for a merge that does not come (seed {seed})"));
        assert!(tables > 20, "{tables} tables: a level is not divided, or nothing was merged (seed {seed})");
    }
}
