//! Who is behind a number or mail address, and how a customer is reached.

use munshi_actors::node::Node;
use munshi_domain::{
    CustomerId,
    customer::Customer,
    notify::{Language, Recipient},
    phone::Contact,
    user::User,
};

use super::claims;
use crate::problem::Problem;

/// Names of the roles of the user with this contact, now; none for everybody else.
///
/// # Errors
/// `unavailable`.
pub async fn roles(node: &Node, contact: &Contact) -> Result<Vec<String>, Problem> {
    let key = match contact {
        Contact::Email(email) => claims::user_email(email.as_str()),
        Contact::Phone(phone) => claims::user_phone(phone.as_str()),
    };
    let Some(owner) = claims::owner(node, &key).await? else { return Ok(Vec::new()) };
    let user = node.snapshot::<User>(&owner).await.map_err(Problem::unavailable)?;
    let of = |user: &User| user.roles.iter().map(|role| role.name().to_owned()).collect();
    Ok(user.filter(|user| !user.disabled).map(|user| of(&user)).unwrap_or_default())
}

/// The language a customer's record names, if messages are written in it.
pub fn language(text: &str) -> Option<Language> {
    match text.split(['-', '_']).next().unwrap_or_default() {
        "en" => Some(Language::English),
        "ur" => Some(Language::Urdu),
        _ => None,
    }
}

/// How a customer is reached: the first number and the first mail address of the record.
pub fn of_customer(id: CustomerId, customer: &Customer) -> Recipient {
    let details = customer.details.as_deref();
    Recipient {
        name: details.map(|details| details.name.clone()).unwrap_or_default(),
        phone: details.and_then(|details| details.phones.first().cloned()),
        email: details.and_then(|details| details.emails.first().cloned()),
        customer: Some(id),
        user: None,
        language: details.and_then(|details| language(&details.language)),
    }
}
