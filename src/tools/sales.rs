//! Past orders: what they sold is made known first, then who bought, then the orders, then what came back.

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

use super::import::{Job, Outcome, Summary};
use crate::{api::call::id_from, cli::Stop};

/// What an address says that the file does not know.
const UNKNOWN: &str = "not recorded";

/// An order, or the part of a very long one that Munshi keeps as one order.
struct Piece {
    row: u64,
    id: OrderId,
    number: String,
    source: HistoricOrder,
}

impl Job<'_> {
    pub(super) async fn sales(&self, parsed: Parsed<OrderRecord>) -> Result<Summary, Stop> {
        let (mut summary, records) = self.begin(parsed);
        let (mut orders, mut returns) = (Vec::new(), Vec::new());
        for record in records {
            match record {
                OrderRecord::Order(order) => orders.push(order),
                OrderRecord::Return(note) => returns.push(note),
            }
        }
        self.sold_products(&orders).await?;
        let buyers = self.buyers(&orders).await?;
        let sums: HashMap<u64, (Currency, Decimal)> = orders
            .iter()
            .flat_map(|order| self.pieces(order))
            .map(|p| (p.row, (p.source.currency, p.source.total())))
            .collect();
        let currencies: HashMap<String, Currency> =
            orders.iter().map(|order| (order.number.clone(), order.currency)).collect();
        let pieces: Vec<Piece> = orders.iter().flat_map(|order| self.pieces(order)).collect();
        if pieces.len() > orders.len() {
            eprintln!("note: orders of more than {MAX_LINES} lines are kept in several parts");
        }
        let before = summary.errors.len();
        let take = |piece: Piece| self.past_order(piece, &buyers);
        self.all("orders", pieces, &mut summary, |piece| piece.row, take).await?;
        let refused: HashSet<u64> = summary.errors[before..].iter().map(|error| error.row).collect();
        for (currency, sum) in sums.iter().filter(|(row, _)| !refused.contains(row)).map(|(_, sum)| sum) {
            *summary.sold.entry(*currency).or_default() += sum;
        }
        // One after the other: two notes may concern one order.
        for note in returns {
            let (row, money) = (note.row, note.money);
            let currency = currencies.get(&note.order).copied().unwrap_or_default();
            let outcome = self.past_return(&note).await?;
            if summary.note(row, outcome) {
                *summary.returned.entry(currency).or_default() += money;
            }
        }
        Ok(summary)
    }

    fn pieces(&self, order: &HistoricOrder) -> Vec<Piece> {
        let parts = order.lines.chunks(MAX_LINES).enumerate();
        parts
            .map(|(part, lines)| Piece {
                row: lines.first().map_or(order.row, |line| line.row),
                id: self.order_id(&order.number, part),
                number: if part == 0 { order.number.clone() } else { format!("{}/{}", order.number, part + 1) },
                source: HistoricOrder { lines: lines.to_vec(), ..order.clone() },
            })
            .collect()
    }

    fn order_id(&self, number: &str, part: usize) -> OrderId {
        OrderId::from_u128(id_from(&format!("import/order/{}/{number}/{part}", self.layout.name())))
    }

    /// Defines what is not in the catalogue yet, from the first line that names it.
    async fn sold_products(&self, orders: &[HistoricOrder]) -> Result<(), Stop> {
        let mut unknown: BTreeMap<&Sku, (&HistoricLine, Currency)> = BTreeMap::new();
        for order in orders {
            for line in &order.lines {
                unknown.entry(&line.sku).or_insert((line, order.currency));
            }
        }
        let rows: Vec<_> = unknown.into_values().collect();
        let mut made = Summary::default();
        let take = |(line, currency): (&HistoricLine, Currency)| {
            let (line, key) = (line.clone(), self.key("sold", line.sku.as_str(), ""));
            async move {
                if self.node.snapshot::<Product>(line.sku.as_str()).await?.is_some_and(|product| product.exists()) {
                    return Ok(Outcome::Already);
                }
                let price = match Money::new(line.unit_price, currency) {
                    Ok(price) => price,
                    Err(error) => return Ok(Outcome::Refused { code: "bad_money", message: error.to_string() }),
                };
                let sku = line.sku.to_string();
                let command = ProductCommand::DefineProduct(Box::new(sold_product(line, price)));
                self.send::<Product>(&sku, command, &key).await
            }
        };
        self.all("products", rows, &mut made, |(line, _)| line.row, take).await?;
        match made.errors.first() {
            Some(error) => Err(Stop::Failed(format!("row {}: {}", error.row, error.message))),
            None => Ok(()),
        }
    }

    /// Makes the customers that are not there yet; the key is the reference, empty for guests.
    async fn buyers(&self, orders: &[HistoricOrder]) -> Result<HashMap<String, CustomerSnapshot>, Stop> {
        let mut firsts: BTreeMap<String, &HistoricOrder> = BTreeMap::new();
        for order in orders {
            firsts.entry(order.customer.clone().unwrap_or_default()).or_insert(order);
        }
        let mut buyers = HashMap::new();
        let mut rows = Vec::new();
        for (reference, order) in firsts {
            let id = self.customer_id(if reference.is_empty() { "guest" } else { &reference });
            let details = self.buyer(&reference, order)?;
            buyers.insert(reference, CustomerSnapshot::of(id, &details));
            rows.push((order.row, id, details));
        }
        let mut made = Summary::default();
        let take = |(_, id, details): (u64, CustomerId, CustomerDetails)| self.make_customer(id, details);
        self.all("customers", rows, &mut made, |(row, ..)| *row, take).await?;
        match made.errors.first() {
            Some(error) => Err(Stop::Failed(format!("customer of row {}: {}", error.row, error.message))),
            None => Ok(buyers),
        }
    }

    /// A customer of whom the file has no phone gets an address under `.invalid`, which never receives anything.
    fn buyer(&self, reference: &str, order: &HistoricOrder) -> Result<CustomerDetails, Stop> {
        let guest = reference.is_empty();
        let phones: Vec<_> = order.phone.iter().filter(|_| !guest).cloned().collect();
        let known: String =
            if guest { "guest".into() } else { reference.chars().filter(char::is_ascii_alphanumeric).collect() };
        let local = if known.is_empty() { format!("{:032x}", id_from(reference)) } else { known };
        let email = format!("{local}@{}.invalid", self.layout.name());
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

    async fn past_order(&self, piece: Piece, buyers: &HashMap<String, CustomerSnapshot>) -> Result<Outcome, Stop> {
        let Piece { id, number, source, .. } = piece;
        let reference = source.customer.clone().unwrap_or_default();
        let Some(customer) = buyers.get(&reference).cloned() else {
            return Ok(Outcome::Refused { code: "unknown_customer", message: reference });
        };
        let placed_at = source.placed_at;
        let content = content(customer, &source, &number);
        let imported = ImportedOrder { content, number: number.clone(), placed_at, source: self.layout.name().into() };
        let command = OrderCommand::ImportOrder { id, order: Box::new(imported) };
        self.send::<Order>(&id.to_string(), command, &format!("import:order:{id}")).await
    }

    async fn past_return(&self, note: &HistoricReturn) -> Result<Outcome, Stop> {
        let mut parts: BTreeMap<usize, Vec<(u16, u32)>> = BTreeMap::new();
        for (line, units) in &note.lines {
            let number = u16::try_from((line - 1) % MAX_LINES + 1).unwrap_or_default();
            parts.entry((line - 1) / MAX_LINES).or_default().push((number, *units));
        }
        let mut outcome = Outcome::Already;
        for (part, lines) in parts {
            let id = self.order_id(&note.order, part);
            let command = OrderCommand::RecordImportedReturn { reference: note.number.clone(), lines };
            let key = self.key("return", &note.number, &id.to_string());
            match self.send::<Order>(&id.to_string(), command, &key).await? {
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
