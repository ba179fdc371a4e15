//! The database server that the remote contract test starts, because no registry has an installable one.
//!
//! It is the vendor's server with the vendor's command line and nothing else: for example
//! `munshi-store-server start --bind 127.0.0.1:8000 --user root --pass secret memory`. Not for production: the
//! licence of the database allows embedding it, not selling it as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    surrealdb_server::init(surrealdb_server::core::CommunityComposer())
}
