//! The floor's stock side: receive, put-away, move, count, return, inquiry and plates (warehouse-floor.md §6 to §9).

mod bench;
mod counts;
mod model;
mod offline;
mod put_away;
mod receive;
mod replenish;
mod returns;

use std::collections::BTreeSet;

use munshi_domain::floor::{FloorCode, Group};

/// Every code a flow lists was met, and none that it may not raise.
fn covers(met: &BTreeSet<FloorCode>, group: Group, also: &[Group]) {
    let listed: BTreeSet<FloorCode> = group.codes().into_iter().collect();
    let missing: Vec<_> = listed.difference(met).collect();
    assert_eq!(missing, Vec::<&FloorCode>::new(), "{group:?}: never met");
    let mut may = listed;
    for group in [Group::Input, Group::Resolution, Group::Common].iter().chain(also) {
        may.extend(group.codes());
    }
    let unlisted: Vec<_> = met.difference(&may).collect();
    assert_eq!(unlisted, Vec::<&FloorCode>::new(), "{group:?}: not listed");
}
