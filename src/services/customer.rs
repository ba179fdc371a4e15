//! Making and changing customers: their phones and e-mail addresses are unique keys (CUS-01); and the customer of an
//! order, found again or made with it.

use std::collections::BTreeSet;

use munshi_actors::node::{Applied, Meta, Node};
use munshi_domain::{
    CustomerId,
    customer::{AccountState, Customer, CustomerCommand, CustomerDetails, CustomerType},
    order::content::CustomerSnapshot,
    phone::{Email, Phone},
};
use munshi_protocols::orders::InlineCustomer;
use serde::{Serialize, de::DeserializeOwned};

use super::claims::{self, Taken, Want};
use crate::{
    api::{
        Call,
        convert::{parse_email, parse_phone, parse_word},
        outcome,
    },
    problem::Problem,
};

/// Customer type by word; retail if none is given.
///
/// # Errors
/// `bad_value`.
pub fn kind(word: Option<&str>) -> Result<CustomerType, Problem> {
    let known: Vec<_> = CustomerType::ALL.iter().map(|kind| kind.word()).collect();
    word.map_or(Ok(CustomerType::Retail), |word| parse_word("/type", word, CustomerType::parse, &known))
}

fn wants(details: &CustomerDetails) -> Vec<Want> {
    let phones = details.phones.iter().enumerate().map(|(at, phone)| Want {
        key: claims::phone(phone.as_str()),
        code: "phone_taken",
        field: format!("/phones/{at}"),
    });
    let emails = details.emails.iter().enumerate().map(|(at, email)| Want {
        key: claims::email(email.as_str()),
        code: "email_taken",
        field: format!("/emails/{at}"),
    });
    phones.chain(emails).collect()
}

/// Claims phones and e-mail addresses and makes the customer. A retry with the same metadata answers the same.
///
/// # Errors
/// `phone_taken`, `email_taken`, and the customer's refusals.
pub async fn create<R: Serialize + DeserializeOwned + Send + 'static>(
    node: &Node,
    id: CustomerId,
    details: CustomerDetails,
    meta: Meta,
    view: impl FnOnce(&Customer, u64) -> R + Send + 'static,
) -> Result<Applied<R>, Problem> {
    let key = id.to_string();
    let known = node.read::<Customer, _>(&key, |_, _| ()).await.map_err(Problem::unavailable)?.is_some();
    let mut taken = Taken::new(node, &key, meta.clone());
    if !known {
        if let Some((field, fault)) = details.fault() {
            return Err(Problem::refused(&munshi_domain::customer::CustomerRefusal::Invalid { field, problem: fault }));
        }
        taken.take(&wants(&details)).await?;
    }
    let command = CustomerCommand::CreateCustomer(Box::new(details));
    finish(node.execute::<Customer, _>(&key, command, meta, view).await, taken, &[]).await
}

/// Changes what is known of a customer; new keys are claimed before, keys no longer used are given up after.
///
/// # Errors
/// As [`create`].
pub async fn update<R: Serialize + DeserializeOwned + Send + 'static>(
    node: &Node,
    id: CustomerId,
    before: &CustomerDetails,
    details: CustomerDetails,
    meta: Meta,
    view: impl FnOnce(&Customer, u64) -> R + Send + 'static,
) -> Result<Applied<R>, Problem> {
    let key = id.to_string();
    let mut taken = Taken::new(node, &key, meta.clone());
    let wanted = wants(&details);
    taken.take(&wanted).await?;
    let kept: BTreeSet<_> = wanted.iter().map(|want| want.key.as_str()).collect();
    let old = wants(before);
    let unused: Vec<_> = old.into_iter().map(|want| want.key).filter(|key| !kept.contains(key.as_str())).collect();
    let command = CustomerCommand::UpdateCustomer(Box::new(details));
    finish(node.execute::<Customer, _>(&key, command, meta, view).await, taken, &unused).await
}

async fn finish<R, E: munshi_domain::Refused>(
    outcome: Result<Applied<R>, munshi_actors::node::Failure<E>>,
    mut taken: Taken,
    unused: &[String],
) -> Result<Applied<R>, Problem> {
    match outcome {
        Ok(applied) => {
            // A replayed change may be older than what the customer has now: keys stay.
            if !applied.replayed {
                for key in unused {
                    taken.drop_key(key).await;
                }
            }
            Ok(applied)
        }
        Err(failure) => {
            let problem = outcome::problem(failure);
            if !problem.status.is_server_error() {
                taken.give_back().await;
            }
            Err(problem)
        }
    }
}

/// The customer of a new order: an existing one, or one found by phone or made.
///
/// # Errors
/// `unknown_customer`, `customer_blocked`, `bad_value`, and those of [`create`].
pub async fn for_order(
    call: &Call,
    id: Option<&str>,
    inline: Option<InlineCustomer>,
) -> Result<CustomerSnapshot, Problem> {
    match (id, inline) {
        (Some(_), Some(_)) => Err(Problem::bad_value("/customer", "give either customer_id or customer, not both")),
        (None, None) => Err(Problem::new("missing_field", "give customer_id or customer").at("/customer_id")),
        (Some(text), None) => existing(call.app.node(), text).await,
        (None, Some(inline)) => inline_customer(call, inline).await,
    }
}

/// The customer an order names by id, if orders of it are taken.
///
/// # Errors
/// `bad_value`, and those of [`may_order`].
pub async fn existing(node: &Node, id: &str) -> Result<CustomerSnapshot, Problem> {
    let id = CustomerId::parse(id).map_err(|error| Problem::bad_value("/customer_id", error))?;
    may_order(node, id).await
}

async fn inline_customer(call: &Call, given: InlineCustomer) -> Result<CustomerSnapshot, Problem> {
    let node = call.app.node();
    let phone: Phone = parse_phone("/customer/phone", &given.phone)?;
    let email: Option<Email> = given
        .email
        .as_deref()
        .filter(|text| !text.trim().is_empty())
        .map(|text| parse_email("/customer/email", text))
        .transpose()?;
    let kind = kind(given.kind.as_deref()).map_err(|problem| problem.at("/customer/type"))?;
    let fresh = CustomerId::from_u128(super::super::api::call::id_from(&format!("{}/customer", call.command_id()?)));
    let owner = claims::owner(node, &claims::phone(phone.as_str())).await?;
    if let Some(known) = owner.as_deref().and_then(|owner| CustomerId::parse(owner).ok())
        && known != fresh
    {
        return may_order(node, known).await;
    }
    // An e-mail address that belongs to somebody else does not stop an order: it is kept on no account.
    let email_owner = match &email {
        Some(email) => claims::owner(node, &claims::email(email.as_str())).await?,
        None => None,
    };
    let free = email_owner.is_none_or(|owner| owner == fresh.to_string());
    let details = CustomerDetails {
        name: given.name.trim().to_owned(),
        phones: vec![phone.clone()],
        emails: email.filter(|_| free).into_iter().collect(),
        kind,
        tier: String::new(),
        addresses: vec![],
        tags: vec![],
        language: String::new(),
        credit: None,
    };
    let made = create(node, fresh, details, call.step("customer")?, |_, _| ()).await;
    match made {
        Ok(_) => may_order(node, fresh).await,
        // Two orders of a new customer at the same time: the other one made the account.
        Err(problem) if problem.code == "phone_taken" => {
            let owner = claims::owner(node, &claims::phone(phone.as_str())).await?;
            match owner.and_then(|owner| CustomerId::parse(&owner).ok()) {
                Some(known) => may_order(node, known).await,
                None => Err(problem),
            }
        }
        Err(problem) => Err(match problem.field.as_deref() {
            Some(field) => {
                let field = format!("/customer{field}");
                problem.at(field)
            }
            None => problem,
        }),
    }
}

/// The customer as an order keeps it, if orders of it are taken (VAL-06).
///
/// # Errors
/// `unknown_customer`, `customer_blocked`.
pub async fn may_order(node: &Node, id: CustomerId) -> Result<CustomerSnapshot, Problem> {
    let view = move |customer: &Customer, _: u64| {
        let details = customer.details.as_deref()?;
        let snapshot = CustomerSnapshot {
            id,
            name: details.name.clone(),
            phone: details.phones.first().map(ToString::to_string),
            email: details.emails.first().map(ToString::to_string),
            kind: details.kind,
            tier: details.tier.clone(),
        };
        Some((customer.state, snapshot))
    };
    let unknown = || Problem::new("unknown_customer", "there is no such customer").at("/customer_id");
    let read = node.read::<Customer, _>(&id.to_string(), view).await.map_err(Problem::unavailable)?.flatten();
    match read.ok_or_else(unknown)? {
        (AccountState::Active, snapshot) => Ok(snapshot),
        (AccountState::Blocked, _) => {
            let blocked = munshi_domain::customer::CustomerRefusal::Blocked;
            Err(Problem::refused(&blocked).at("/customer_id"))
        }
        _ => Err(unknown()),
    }
}
