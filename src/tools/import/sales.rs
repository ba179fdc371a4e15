//! Past orders: what they sold is made known first, then who bought, then the orders, then what came back.
//!
//! Invariant: an order is taken whole or not at all, and so is each part of a credit note; every row of what is not
//! taken is listed with the reason.

use std::collections::{BTreeMap, HashMap, HashSet};

use munshi_connectors::files::{HistoricLine, HistoricOrder, HistoricReturn, OrderRecord, Parsed};
use munshi_domain::{
    Currency, CustomerId, Money, OrderId, Sku,
    customer::{Address, CustomerDetails, CustomerType},
    order::{
        Order, OrderCommand,
        content::{
            Channel, ContentLine, CustomerSnapshot, ImportedOrder, MAX_LINES, OrderContent, OrderType, PaymentMethod,
            Priority,
        },
    },
    phone::Email,
    product::{Product, ProductCommand, ProductDetails},
};
use rust_decimal::Decimal;

use super::{
    job::{Job, Outcome},
    report::Summary,
};
use crate::{api::call::id_from, cli::Stop};

/// What an address says that the file does not know.
const UNKNOWN: &str = "not recorded";

/// Why something is not taken: code and words.
type Reason = (&'static str, String);

/// An order, or the part of a very long one that Munshi keeps as one order.
struct Piece {
    id: OrderId,
    number: String,
    source: HistoricOrder,
}

impl Piece {
    fn rows(&self) -> Vec<u64> {
        self.source.lines.iter().map(|line| line.row).collect()
    }
}

/// What an order came to, by row of the file.
struct Sum {
    number: String,
    currency: Currency,
    lines: Vec<(u64, Decimal)>,
}

impl Sum {
    fn of(order: &HistoricOrder) -> Self {
        let sum = |line: &HistoricLine| (line.row, line.unit_price * Decimal::from(line.quantity));
        Self { number: order.number.clone(), currency: order.currency, lines: order.lines.iter().map(sum).collect() }
    }
}

/// The orders of one file on their way in.
pub(super) struct Sales<'a> {
    job: &'a Job<'a>,
    buyers: HashMap<String, CustomerSnapshot>,
    /// SKUs that were looked after.
    known: HashSet<Sku>,
    no_product: HashMap<Sku, Reason>,
    no_buyer: HashMap<String, Reason>,
}

impl<'a> Sales<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        Self {
            job,
            buyers: HashMap::new(),
            known: HashSet::new(),
            no_product: HashMap::new(),
            no_buyer: HashMap::new(),
        }
    }

    pub(super) async fn take(&mut self, parsed: Parsed<OrderRecord>) -> Result<Summary, Stop> {
        let (mut summary, records) = self.job.begin(parsed);
        let (mut orders, mut returns) = (Vec::new(), Vec::new());
        for record in records {
            match record {
                OrderRecord::Order(order) => orders.push(order),
                OrderRecord::Return(note) => returns.push(note),
            }
        }
        self.sold_products(&orders).await?;
        self.make_buyers(&orders).await?;
        let missing = self.past_orders(orders, &mut summary).await?;
        // One after the other: two notes may concern one order.
        for note in returns {
            if self.job.meter.is_stopped() {
                break;
            }
            let outcome = match missing.get(&note.order) {
                Some(code) => Outcome::refused(code, format!("order {} was not taken", note.order)),
                None => self.past_return(&note).await?,
            };
            if summary.note(&note.rows, outcome) {
                *summary.returned.entry(note.currency).or_default() += note.money;
            }
        }
        Ok(summary)
    }

    /// Sends the orders; answers the numbers of those that were not taken, with the code of the reason.
    async fn past_orders(
        &self,
        orders: Vec<HistoricOrder>,
        summary: &mut Summary,
    ) -> Result<HashMap<String, &'static str>, Stop> {
        // What the orders came to, without the orders: they are most of what an import keeps in memory.
        let sums: Vec<Sum> = orders.iter().map(Sum::of).collect();
        let pieces: Vec<Piece> = orders.into_iter().flat_map(|order| self.pieces(order)).collect();
        if pieces.len() > sums.len() {
            self.job.note(format_args!("orders of more than {MAX_LINES} lines are kept in several parts"));
        }
        let before = summary.errors.len();
        self.job.all("orders", pieces, summary, Piece::rows, |piece| self.past_order(piece)).await?;
        let refused: HashMap<u64, &'static str> =
            summary.errors[before..].iter().map(|error| (error.row, error.code)).collect();
        let mut missing = HashMap::new();
        for sum in sums {
            for (row, amount) in sum.lines {
                match refused.get(&row) {
                    Some(code) => drop(missing.insert(sum.number.clone(), *code)),
                    None => *summary.sold.entry(sum.currency).or_default() += amount,
                }
            }
        }
        Ok(missing)
    }

    fn pieces(&self, order: HistoricOrder) -> Vec<Piece> {
        let id = |part| self.job.order_id(&order.number, part);
        if order.lines.len() <= MAX_LINES {
            return vec![Piece { id: id(0), number: order.number.clone(), source: order }];
        }
        let parts = order.lines.chunks(MAX_LINES).enumerate();
        parts
            .map(|(part, lines)| Piece {
                id: id(part),
                number: if part == 0 { order.number.clone() } else { format!("{}/{}", order.number, part + 1) },
                source: HistoricOrder { lines: lines.to_vec(), ..order.clone() },
            })
            .collect()
    }

    /// Defines what is not in the catalogue yet, from the first line that names it.
    async fn sold_products(&mut self, orders: &[HistoricOrder]) -> Result<(), Stop> {
        let mut firsts: BTreeMap<&Sku, (&HistoricLine, &HistoricOrder)> = BTreeMap::new();
        for order in orders {
            for line in order.lines.iter().filter(|line| !self.known.contains(&line.sku)) {
                firsts.entry(&line.sku).or_insert((line, order));
            }
        }
        self.known.extend(firsts.keys().map(|sku| (*sku).clone()));
        let skus: HashMap<u64, Sku> = firsts.iter().map(|(sku, (line, _))| (line.row, (*sku).clone())).collect();
        let take = |(line, order): (&HistoricLine, &HistoricOrder)| self.sold_product(line.clone(), order.currency);
        let mut made = Summary::default();
        let rows = firsts.into_values().collect();
        self.job.all("products", rows, &mut made, |(line, _)| vec![line.row], take).await?;
        for error in made.errors {
            if let Some(sku) = skus.get(&error.row) {
                let message = format!("product {sku}: {}", error.message);
                self.no_product.insert(sku.clone(), (error.code, message));
            }
        }
        Ok(())
    }

    async fn sold_product(&self, line: HistoricLine, currency: Currency) -> Result<Outcome, Stop> {
        let sku = line.sku.to_string();
        if self.job.node.snapshot::<Product>(&sku).await?.is_some_and(|product| product.exists()) {
            return Ok(Outcome::Already);
        }
        let price = match Money::new(line.unit_price, currency) {
            Ok(price) => price,
            Err(error) => return Ok(Outcome::refused("bad_money", error)),
        };
        let key = self.job.key("sold", &sku, "");
        let command = ProductCommand::DefineProduct(Box::new(sold_product(line, price)));
        self.job.send::<Product>(&sku, command, &key).await
    }

    /// Makes the customers that are not there yet; the key is the reference, empty for guests.
    async fn make_buyers(&mut self, orders: &[HistoricOrder]) -> Result<(), Stop> {
        let mut firsts: BTreeMap<String, &HistoricOrder> = BTreeMap::new();
        for order in orders {
            let reference = order.customer.clone().unwrap_or_default();
            if !self.buyers.contains_key(&reference) {
                firsts.entry(reference).or_insert(order);
            }
        }
        let mut rows = Vec::new();
        let mut references = HashMap::new();
        for (reference, order) in firsts {
            let id = self.job.customer_id(if reference.is_empty() { "guest" } else { &reference });
            let details = self.buyer(&reference, order)?;
            self.buyers.insert(reference.clone(), CustomerSnapshot::of(id, &details));
            references.insert(order.row, reference);
            rows.push((order.row, id, details));
        }
        rows.sort_by_key(|(row, ..)| *row);
        let mut made = Summary::default();
        let there = self.job.customers_there(rows.iter().map(|(_, id, _)| *id)).await?;
        let phones = |(_, id, details): &(u64, CustomerId, CustomerDetails)| {
            if there.contains(id) {
                return vec![];
            }
            details.phones.iter().map(|phone| ("phone_taken", phone.to_string())).collect()
        };
        let rows = Job::distinct(rows, &mut made, |(row, ..)| *row, phones);
        let take = |(_, id, details): (u64, CustomerId, CustomerDetails)| self.job.make_customer(id, details);
        self.job.all("customers", rows, &mut made, |(row, ..)| vec![*row], take).await?;
        for error in made.errors {
            if let Some(reference) = references.remove(&error.row) {
                let message = format!("customer {reference}: {}", error.message);
                self.no_buyer.insert(reference, (error.code, message));
            }
        }
        Ok(())
    }

    /// A customer of whom the file has no phone gets an address under `.invalid`, which never receives anything.
    fn buyer(&self, reference: &str, order: &HistoricOrder) -> Result<CustomerDetails, Stop> {
        let guest = reference.is_empty();
        let phones: Vec<_> = order.phone.iter().filter(|_| !guest).cloned().collect();
        let known: String =
            if guest { "guest".into() } else { reference.chars().filter(char::is_ascii_alphanumeric).collect() };
        // A reference that says the same without its other signs would share the address with another customer.
        let local = if known == reference || guest { known } else { format!("{:032x}", id_from(reference)) };
        let email = format!("{local}@{}.invalid", self.job.layout.name());
        let name = order.customer_name.clone().filter(|_| !guest);
        Ok(CustomerDetails {
            name: name.unwrap_or_else(|| if guest { "Guest".into() } else { format!("Customer {reference}") }),
            emails: if phones.is_empty() { vec![Email::parse(&email)?] } else { vec![] },
            phones,
            kind: CustomerType::Retail,
            tier: String::new(),
            addresses: vec![],
            tags: vec!["imported".into()],
            language: String::new(),
            credit: None,
        })
    }

    async fn past_order(&self, piece: Piece) -> Result<Outcome, Stop> {
        let Piece { id, number, source } = piece;
        let reference = source.customer.clone().unwrap_or_default();
        let unknown_product = source.lines.iter().find_map(|line| self.no_product.get(&line.sku));
        if let Some((code, message)) = unknown_product.or_else(|| self.no_buyer.get(&reference)) {
            return Ok(Outcome::refused(code, message));
        }
        let Some(customer) = self.buyers.get(&reference).cloned() else {
            return Ok(Outcome::refused("unknown_customer", reference));
        };
        let placed_at = source.placed_at;
        let content = content(customer, &source, &number);
        let wanted = content.clone();
        let key = id.to_string();
        let there = self
            .job
            .node
            .read::<Order, _>(&key, move |order, _| order.content.as_deref().is_some_and(|content| *content == wanted));
        match there.await? {
            Some(true) => return Ok(Outcome::Already),
            Some(false) => {
                let message = format!("order {number} was taken over before, with other lines");
                return Ok(Outcome::refused("order_differs", message));
            }
            None => {}
        }
        let source = self.job.layout.name().into();
        let imported = ImportedOrder { content, number, placed_at, source };
        let command = OrderCommand::ImportOrder { id, order: Box::new(imported) };
        self.job.send::<Order>(&key, command, &format!("import:order:{id}")).await
    }

    async fn past_return(&self, note: &HistoricReturn) -> Result<Outcome, Stop> {
        let mut parts: BTreeMap<usize, Vec<(u16, u32)>> = BTreeMap::new();
        for (line, units) in &note.lines {
            let number = u16::try_from((line - 1) % MAX_LINES + 1).unwrap_or_default();
            parts.entry((line - 1) / MAX_LINES).or_default().push((number, *units));
        }
        let mut outcome = Outcome::Already;
        for (part, lines) in parts {
            let id = self.job.order_id(&note.order, part);
            let command = OrderCommand::RecordImportedReturn { reference: note.number.clone(), lines };
            let key = self.job.key("return", &note.number, &id.to_string());
            match self.job.send::<Order>(&id.to_string(), command, &key).await? {
                Outcome::Already => {}
                Outcome::In => outcome = Outcome::In,
                refused @ Outcome::Refused { .. } => return Ok(refused),
            }
        }
        Ok(outcome)
    }
}

fn sold_product(line: HistoricLine, price: Money) -> ProductDetails {
    ProductDetails {
        handle: line.sku.as_str().to_lowercase(),
        sku: line.sku,
        title: line.title,
        brand: String::new(),
        category: String::new(),
        options: vec![],
        barcode: None,
        price,
        compare_at: None,
        tax_code: None,
        weight_grams: 0,
        stocked: !line.service,
        backorder: false,
        min_quantity: 1,
        image: None,
        description: String::new(),
    }
}

fn content(customer: CustomerSnapshot, order: &HistoricOrder, number: &str) -> OrderContent {
    let known = |text: &str| if text.trim().is_empty() { UNKNOWN.to_owned() } else { text.to_owned() };
    let address = &order.address;
    let lines = order.lines.iter().zip(1..).map(|(line, number)| ContentLine {
        line: number,
        sku: line.sku.clone(),
        title: line.title.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: Decimal::ZERO,
        // The file does not say what tax its prices held.
        tax_code: "zero".into(),
        tax_rate: Decimal::ZERO,
        stocked: !line.service,
        backorder: false,
        warehouse: None,
        note: None,
    });
    OrderContent {
        customer,
        channel: Channel::Offline,
        order_type: OrderType::Regular,
        priority: Priority::Normal,
        currency: order.currency,
        payment_method: PaymentMethod::Prepaid,
        shipping_address: Address { line1: known(&address.line1), city: known(&address.city), ..address.clone() },
        billing_address: None,
        lines: lines.collect(),
        shipping_fee: Decimal::ZERO,
        tax_included: true,
        ship_complete: false,
        po_number: None,
        reference: Some(number.to_owned()),
        tags: vec!["imported".into()],
        instructions: None,
    }
}
