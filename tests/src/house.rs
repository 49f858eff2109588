//! The whole bundle on the runner, in a folder of its own; or on another server that takes the manifest, such as Spin, when
//! `VAGUEMESTRE_SERVER` names its program (docs/SPIN.md).

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use store::File;

use crate::Caller;

/// Password of the demo people who have activated their account.
const PASSWORD: &str = "vaguemestre-demo";

/// How a house is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// People of the demo school; none: an empty database.
    pub people: Option<u32>,
    /// Application variables, as `name=value`.
    pub variables: Vec<String>,
    /// Only these components (`-c`); empty: all.
    pub components: Vec<String>,
    /// When the outbox is drained, what was scheduled is published and letters are carried on, in place of the manifest's
    /// schedules.
    pub schedule: Option<&'static str>,
    /// The most bytes of memory of an instance; none: the runner's own limit. Another server keeps its own.
    pub memory: Option<usize>,
    /// What the runner logs beside warnings, as in `VAGUEMESTRE_LOG`.
    pub log: &'static str,
}

impl Options {
    /// Only these components.
    #[must_use]
    pub fn with(components: &[&str]) -> Self {
        Self { components: components.iter().map(|id| (*id).to_owned()).collect(), ..Self::default() }
    }
}

/// A running house; ends with the value.
pub struct House {
    process: Option<Child>,
    folder: tempfile::TempDir,
    options: Options,
    url: String,
}

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

impl House {
    /// Starts a house.
    ///
    /// # Errors
    /// When the runner or the components are not built (run `scripts/test`), or it does not come up.
    pub fn start(options: Options) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let manifest = manifest(&options)?;
        std::fs::write(folder.path().join("spin.toml"), manifest)?;
        std::fs::create_dir_all(folder.path().join("data/mail"))?;
        std::os::unix::fs::symlink(repository().join("sql"), folder.path().join("sql"))?;
        let mut house = Self { process: None, folder, options, url: String::new() };
        match house.options.people {
            Some(people) => house.run(&["demo", "--state-dir", "data", "--people", &people.to_string()])?,
            None => house.run(&["migrate", "--state-dir", "data"])?,
        };
        house.up()?;
        Ok(house)
    }

    /// Starts the runner (again, after [`Self::kill`]).
    ///
    /// # Errors
    /// When it does not come up.
    pub fn up(&mut self) -> Result<()> {
        let other = std::env::var_os("VAGUEMESTRE_SERVER");
        let mut command = match &other {
            Some(program) => self.command(program),
            None => self.runner()?,
        };
        // The runner names its options as Spin does.
        let listen = format!("127.0.0.1:{}", free_port()?);
        command.args(["up", "--listen", &listen, "--state-dir", "data", "--direct-mounts", "--allow-transient-write"]);
        if other.is_none() {
            command.arg("--cache-dir").arg(repository().join("target/component-cache"));
            command.env("VAGUEMESTRE_LOG", format!("warn,host=info,{}", self.options.log));
        }
        for variable in &self.options.variables {
            command.args(["--variable", variable]);
        }
        if let Some(memory) = self.options.memory.filter(|_| other.is_none()) {
            command.args(["--max-instance-memory", &memory.to_string()]);
        }
        for component in &self.options.components {
            command.args(["-c", component]);
        }
        let log = std::fs::File::options().create(true).append(true).open(self.log_path())?;
        // A group of its own: Spin starts a process for each kind of trigger.
        let mut process = command.process_group(0).stdout(Stdio::piped()).stderr(log).spawn()?;
        let output = process.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("Serving ")?.1.trim().to_owned()));
        self.process = Some(process);
        // Whoever stops reading a pipe stops its writer in the end.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(url) = url else { bail!("the server did not come up:\n{}", self.log()) };
        self.url = url.trim_end_matches('/').to_owned();
        Ok(())
    }

    /// Ends the runner at once (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            signal("-KILL", &process);
            let _ = process.wait();
        }
    }

    /// Ends the runner as a service manager does (SIGTERM), and says whether it ended well.
    pub fn stop(&mut self) -> bool {
        let Some(mut process) = self.process.take() else { return false };
        signal("-TERM", &process);
        process.wait().is_ok_and(|status| status.success())
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder with the manifest and `data/`.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the runner wrote to its log so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// SQL statements that components ran so far, where [`COUNT_STATEMENTS`] is logged.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.log().matches("A statement is run.").count()
    }

    /// Process id of the runner.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// The database file, opened beside the runner: to look at what no API shows, and to let time pass.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn database(&self) -> Result<File> {
        Ok(File::open(&self.folder.path().join("data/sqlite_db.db"))?)
    }

    /// Somebody without a session.
    #[must_use]
    pub fn anonymous(&self) -> Caller {
        Caller::new(&self.url)
    }

    /// Somebody of the demo school, signed in.
    ///
    /// # Errors
    /// When the sign-in is refused.
    pub fn sign_in(&self, login: &str) -> Result<Caller> {
        Caller::new(&self.url).sign_in(login, PASSWORD)
    }

    /// Runs a subcommand of the runner in this house's folder.
    ///
    /// # Errors
    /// When it fails; with what it wrote.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.runner()?.args(arguments).output()?;
        if !output.status.success() {
            bail!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts a subcommand of the runner in this house's folder, unheard, for those who end it halfway.
    ///
    /// # Errors
    /// When it does not start.
    pub fn begin(&self, arguments: &[&str]) -> Result<Child> {
        Ok(self.runner()?.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    fn runner(&self) -> Result<Command> {
        let binary =
            std::env::var_os("VAGUEMESTRE").map_or_else(|| repository().join("target/release/vaguemestre"), Into::into);
        if !binary.exists() {
            bail!("{} is not built: run scripts/test, which builds it", binary.display());
        }
        Ok(self.command(binary.as_os_str()))
    }

    fn command(&self, program: &OsStr) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        command
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("runner.log")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Sends a signal to a process and all it started.
fn signal(name: &str, process: &Child) {
    let _ = Command::new("kill").arg(name).arg("--").arg(format!("-{}", process.id())).status();
}

/// A port that was free a moment ago: Spin does not tell which one it takes for port 0.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The manifest of the repository, its components by absolute path.
fn manifest(options: &Options) -> Result<String> {
    let root = repository();
    let text = std::fs::read_to_string(root.join("spin.toml"))?;
    let text = text.replace("source = \"target/", &format!("source = \"{}/target/", root.display()));
    let schedule = options.schedule.unwrap_or("*/10 * * * * *");
    let each_minute = options.schedule.unwrap_or("0 * * * * *");
    Ok(text
        .replace("\"*/10 * * * * *\"", &format!("\"{schedule}\""))
        .replace("\"0 * * * * *\"", &format!("\"{each_minute}\"")))
}

/// [`Options::log`] that [`House::statements`] needs; the embedded runner only.
pub const COUNT_STATEMENTS: &str = "host::sqlite=trace";
/// A schedule that does not come in the time of a test: midnight of a 29th of February.
pub const NEVER: &str = "0 0 0 29 2 *";
/// A schedule for those who wait.
pub const EACH_SECOND: &str = "* * * * * *";
