//! `munshi`, the program. Everything is in the library; this picks the allocator and reports how it ended.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    munshi::cli::main()
}
