//! Customers and their credit.

use axum::http::StatusCode;
use munshi_actors::node::Meta;
use munshi_domain::{
    CustomerId, Kind, OrderId,
    customer::{CreditTerms, Customer, CustomerCommand, CustomerDetails},
};
use munshi_protocols::{
    common::{Address, Reason},
    customers as wire,
};
use munshi_store::Op;

use super::{
    Answer, Call, convert, list,
    outcome::{self, found, page},
};
use crate::{auth::Permission, problem::Problem, services::customer};

fn credit_view(customer: &Customer) -> wire::CreditView {
    let terms = customer.terms();
    wire::CreditView {
        terms: terms
            .map(|terms| wire::CreditTerms { limit: convert::money(&terms.limit), days: i64::from(terms.days) }),
        exposure: customer.exposure().as_ref().map(convert::money),
        available: customer.available().as_ref().map(convert::money),
    }
}

fn view(id: CustomerId, customer: &Customer, version: u64, contacts: bool) -> wire::CustomerView {
    let details = customer.details.as_deref();
    let some = |pick: fn(&CustomerDetails) -> &String| details.map(pick).cloned().unwrap_or_default();
    let list = details.map(|details| {
        let phones = details.phones.iter().map(|phone| convert::shown_phone(phone, contacts)).collect();
        let emails = details.emails.iter().map(|email| convert::shown_email(email, contacts)).collect();
        (phones, emails)
    });
    let (phones, emails) = list.unwrap_or_default();
    let addresses = details.map(|known| known.addresses.iter().map(|one| convert::address(one, contacts)).collect());
    wire::CustomerView {
        id: id.to_string(),
        version,
        name: some(|details| &details.name),
        phones,
        emails,
        kind: details.map_or("", |details| details.kind.word()).to_owned(),
        tier: some(|details| &details.tier),
        state: customer.state.word().to_owned(),
        blocked: customer.blocked.clone(),
        addresses: addresses.unwrap_or_default(),
        tags: details.map(|details| details.tags.clone()).unwrap_or_default(),
        language: some(|details| &details.language),
        credit: credit_view(customer),
    }
}

fn contacts(call: &Call) -> Result<bool, Problem> {
    Ok(call.caller()?.may(Permission::SeeContacts))
}

fn id(call: &Call) -> Result<CustomerId, Problem> {
    call.id("id", "customer", CustomerId::parse)
}

fn parse_phones(texts: &[String]) -> Result<Vec<munshi_domain::phone::Phone>, Problem> {
    let mut phones = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let phone = convert::parse_phone(&format!("/phones/{at}"), text)?;
        if !phones.contains(&phone) {
            phones.push(phone);
        }
    }
    Ok(phones)
}

fn parse_emails(texts: &[String]) -> Result<Vec<munshi_domain::phone::Email>, Problem> {
    let mut emails = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let email = convert::parse_email(&format!("/emails/{at}"), text)?;
        if !emails.contains(&email) {
            emails.push(email);
        }
    }
    Ok(emails)
}

fn parse_addresses(given: Vec<Address>) -> Result<Vec<munshi_domain::customer::Address>, Problem> {
    let parse = |(at, address)| convert::parse_address(&format!("/addresses/{at}"), address);
    given.into_iter().enumerate().map(parse).collect()
}

/// Lists customers by name.
///
/// # Errors
/// `bad_query`.
pub async fn list(call: Call) -> Answer {
    let mut filters = Vec::new();
    let bad = |name: &'static str| move |_| Problem::new("bad_query", format!("{name} cannot be")).at(name);
    if let Some(text) = call.text("phone") {
        let phone = munshi_domain::phone::Phone::parse(text).map_err(bad("phone"))?;
        filters.push(list::filter("phones", Op::Contains, phone.as_str()));
    }
    if let Some(text) = call.text("email") {
        let email = munshi_domain::phone::Email::parse(text).map_err(bad("email"))?;
        filters.push(list::filter("emails", Op::Contains, email.as_str()));
    }
    let contacts = contacts(&call)?;
    let found = list::documents(&call, Kind::Customer, filters, "name", false).await?;
    let shown = |texts: Vec<String>| texts.iter().map(|text| convert::shown_text(text, contacts)).collect();
    let items = found.rows.iter().map(|row| wire::CustomerRow {
        id: row.id.clone(),
        name: list::text(&row.body, "name"),
        phones: shown(list::texts(&row.body, "phones")),
        emails: shown(list::texts(&row.body, "emails")),
        kind: list::text(&row.body, "kind"),
        tier: list::text(&row.body, "tier"),
        state: list::text(&row.body, "state"),
    });
    page(items.collect::<Vec<_>>(), found.next, found.seq)
}

/// Makes a customer.
///
/// # Errors
/// `phone_taken`, `email_taken`, and the customer's refusals.
pub async fn create(call: Call) -> Answer {
    let given: wire::CreateCustomer = call.json()?;
    let details = CustomerDetails {
        name: given.name.trim().to_owned(),
        phones: parse_phones(&given.phones)?,
        emails: parse_emails(&given.emails)?,
        kind: customer::kind(given.kind.as_deref())?,
        tier: given.tier.unwrap_or_default(),
        addresses: parse_addresses(given.addresses)?,
        tags: given.tags,
        language: given.language.unwrap_or_default(),
        credit: None,
    };
    let id = CustomerId::from_u128(call.new_id()?);
    let contacts = contacts(&call)?;
    let view = move |customer: &Customer, version: u64| view(id, customer, version, contacts);
    let meta = call.meta()?.expecting(None);
    outcome::done(StatusCode::CREATED, &customer::create(call.app.node(), id, details, meta, view).await?)
}

/// Reads a customer.
///
/// # Errors
/// `not_found`.
pub async fn read(call: Call) -> Answer {
    let (id, contacts) = (id(&call)?, contacts(&call)?);
    let view = move |customer: &Customer, version: u64| (version, view(id, customer, version, contacts));
    found("customer", call.app.node().read::<Customer, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?)
}

/// Reads credit.
///
/// # Errors
/// `not_found`.
pub async fn credit(call: Call) -> Answer {
    let id = id(&call)?;
    let view = |customer: &Customer, version: u64| (version, credit_view(customer));
    found("customer", call.app.node().read::<Customer, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?)
}

/// Changes a customer; what is left out stays.
///
/// # Errors
/// `phone_taken`, `email_taken`, `version_conflict`, and the customer's refusals.
pub async fn change(call: Call) -> Answer {
    let given: wire::PatchCustomer = call.json()?;
    let (id, contacts) = (id(&call)?, contacts(&call)?);
    let known =
        |customer: &Customer, version: u64| customer.details.as_deref().map(|details| (details.clone(), version));
    let read = call.app.node().read::<Customer, _>(&id.to_string(), known).await.map_err(Problem::unavailable)?;
    let (before, version) = read.flatten().ok_or_else(|| Problem::not_found("customer"))?;
    let mut details = before.clone();
    if let Some(name) = given.name {
        details.name = name.trim().to_owned();
    }
    if let Some(phones) = &given.phones {
        details.phones = parse_phones(phones)?;
    }
    if let Some(emails) = &given.emails {
        details.emails = parse_emails(emails)?;
    }
    if given.kind.is_some() {
        details.kind = customer::kind(given.kind.as_deref())?;
    }
    if let Some(addresses) = given.addresses {
        details.addresses = parse_addresses(addresses)?;
    }
    details.tier = given.tier.unwrap_or(details.tier);
    details.tags = given.tags.unwrap_or(details.tags);
    details.language = given.language.unwrap_or(details.language);
    let mut meta = call.meta()?;
    meta.expected = Some(meta.expected.unwrap_or(version));
    let view = move |customer: &Customer, version: u64| view(id, customer, version, contacts);
    outcome::done(StatusCode::OK, &customer::update(call.app.node(), id, &before, details, meta, view).await?)
}

async fn run(call: &Call, command: CustomerCommand, meta: Meta) -> Answer {
    let (id, contacts) = (id(call)?, contacts(call)?);
    let view = move |customer: &Customer, version: u64| view(id, customer, version, contacts);
    let applied = call.app.node().execute::<Customer, _>(&id.to_string(), command, meta, view).await;
    outcome::done(StatusCode::OK, &applied.map_err(outcome::problem)?)
}

/// Refuses orders of this customer on every channel (VAL-06).
///
/// # Errors
/// The customer's refusals.
pub async fn block(call: Call) -> Answer {
    let reason = convert::parse_reason(&call.json::<Reason>()?.reason)?;
    let meta = call.meta()?.because(Some(&reason));
    run(&call, CustomerCommand::BlockCustomer { reason }, meta).await
}

/// Accepts orders again.
///
/// # Errors
/// The customer's refusals.
pub async fn unblock(call: Call) -> Answer {
    let reason = convert::parse_reason(&call.json::<Reason>()?.reason)?;
    let meta = call.meta()?.because(Some(&reason));
    run(&call, CustomerCommand::UnblockCustomer, meta).await
}

/// Sets credit terms, or takes them away with `null`.
///
/// # Errors
/// The customer's refusals.
pub async fn set_credit(call: Call) -> Answer {
    let given: Option<wire::CreditTerms> = call.json()?;
    let terms = given.map(|given| {
        let limit = convert::parse_money("/limit", &given.limit)?;
        Ok::<_, Problem>(CreditTerms { limit, days: convert::parse_whole("/days", given.days)? })
    });
    let terms = terms.transpose()?;
    run(&call, CustomerCommand::SetCreditTerms { terms }, call.meta()?).await
}

/// Records money received for an order on credit.
///
/// # Errors
/// The customer's refusals.
pub async fn settle(call: Call) -> Answer {
    let given: wire::Settlement = call.json()?;
    let order = OrderId::parse(&given.order_id).map_err(|error| Problem::bad_value("/order_id", error))?;
    let amount = given.amount.map(|money| convert::parse_money("/amount", &money)).transpose()?;
    run(&call, CustomerCommand::RecordSettlement { order, amount }, call.meta()?).await
}
