//! Labels of locations, totes and plates, over HTTP.
//!
//! Invariant: as with the papers of a parcel, what does not fit is refused with the field, never cut off.

use munshi_connectors::print::{Label, LocationLabel, PlateContent, PlateLabel, Sscc, ToteLabel, labels_pdf};
use munshi_domain::floor::{Floor, Location, LocationKind, PlateId};

use super::{
    Answer, Call,
    floor::{read, word},
    floor_print::{pdf, refused, zpl},
    warehouses::code,
};
use crate::problem::Problem;

/// Most labels of one file.
const MAX_LABELS: usize = 500;

/// Labels of the locations that were asked for by zone or beginning of the code, in order of code.
async fn location_labels(call: &Call) -> Result<Vec<Label>, Problem> {
    let text = |name: &str| call.text(name).map(str::to_owned);
    let (zone, prefix) = (text("zone"), text("prefix"));
    let site = code(call)?.to_string();
    let look = move |floor: &Floor, _| {
        let fits = |location: &&Location| {
            zone.as_deref().is_none_or(|zone| location.zone == zone)
                && prefix.as_deref().is_none_or(|prefix| location.code.as_str().starts_with(prefix))
        };
        let label = |location: &Location| -> Label {
            let zone = if location.zone.is_empty() { word(&location.kind) } else { location.zone.clone() };
            match location.kind {
                LocationKind::Tote => ToteLabel { code: location.code.to_string(), note: site.clone() }.into(),
                _ => LocationLabel {
                    code: location.code.to_string(),
                    check_digits: location.check_digits.clone().unwrap_or_default(),
                    zone,
                    pointer: None,
                }
                .into(),
            }
        };
        floor.locations().filter(fits).take(MAX_LABELS + 1).map(label).collect::<Vec<_>>()
    };
    let labels = read(call, look).await?;
    if labels.len() > MAX_LABELS {
        let fix = "narrow it with zone or prefix";
        return Err(Problem::new("bad_query", "more than 500 labels at a time").at("prefix").fix(fix));
    }
    Ok(labels)
}

/// Labels of locations as PDF, a page each.
///
/// # Errors
/// `nothing_to_print` if no location fits, `bad_query` for more than 500; what cannot be printed.
pub async fn locations_pdf(call: Call) -> Answer {
    let labels = location_labels(&call).await?;
    pdf(move || labels_pdf(&labels)).await
}

/// The same for a label printer.
///
/// # Errors
/// As [`locations_pdf`].
pub async fn locations_zpl(call: Call) -> Answer {
    let labels = location_labels(&call).await?;
    zpl(&call, labels).await
}

async fn plate_label(call: &Call) -> Result<Label, Problem> {
    let id = call.id("plate", "plate", PlateId::parse)?;
    let shown = id.clone();
    let look = move |floor: &Floor, _| {
        let plate = floor.plate(&shown)?;
        let lines: Vec<_> = floor.bin(&plate.bin).into_iter().flat_map(|bin| bin.on_plate(&shown)).cloned().collect();
        Some((plate.clone(), lines))
    };
    let (plate, lines) = read(call, look).await?.ok_or_else(|| Problem::not_found("plate"))?;
    let content = match lines.as_slice() {
        [line] => Some(PlateContent {
            sku: line.goods.sku.to_string(),
            description: String::new(),
            quantity: line.units().to_string(),
            lot: line.goods.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
            expiry: line.goods.expiry.map(|day| day.to_string()).unwrap_or_default(),
        }),
        _ => None,
    };
    let several = |count: usize| format!("{count} items");
    let label = PlateLabel {
        sscc: Sscc::parse(id.as_str()).map_err(refused)?,
        site: code(call)?.to_string(),
        note: if lines.len() > 1 { several(lines.len()) } else { String::new() },
        content,
        document: plate.doc.map(|doc| doc.to_string()).unwrap_or_default(),
        created: plate.since.to_string(),
    };
    Ok(label.into())
}

/// A plate's label as PDF.
///
/// # Errors
/// `not_found`; `sscc_invalid` for a number of the site's own; what cannot be printed.
pub async fn plate_pdf(call: Call) -> Answer {
    let labels = [plate_label(&call).await?];
    pdf(move || labels_pdf(&labels)).await
}

/// The same for a label printer.
///
/// # Errors
/// As [`plate_pdf`].
pub async fn plate_zpl(call: Call) -> Answer {
    let labels = vec![plate_label(&call).await?];
    zpl(&call, labels).await
}
