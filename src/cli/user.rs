//! `munshi user`: users without a server, such as the first administrator.

use std::io::BufRead;

use clap::Subcommand;
use munshi_actors::node::{Meta, Node, describe};
use munshi_domain::{
    Kind, UserId,
    phone::Email,
    user::{SecretHash, User, UserCommand},
};

use super::{Stop, on_node, open::Data};
use crate::{
    auth::{password, token},
    config::Config,
    services::{
        claims,
        user::{self, NewUser},
    },
};

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a user. The password is read from standard input unless --generate is given.
    Add {
        /// Sign-in address.
        #[arg(long)]
        email: String,
        /// Name as shown.
        #[arg(long)]
        name: String,
        /// Role; may be given several times.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Make up a password and print it.
        #[arg(long)]
        generate: bool,
    },
    /// List users.
    List,
    /// Set another password, read from standard input unless --generate is given.
    Passwd {
        /// Sign-in address.
        #[arg(long)]
        email: String,
        /// Make up a password and print it.
        #[arg(long)]
        generate: bool,
    },
    /// Bar a user from signing in.
    Disable {
        /// Sign-in address.
        #[arg(long)]
        email: String,
    },
}

/// Runs a user verb.
pub async fn run(config: Config, verb: Verb) -> Result<(), Stop> {
    let data = if matches!(verb, Verb::Add { .. }) { Data::New } else { Data::Existing };
    on_node(&config, data, async |node| act(&node, verb).await).await
}

async fn act(node: &Node, verb: Verb) -> Result<(), Stop> {
    match verb {
        Verb::Add { email, name, roles, generate } => add(node, email, name, &roles, generate).await,
        Verb::List => list(node).await,
        Verb::Passwd { email, generate } => {
            let id = find(node, &email).await?;
            let password_hash = SecretHash::new(password::hash_now(&ask(generate)?).map_err(Stop::Failed)?);
            change(node, id, UserCommand::ChangePassword { password_hash, keep: None }).await
        }
        Verb::Disable { email } => {
            let id = find(node, &email).await?;
            change(node, id, UserCommand::DisableUser).await
        }
    }
}

async fn add(node: &Node, email: String, name: String, roles: &[String], generate: bool) -> Result<(), Stop> {
    let roles = user::roles(roles).map_err(|problem| Stop::Usage(text(&problem)))?;
    let password_hash = SecretHash::new(password::hash_now(&ask(generate)?).map_err(Stop::Failed)?);
    let id = UserId::from_u128(u128::from_be_bytes(token::random()));
    let new = NewUser { id, email, name, roles, password_hash };
    let meta = Meta::system("munshi user", format!("user-add:{id}"));
    user::create(node, new, meta, |_, _| ()).await.map_err(|problem| Stop::Failed(text(&problem)))?;
    println!("{id}");
    Ok(())
}

fn text(problem: &crate::problem::Problem) -> String {
    let fix = problem.fix.as_deref().map(|fix| format!("; {fix}")).unwrap_or_default();
    format!("{} ({}){fix}", problem.detail, problem.code)
}

/// A password from standard input, or a made-up one, which is printed.
fn ask(generate: bool) -> Result<String, Stop> {
    let password = if generate {
        let made = token::hex_of(&token::random::<10>());
        println!("password: {made}");
        made
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\n', '\r']).to_owned()
    };
    password::check(&password).map_err(|problem| Stop::Usage(text(&problem)))?;
    Ok(password)
}

async fn find(node: &Node, email: &str) -> Result<UserId, Stop> {
    let email = Email::parse(email)?.to_string();
    let owner =
        claims::owner(node, &claims::user_email(&email)).await.map_err(|problem| Stop::Failed(text(&problem)))?;
    let id = owner.as_deref().and_then(|owner| UserId::parse(owner).ok());
    id.ok_or_else(|| Stop::Failed(format!("there is no user {email}")))
}

async fn change(node: &Node, id: UserId, command: UserCommand) -> Result<(), Stop> {
    let meta = Meta::system("munshi user", format!("user:{}", token::hex_of(&token::random::<16>())));
    let changed = node.execute::<User, _>(&id.to_string(), command, meta, |_, _| ()).await;
    changed.map(|_| ()).map_err(|failure| Stop::Failed(describe(&failure)))
}

async fn list(node: &Node) -> Result<(), Stop> {
    let mut after: Option<String> = None;
    loop {
        let page = node.store().entities(Kind::User, after.as_deref(), 200).await?;
        for entity in &page {
            let user = node.snapshot::<User>(&entity.id).await?;
            let Some(user) = user.filter(|user| user.exists()) else { continue };
            let roles: Vec<_> = user.roles.iter().map(|role| role.name()).collect();
            let state = if user.disabled { "disabled" } else { "active" };
            println!("{}\t{}\t{}\t{}\t{state}", entity.id, user.email, user.name, roles.join(","));
        }
        match page.last() {
            Some(last) if page.len() == 200 => after = Some(last.id.to_string()),
            _ => return Ok(()),
        }
    }
}
