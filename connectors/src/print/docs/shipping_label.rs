//! The label of a parcel.
//!
//! Laid out as a GS1 logistic label: free text above, the barcodes below, the SSCC last.

use super::{address::Address, label::MARGIN};
use crate::print::{
    PrintError, Sscc,
    code128::Symbol,
    scene::{Align, Area, Block, Canvas, Module, Style},
    text::shape::{self, Line},
};

/// Everything on a parcel's label. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShippingLabel {
    /// Courier and service, such as "TCS Overnight".
    pub service: String,
    /// Place of this parcel among those of the order, such as "1 / 2".
    pub piece: String,
    /// Where it goes back to.
    pub from: Address,
    /// Where it goes to.
    pub to: Address,
    /// Number of the order.
    pub order_number: String,
    /// Day of shipping, as text.
    pub date: String,
    /// Weight with its unit, as text.
    pub weight: String,
    /// Amount that the courier collects, with its currency, as text; empty when paid.
    pub collect: String,
    /// What the courier must know: access codes, "do not tilt", temperature.
    pub instructions: String,
    /// Number of the parcel or consignment, printed as Code 128. Printable ASCII.
    pub tracking: String,
    /// Text of the QR code, such as the tracking page; empty for none.
    pub qr: String,
    /// The parcel's SSCC, printed as GS1-128; `None` where the parcel has none.
    pub sscc: Option<Sscc>,
}

const WIDTH: f32 = 100.0 - 2.0 * MARGIN;
/// Points; below it a courier cannot read an address at arm's length.
const SMALLEST_ADDRESS: f32 = 5.0;

impl ShippingLabel {
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        self.head(canvas)?;
        self.sender(canvas)?;
        self.receiver(canvas)?;
        self.collection(canvas)?;
        canvas.rule(MARGIN, 83.0, WIDTH);
        let symbol = Symbol::text("tracking", &self.tracking)?;
        // The quiet zone may reach into the margin: what is beyond the label is as light.
        let area = Area::new(0.0, 84.5, 100.0, 22.0);
        canvas.code128("tracking", symbol, Module::OWN, &self.tracking, area)?;
        match &self.sscc {
            Some(sscc) => sscc_block(canvas, sscc, 107.5),
            None => Ok(()),
        }
    }

    fn head(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        let piece = Style::of(14.0).down_to(8.0).bold().align(Align::Right);
        canvas.unbroken("piece", &self.piece, piece, Area::new(72.0, 3.0, 25.0, 7.0))?;
        let service = Style::of(16.0).down_to(8.0).bold();
        canvas.unbroken("service", &self.service, service, Area::new(MARGIN, 3.0, 67.0, 8.0))?;
        canvas.rule(MARGIN, 11.5, WIDTH);
        Ok(())
    }

    fn sender(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        canvas.text("from", "From", Style::of(6.0), Area::new(MARGIN, 12.2, 20.0, 3.0))?;
        let from = [self.from.name.as_str(), &self.from.below_name(), &self.from.phone].join("\n");
        canvas.text("from", &from, Style::of(8.0).down_to(5.0), Area::new(MARGIN, 15.0, 58.0, 14.5))?;
        let facts = [("Order", &self.order_number), ("Date", &self.date), ("Weight", &self.weight)];
        let facts: Vec<String> =
            facts.iter().filter(|fact| !fact.1.is_empty()).map(|fact| format!("{} {}", fact.0, fact.1)).collect();
        let style = Style::of(8.0).down_to(5.0).align(Align::Right);
        canvas.text("order_number", &facts.join("\n"), style, Area::new(63.0, 12.6, 34.0, 17.0))?;
        canvas.rule(MARGIN, 30.0, WIDTH);
        Ok(())
    }

    fn receiver(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        let width = if self.qr.is_empty() { WIDTH } else { WIDTH - 32.0 };
        canvas.text("to", "To", Style::of(6.0), Area::new(MARGIN, 30.7, 20.0, 3.0))?;
        let mut y = 33.5;
        for block in self.receiver_blocks(canvas, width, 66.0 - y)? {
            y += canvas.place(block, Align::Start, Area::new(MARGIN, y, width, 0.0));
        }
        if !self.qr.is_empty() {
            canvas.qr("qr", &self.qr, Area::new(97.0 - 31.0, 33.0, 31.0, 31.0))?;
        }
        canvas.rule(MARGIN, 66.5, WIDTH);
        Ok(())
    }

    /// Name, address and telephone number, all made smaller in step until they fit.
    fn receiver_blocks(&self, canvas: &Canvas<'_>, width: f32, height: f32) -> Result<[Block; 3], PrintError> {
        let address = self.to.below_name();
        let mut most: f32 = 12.0;
        loop {
            let set = |text: &str, style: Style| canvas.set("to", text, style, width, height);
            let blocks = [
                set(&self.to.name, Style::of(most * 1.2).bold()),
                set(&address, Style::of(most)),
                set(&self.to.phone, Style::of(most).bold()),
            ];
            if let [Ok(name), Ok(address), Ok(phone)] = blocks
                && name.height() + address.height() + phone.height() <= height
            {
                let phone = Block { lines: following(phone.lines, &address), ..phone };
                return Ok([name, address, phone]);
            }
            if most <= SMALLEST_ADDRESS {
                return Err(PrintError::TextTooLong { field: "to" });
            }
            most -= 0.5;
        }
    }

    fn collection(&self, canvas: &mut Canvas<'_>) -> Result<(), PrintError> {
        let (mut x, mut width) = (MARGIN, WIDTH);
        if !self.collect.is_empty() {
            let frame = Area::new(MARGIN, 68.0, 42.0, 13.5);
            canvas.frame(frame, 0.5);
            canvas.text("collect", "Collect cash (COD)", Style::of(7.0), Area::new(5.0, 69.2, 38.0, 3.5))?;
            let amount = Style::of(16.0).down_to(7.0).bold();
            canvas.unbroken("collect", &self.collect, amount, Area::new(5.0, 72.4, 38.0, 8.5))?;
            (x, width) = (x + 44.0, width - 44.0);
        }
        let style = Style::of(9.0).down_to(5.0);
        canvas.text("instructions", &self.instructions, style, Area::new(x, 67.5, width, 15.0))?;
        Ok(())
    }
}

/// A telephone number stands where the address above it does.
fn following(lines: Vec<Line>, above: &Block) -> Vec<Line> {
    let rtl = above.lines.last().is_some_and(|line| line.rtl);
    lines.into_iter().map(|line| Line { rtl: line.rtl || (rtl && shape::is_neutral(&line.text)), ..line }).collect()
}

/// The SSCC as GS1 asks for it: data title and number in large type, then the symbol with 32 mm of bars (at least
/// 31.75), then the interpretation. Takes 42 mm.
pub(crate) fn sscc_block(canvas: &mut Canvas<'_>, sscc: &Sscc, y: f32) -> Result<(), PrintError> {
    canvas.rule(MARGIN, y, WIDTH);
    let title = Style::of(7.0).bold();
    canvas.text("sscc", "SSCC", title, Area::new(6.0, y + 0.6, 12.0, 3.5))?;
    let number = Style::of(9.0).bold().align(Align::Right);
    canvas.text("sscc", sscc.digits(), number, Area::new(20.0, y + 0.4, 74.0, 4.2))?;
    let area = Area::new(0.0, y + 4.8, 100.0, 37.0);
    canvas.code128("sscc", sscc.symbol()?, Module::LOGISTIC, &sscc.interpretation(), area)
}
