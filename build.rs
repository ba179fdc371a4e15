//! Has a release built anew when the web build changed: its files become part of the program.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        // A path that is not there would count as changed every time. Where it cannot be made there is nothing to embed.
        let _ = std::fs::create_dir_all("web/dist");
        println!("cargo::rerun-if-changed=web/dist");
    }
}
