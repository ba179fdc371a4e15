//! The fact `packed`: units went from a tote into a carton. It is never refused for disagreeing with the books.

use crate::floor::{
    FloorCode, LocationKind, PackedFact,
    outbound::Held,
    pack::{blocked, put_in},
    turn::{Call, Step, Turn},
};

/// Units that were packed without a connection.
pub(in crate::floor) fn packed(call: &Call<'_>, done: &PackedFact) -> Turn {
    let floor = call.floor;
    let PackedFact { parcel: id, tote, goods, units, serials, raw } = done;
    let mut about = vec![
        ("parcel", id.to_string()),
        ("tote", tote.to_string()),
        ("sku", goods.sku.to_string()),
        ("units", units.to_string()),
    ];
    about.extend((!raw.is_empty()).then(|| ("raw", raw.join("\u{1d}"))));
    let Some(parcel) = floor.work.parcel(*id) else {
        return Ok(Step::done(Vec::new()).despite(call, FloorCode::NoMatch, &about));
    };
    let mut step = Step::done(Vec::new());
    let mut left = *units;
    for source in parcel.totes.iter().filter(|known| known.tote == *tote && known.held.goods == *goods) {
        let units = left.min(source.held.units);
        if units > 0 {
            left -= units;
            let with = |serial: &&crate::floor::SerialNo| serials.contains(serial);
            let serials = source.held.serials.iter().filter(with).cloned().collect();
            let held = Held { units, serials, ..source.held.clone() };
            step = step.with([put_in(call, *id, parcel, held, tote)]);
        }
    }
    let in_order = parcel.lines.iter().any(|line| line.sku == goods.sku);
    let elsewhere = parcel.totes.iter().any(|known| known.tote != *tote && known.held.goods == *goods);
    let is_tote = floor.location(tote).is_some_and(|location| location.kind == LocationKind::Tote);
    let code = match () {
        () if !in_order => Some(FloorCode::NotInOrder),
        () if left > 0 && elsewhere => Some(FloorCode::FromOtherTote),
        () if left > 0 => Some(FloorCode::OverPack),
        () if blocked(floor, parcel) => Some(FloorCode::OrderOnHold),
        () if !is_tote => Some(FloorCode::ToteUnknown),
        () => None,
    };
    Ok(match code {
        Some(code) => step.despite(call, code, &about),
        None => step,
    })
}
