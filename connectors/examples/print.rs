//! Writes every paper with made-up content into a directory: `cargo run -p munshi-connectors --example print -- DIR`.

use std::{error::Error, fs, path::Path};

use munshi_connectors::print::{Resolution, labels_pdf, labels_zpl};

#[path = "../tests/print/samples.rs"]
mod samples;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: print DIRECTORY")?;
    let directory = Path::new(&directory);
    fs::create_dir_all(directory)?;
    let write = |name: &str, bytes: Vec<u8>| -> Result<(), Box<dyn Error>> {
        println!("{name}: {} bytes", bytes.len());
        Ok(fs::write(directory.join(name), bytes)?)
    };
    write("pick-list.pdf", samples::pick_list().pdf()?)?;
    write("packing-slip.pdf", samples::packing_slip().pdf()?)?;
    write("enrolment-sheet.pdf", samples::enrolment().pdf()?)?;
    let labels = samples::labels();
    let names = ["shipping", "shipping-urdu", "shipping-long", "plate", "location", "location-long", "tote"];
    for (name, label) in names.iter().zip(&labels) {
        let one = std::slice::from_ref(label);
        write(&format!("{name}-label.pdf"), labels_pdf(one)?)?;
        write(&format!("{name}-label.zpl"), labels_zpl(one, Resolution::default())?)?;
    }
    write("all-labels.pdf", labels_pdf(&labels)?)
}
