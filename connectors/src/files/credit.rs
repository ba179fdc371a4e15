//! Which invoice a credit note belongs to, where the file does not say.
//!
//! A note returns units of the latest earlier invoices of the same customer with the same code and price that still
//! have units left, as many as it takes; if there are not enough, the whole row is refused, because half a credit
//! note would not reconcile. Earlier means: further up in the file or in a file taken over before, and dated not after
//! the note. Guests have no earlier invoice.
//!
//! Invariant: units that were given to a note before are given to it again, whatever has happened since, so that
//! reading a file again is a replay; no unit is returned twice. It does not look anything up: the caller says what
//! is known ([`Earlier`]).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use munshi_domain::{Currency, Sku, Timestamp};
use rust_decimal::Decimal;

use super::{HistoricOrder, HistoricReturn};

/// What was taken over from files read before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// Orders of the customers whose credit notes are to be matched.
    pub orders: Vec<HistoricOrder>,
    /// What came back of them: number of the note as it was recorded, order, lines.
    pub returns: Vec<KnownReturn>,
}

/// Units that are recorded as returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownReturn {
    /// As [`HistoricReturn::number`].
    pub number: String,
    /// Number of the order.
    pub order: String,
    /// Line of the order, from 1, and units.
    pub lines: Vec<(usize, u32)>,
}

/// What a note is matched by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Item {
    customer: String,
    sku: Sku,
    price: Decimal,
}

impl Item {
    pub(super) fn new(customer: &str, sku: &Sku, price: Decimal) -> Self {
        Self { customer: customer.to_owned(), sku: sku.clone(), price: price.normalize() }
    }
}

/// The row of a credit note.
pub(super) struct Note<'a> {
    pub(super) number: &'a str,
    pub(super) row: u64,
    pub(super) at: Timestamp,
}

/// Fewer units can come back than a note has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shortage {
    left: u32,
    wanted: u32,
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.left {
            0 => f.write_str("this customer has no earlier invoice with units left of this code at this price"),
            left => write!(f, "earlier invoices have {left} units left to return, the note has {}", self.wanted),
        }
    }
}

/// A line that was sold, and what of it can still come back.
struct Sold {
    order: String,
    line: usize,
    left: u32,
    at: Timestamp,
}

/// Units given to a note when it was read before.
struct Given {
    order: String,
    number: String,
    line: usize,
    units: u32,
}

/// What a return is kept under: the note's first row, then where the units belong.
type Key = (u64, Timestamp, String, String);

/// Sales that can come back, and what came back.
#[derive(Default)]
pub(super) struct Credits {
    sold: HashMap<Item, Vec<Sold>>,
    /// By note and item.
    given: HashMap<(String, Item), Vec<Given>>,
    /// Units of lines that stand in the file and were returned before.
    gone: HashMap<(String, usize), u32>,
    /// How often a note was recorded for an order.
    recorded: HashMap<(String, String), usize>,
    first_rows: HashMap<String, u64>,
    returns: BTreeMap<Key, HistoricReturn>,
}

impl Credits {
    /// Begins with what is known; `in_file` are the invoices that the file to be read holds itself.
    pub(super) fn new(earlier: &Earlier, in_file: &HashSet<String>) -> Self {
        let mut credits = Self::default();
        let mut returned: HashMap<(&str, usize), Vec<(&str, u32)>> = HashMap::new();
        for known in &earlier.returns {
            let note = note_of(&known.number);
            *credits.recorded.entry((note.to_owned(), known.order.clone())).or_default() += 1;
            for (line, units) in &known.lines {
                returned.entry((&known.order, *line)).or_default().push((&known.number, *units));
            }
        }
        let mut orders: Vec<&HistoricOrder> = earlier.orders.iter().collect();
        orders.sort_by(|a, b| (a.placed_at, &a.number).cmp(&(b.placed_at, &b.number)));
        for order in orders {
            let Some(customer) = &order.customer else { continue };
            for (line, sold) in (1..).zip(&order.lines) {
                let item = Item::new(customer, &sold.sku, sold.unit_price);
                let mut left = sold.quantity;
                for (number, units) in returned.remove(&(order.number.as_str(), line)).unwrap_or_default() {
                    left = left.saturating_sub(units);
                    let given = Given { order: order.number.clone(), number: number.to_owned(), line, units };
                    credits.given.entry((note_of(number).to_owned(), item.clone())).or_default().push(given);
                }
                if in_file.contains(&order.number) {
                    credits.gone.insert((order.number.clone(), line), sold.quantity - left);
                } else {
                    let sold = Sold { order: order.number.clone(), line, left, at: order.placed_at };
                    credits.sold.entry(item).or_default().push(sold);
                }
            }
        }
        credits
    }

    /// A line of an invoice in the file.
    pub(super) fn sold(&mut self, item: Item, order: &str, line: usize, quantity: u32, at: Timestamp) {
        let gone = self.gone.get(&(order.to_owned(), line)).copied().unwrap_or_default();
        let left = quantity.saturating_sub(gone);
        self.sold.entry(item).or_default().push(Sold { order: order.to_owned(), line, left, at });
    }

    /// A row of a credit note: all of it, or nothing.
    pub(super) fn returned(&mut self, note: &Note<'_>, item: &Item, wanted: u32) -> Result<(), Shortage> {
        let mut given = self.given.remove(&(note.number.to_owned(), item.clone())).unwrap_or_default();
        let mut sold = self.sold.remove(item).unwrap_or_default();
        let done = self.take(note, item, wanted, &mut given, &mut sold);
        self.given.insert((note.number.to_owned(), item.clone()), given);
        self.sold.insert(item.clone(), sold);
        done
    }

    fn take(
        &mut self,
        note: &Note<'_>,
        item: &Item,
        wanted: u32,
        given: &mut [Given],
        sold: &mut [Sold],
    ) -> Result<(), Shortage> {
        let open = |sold: &Sold| sold.left > 0 && sold.at <= note.at;
        let left = given.iter().map(|given| given.units).sum::<u32>()
            + sold.iter().filter(|sold| open(sold)).map(|sold| sold.left).sum::<u32>();
        if left < wanted {
            return Err(Shortage { left, wanted });
        }
        let mut wanted = wanted;
        for given in given {
            let units = given.units.min(wanted);
            given.units -= units;
            wanted -= units;
            self.record(note, item, &given.number, (&given.order, given.line), units);
        }
        let mut latest: Vec<usize> = (0..sold.len()).filter(|at| open(&sold[*at])).collect();
        latest.sort_by_key(|at| std::cmp::Reverse((sold[*at].at, *at)));
        for at in latest {
            let sold = &mut sold[at];
            let units = sold.left.min(wanted);
            sold.left -= units;
            wanted -= units;
            let number = match self.recorded.get(&(note.number.to_owned(), sold.order.clone())) {
                None => note.number.to_owned(),
                Some(times) => format!("{}#{}", note.number, times + 1),
            };
            self.record(note, item, &number, (&sold.order, sold.line), units);
        }
        Ok(())
    }

    fn record(&mut self, note: &Note<'_>, item: &Item, number: &str, (order, line): (&str, usize), units: u32) {
        if units == 0 {
            return;
        }
        let first = *self.first_rows.entry(note.number.to_owned()).or_insert(note.row);
        let key = (first, note.at, order.to_owned(), number.to_owned());
        let returned = self.returns.entry(key).or_insert_with(|| HistoricReturn {
            rows: vec![],
            number: number.to_owned(),
            at: note.at,
            order: order.to_owned(),
            lines: vec![],
            currency: Currency::GBP,
            money: Decimal::ZERO,
        });
        returned.money += item.price * Decimal::from(units);
        if returned.rows.last() != Some(&note.row) {
            returned.rows.push(note.row);
        }
        match returned.lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, quantity)) => *quantity += units,
            None => returned.lines.push((line, units)),
        }
    }

    /// What came back, notes in the order of the file.
    pub(super) fn into_returns(self) -> impl Iterator<Item = HistoricReturn> {
        self.returns.into_values()
    }
}

/// The note's number in the number a return was recorded under.
fn note_of(number: &str) -> &str {
    number.split_once('#').map_or(number, |(note, _)| note)
}
