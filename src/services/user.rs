//! Making a user: the sign-in address is claimed first.

use munshi_actors::node::{Applied, Meta, Node};
use munshi_domain::{
    UserId,
    phone::Email,
    user::{Role, SecretHash, User, UserCommand},
};

use super::claims::{self, Taken, Want};
use crate::{api::outcome, problem::Problem};

/// A user to make.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Sign-in address.
    pub email: String,
    /// Name as shown.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// PHC string.
    pub password_hash: SecretHash,
}

/// Roles by name.
///
/// # Errors
/// `bad_value` naming the one that does not exist.
pub fn roles(names: &[String]) -> Result<Vec<Role>, Problem> {
    let parse = |(at, name): (usize, &String)| {
        Role::parse(name).ok_or_else(|| {
            let known: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
            Problem::bad_value(format!("/roles/{at}"), format_args!("there is no role {name:?}"))
                .fix(format!("give one of {}", known.join(", ")))
        })
    };
    names.iter().enumerate().map(parse).collect()
}

/// Claims the address and makes the user. A retry with the same metadata answers the same.
///
/// # Errors
/// `email_taken`, `bad_value`, and the user's refusals.
pub async fn create<R: serde::Serialize + serde::de::DeserializeOwned + Send + 'static>(
    node: &Node,
    new: NewUser,
    meta: Meta,
    view: impl FnOnce(&User, u64) -> R + Send + 'static,
) -> Result<Applied<R>, Problem> {
    let email = Email::parse(&new.email).map_err(|error| Problem::bad_value("/email", error))?.to_string();
    let id = new.id.to_string();
    let known = node.read::<User, _>(&id, |_, _| ()).await.map_err(Problem::unavailable)?.is_some();
    let mut taken = Taken::new(node, &id, meta.clone());
    if !known {
        let want = Want { key: claims::user_email(&email), code: "email_taken", field: "/email".into() };
        taken.take(&[want]).await?;
    }
    let NewUser { id: user, name, roles, password_hash, .. } = new;
    let command = UserCommand::CreateUser { id: user, email, name, roles, password_hash };
    match node.execute::<User, _>(&id, command, meta, view).await {
        Ok(applied) => Ok(applied),
        Err(failure) => {
            let problem = outcome::problem(failure);
            if !problem.status.is_server_error() {
                taken.give_back().await;
            }
            Err(problem)
        }
    }
}

/// Carries one command out; a number is claimed before, and the one before given up after.
///
/// # Errors
/// `phone_taken`, and the user's refusals.
pub async fn apply<R: serde::Serialize + serde::de::DeserializeOwned + Send + 'static>(
    node: &Node,
    id: &str,
    command: UserCommand,
    meta: Meta,
    view: impl FnOnce(&User, u64) -> R + Send + 'static,
) -> Result<Applied<R>, Problem> {
    let UserCommand::SetPhone { phone } = &command else {
        return node.execute::<User, _>(id, command, meta, view).await.map_err(outcome::problem);
    };
    let before = node.read::<User, _>(id, |user, _| user.phone.clone()).await.map_err(Problem::unavailable)?.flatten();
    let before = before.filter(|before| Some(before) != phone.as_ref());
    let mut taken = Taken::new(node, id, meta.clone());
    if let Some(phone) = phone {
        let key = claims::user_phone(phone.as_str());
        taken.take(&[Want { key, code: "phone_taken", field: "/phone".into() }]).await?;
    }
    match node.execute::<User, _>(id, command.clone(), meta, view).await {
        Ok(applied) => {
            if let Some(before) = before {
                taken.drop_key(&claims::user_phone(before.as_str())).await;
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
