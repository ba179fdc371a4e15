//! Unique keys: phone, e-mail, barcode. A key belongs to the aggregate `Claim`, which decides who has it.
//!
//! Claim commands are idempotent by nature and carry fresh ids: after a compensated attempt, the stored answer of an
//! earlier "taken" would be a lie.

use munshi_actors::{
    Class,
    node::{Failure, Meta, Node},
};
use munshi_domain::claim::{Claim, ClaimCommand};

use crate::{api::outcome, auth::token, problem::Problem};

/// Key of a user's sign-in address.
pub fn user_email(email: &str) -> String {
    format!("user-email:{email}")
}

/// Key of a user's number.
pub fn user_phone(number: &str) -> String {
    format!("user-phone:{number}")
}

/// Key of a customer's phone.
pub fn phone(number: &str) -> String {
    format!("phone:{number}")
}

/// Key of a customer's e-mail address.
pub fn email(address: &str) -> String {
    format!("email:{address}")
}

/// Key of a product's barcode.
pub fn barcode(code: &str) -> String {
    format!("barcode:{code}")
}

/// A key wanted: its name, and how a clash reads.
#[derive(Clone, Debug)]
pub struct Want {
    /// The claim's id.
    pub key: String,
    /// Code of the problem when another has it.
    pub code: &'static str,
    /// JSON pointer of the field.
    pub field: String,
}

/// Keys taken for one owner, to be given back if what they are for is refused.
#[derive(Debug)]
pub struct Taken {
    node: Node,
    owner: String,
    by: Meta,
    keys: Vec<String>,
}

impl Taken {
    /// Nothing taken yet. `by` names who is behind it; its command id is not used.
    pub fn new(node: &Node, owner: impl Into<String>, by: Meta) -> Self {
        Self { node: node.clone(), owner: owner.into(), by, keys: Vec::new() }
    }

    /// Takes every key, or none.
    ///
    /// # Errors
    /// The code of the first key another has.
    pub async fn take(&mut self, wants: &[Want]) -> Result<(), Problem> {
        for want in wants {
            let before = owner(&self.node, &want.key).await?;
            if before.as_deref() == Some(&self.owner) {
                continue;
            }
            let command = ClaimCommand::TakeClaim { owner: self.owner.clone() };
            match self.node.execute::<Claim, _>(&want.key, command, self.meta(), |_, _| ()).await {
                Ok(_) => self.keys.push(want.key.clone()),
                Err(Failure::Refused(refusal)) => {
                    self.give_back().await;
                    return Err(Problem::new(want.code, refusal.to_string()).at(want.field.clone()));
                }
                Err(failure) => {
                    self.give_back().await;
                    return Err(outcome::problem(failure));
                }
            }
        }
        Ok(())
    }

    /// Gives back what this took, however busy the node is. A failure leaves a key with an owner that has no use for it; it is logged.
    pub async fn give_back(&mut self) {
        for key in std::mem::take(&mut self.keys) {
            self.drop_key(&key).await;
        }
    }

    /// Gives up a key the owner had before.
    pub async fn drop_key(&self, key: &str) {
        let command = ClaimCommand::DropClaim { owner: self.owner.clone() };
        // Undoing is not new work: shed under load, it would leave the key with somebody who has no use for it.
        let meta = self.meta().class(Class::Internal);
        if let Err(failure) = self.node.execute::<Claim, _>(key, command, meta, |_, _| ()).await {
            let problem = outcome::problem(failure);
            tracing::warn!(code = problem.code, "a unique key could not be given back");
        }
    }

    fn meta(&self) -> Meta {
        let mut meta = self.by.clone();
        meta.cmd = format!("claim:{}", token::hex_of(&token::random::<16>())).into();
        meta.request = None;
        meta.expected = None;
        meta
    }
}

/// Who has a key.
///
/// # Errors
/// `unavailable`.
pub async fn owner(node: &Node, key: &str) -> Result<Option<String>, Problem> {
    let owner = node.read::<Claim, _>(key, |claim, _| claim.owner.clone()).await;
    Ok(owner.map_err(Problem::unavailable)?.flatten())
}
