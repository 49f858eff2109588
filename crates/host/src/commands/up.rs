//! `vaguemestre up`: serves an application. Options are named as Spin's where Spin has them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::{memory, serve};

/// Options of `up`.
#[derive(Debug, Args)]
pub struct Up {
    /// The manifest, or its folder.
    #[arg(short = 'f', long = "from", alias = "file", default_value = "spin.toml")]
    pub from: PathBuf,
    /// Address and port to listen on; port 0 takes any free one.
    #[arg(long, env = "SPIN_HTTP_LISTEN_ADDR", default_value = "127.0.0.1:3000", value_parser = listen)]
    pub listen: SocketAddr,
    /// Runs only this component; may be given several times.
    #[arg(short = 'c', long = "component-id", value_name = "ID")]
    pub components: Vec<String>,
    /// A variable: NAME=VALUE, NAME=@FILE, or @FILE.json / @FILE.toml for several.
    #[arg(long = "variable", value_name = "NAME=VALUE")]
    pub variables: Vec<String>,
    /// An environment variable for all components: NAME=VALUE.
    #[arg(short = 'e', long = "env", value_name = "NAME=VALUE", value_parser = pair)]
    pub environment: Vec<(String, String)>,
    /// Where databases and stores are.
    #[arg(long, env = "RUNTIME_CONFIG_FILE")]
    pub runtime_config_file: Option<PathBuf>,
    /// The folder of the data; `.spin` beside the manifest by default.
    #[arg(long)]
    pub state_dir: Option<PathBuf>,
    /// SQL to run on the default database at start, or @FILE; may be given several times.
    #[arg(long = "sqlite", value_name = "SQL")]
    pub sqlite: Vec<String>,
    /// Mounts folders as they are even when components may write to them.
    #[arg(long)]
    pub direct_mounts: bool,
    /// Lets components write to a copy of the folders they see, thrown away at the end.
    #[arg(long)]
    pub allow_transient_write: bool,
    /// The folder of compiled code; `vaguemestre` in the user's cache folder by default.
    #[arg(long)]
    pub cache_dir: Option<PathBuf>,
    /// Keeps no compiled code.
    #[arg(long)]
    pub disable_cache: bool,
    /// Drops what components print, and the runner's own progress.
    #[arg(short = 'q', long)]
    pub quiet: bool,
    /// Limits.
    #[command(flatten)]
    pub limits: LimitOptions,
}

/// Limits, all with defaults fit for a school.
#[derive(Debug, Args)]
pub struct LimitOptions {
    /// Requests an instance serves in its life.
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_instance_reuse_count: u32,
    /// Requests an instance serves at once; more than one lets a slow query hold up its neighbours.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_instance_concurrent_reuse_count: u32,
    /// How long an idle instance is kept, as 1s or 500ms.
    #[arg(long, default_value = "1s", value_parser = duration)]
    pub idle_instance_timeout: Duration,
    /// How long a request may take until its response starts.
    #[arg(long, default_value = "30s", value_parser = duration)]
    pub request_timeout: Duration,
    /// How long an instance may go on after a response started.
    #[arg(long, default_value = "300s", value_parser = duration)]
    pub stream_timeout: Duration,
    /// How long a scheduled call may take.
    #[arg(long, default_value = "55s", value_parser = duration)]
    pub cron_timeout: Duration,
    /// How long requests may finish after the server was asked to stop.
    #[arg(long, default_value = "10s", value_parser = duration)]
    pub shutdown_timeout: Duration,
    /// The most bytes of a request's body.
    #[arg(long, default_value_t = 32 << 20)]
    pub max_request_body: u64,
    /// The most bytes of an instance's memory.
    #[arg(long, default_value_t = 256 << 20)]
    pub max_instance_memory: usize,
    /// How many requests are inside at once; the others wait.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub max_concurrent_requests: u32,
}

impl Up {
    /// Runs it until the process is asked to stop.
    ///
    /// # Errors
    /// When the application cannot be served.
    pub fn run(self) -> anyhow::Result<()> {
        memory::settle();
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve::serve(self))
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    use std::net::ToSocketAddrs as _;
    let found = text.to_socket_addrs().map_err(|e| format!("write ADDRESS:PORT, such as 127.0.0.1:3000 ({e})"))?;
    // `localhost` may be both ::1 and 127.0.0.1; the latter is what people mean.
    let all: Vec<SocketAddr> = found.collect();
    all.iter().find(|a| a.is_ipv4()).or(all.first()).copied().ok_or_else(|| "no such address".into())
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())).ok_or_else(|| "write NAME=VALUE".into())
}

/// Reads a time as Spin does: seconds when there is no suffix.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text.get(digits.len()..).unwrap_or_default();
    let number: u64 = digits.parse().map_err(|_| "write a time such as 30s or 500ms".to_owned())?;
    match unit {
        "" | "s" => Ok(Duration::from_secs(number)),
        "ms" => Ok(Duration::from_millis(number)),
        "us" | "μs" => Ok(Duration::from_micros(number)),
        "ns" => Ok(Duration::from_nanos(number)),
        _ => Err("write a time such as 30s or 500ms".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_spin_reads_them() {
        assert_eq!(duration("30"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("1s"), Ok(Duration::from_secs(1)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert!(duration("1h").is_err());
        assert!(duration("s").is_err());
    }

    #[test]
    fn addresses_are_numbers_or_names() {
        assert_eq!(listen("127.0.0.1:0").unwrap(), "127.0.0.1:0".parse().unwrap());
        assert!(listen("nonsense").is_err());
    }
}
