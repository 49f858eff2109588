//! `vaguemestre`: the command line. Each subcommand is a module of the library; this file only picks one.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use host::commands::demo::Demo;
use host::commands::import::Import;
use host::commands::migrate::Migrate;
use host::commands::up::Up;
use tracing_subscriber::EnvFilter;

/// Vaguemestre: messaging for schools.
#[derive(Debug, Parser)]
#[command(name = "vaguemestre", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the application.
    Up(Box<Up>),
    /// Makes the demo school.
    Demo(Demo),
    /// Brings people, classes and groups into the directory: AAF, ONDE, CSV.
    Import(Import),
    /// Brings the database's schema up to date.
    Migrate(Migrate),
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("VAGUEMESTRE_LOG").unwrap_or_else(|_| EnvFilter::new("warn,host=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    let outcome = match Cli::parse().command {
        Command::Up(up) => up.run(),
        Command::Demo(demo) => demo.run(),
        Command::Import(import) => import.run(),
        Command::Migrate(migrate) => migrate.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("vaguemestre: {e:#}");
            ExitCode::FAILURE
        }
    }
}
