//! `munshi`, the program. Everything is in the library; this picks the allocator and reports how it ended.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    munshi::cli::main()
}
