//! Virtual-time simulation: a device and a console, a server made of the topic pieces and the command log, and a network
//! that drops, delays, duplicates across connections, cuts in the middle of a message and goes half-open.
//!
//! Checked for every seed: every recorded command has one effect and one answer, in order; every mirror equals the
//! truth; every stream item is delivered once; every queue stays within its bound. `SIM_SEED` replays one seed,
//! `SIM_SEEDS` sets how many are run.

mod net;
mod rng;
mod server;
mod world;

use world::World;

#[test]
fn nothing_is_lost_doubled_or_out_of_step() {
    let variable = |name| std::env::var(name).ok().and_then(|value: String| value.parse::<u64>().ok());
    let (one, count) = (variable("SIM_SEED"), variable("SIM_SEEDS").unwrap_or(200));
    let seeds: Vec<u64> = one.map_or_else(|| (1..=count).collect(), |seed| vec![seed]);
    let halves = seeds.split_at(seeds.len() / 2);
    let (mut sums, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| run(halves.1));
        (run(halves.0), other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    sums.add(&other);
    println!("{sums:?}");
    // The network is only worth something if what it does happens.
    if one.is_none() && count >= 100 {
        for (what, times) in sums.named() {
            assert!(times > 0, "no seed brought {what}");
        }
    }
}

fn run(seeds: &[u64]) -> world::Counts {
    let mut sums = world::Counts::default();
    for seed in seeds {
        match std::panic::catch_unwind(|| World::new(*seed).run()) {
            Ok(counts) => sums.add(&counts),
            Err(panic) => {
                println!("seed {seed} failed; replay it with SIM_SEED={seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    sums
}
