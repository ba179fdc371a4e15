//! Users who may sign in, for whoever tells them something.

use std::sync::Arc;

use munshi_actors::node::{Broken, Node};
use munshi_domain::{Kind, user::User};
use munshi_store::StoreError;

/// Users looked at for who is told.
const MAX_STAFF: usize = 1_000;

/// Every user who is not disabled.
///
/// # Errors
/// When one cannot be read now.
pub async fn active<E: From<StoreError> + From<Broken>>(node: &Node) -> Result<Vec<Arc<User>>, E> {
    let mut users = Vec::new();
    for entity in node.store().entities(Kind::User, None, MAX_STAFF).await? {
        let user = node.snapshot::<User>(&entity.id).await?;
        users.extend(user.filter(|user| !user.disabled));
    }
    Ok(users)
}
