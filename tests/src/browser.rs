//! Headless Chromium through ChromeDriver (W3C WebDriver): pages as people see them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// The member that holds an element's id (W3C WebDriver §12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long a page may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(15);

/// A browser with an empty profile; ends with the value.
pub struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Whether Chromium and ChromeDriver are installed.
    #[must_use]
    pub fn installed() -> bool {
        Path::new("/usr/bin/chromium").exists() && Path::new("/usr/bin/chromedriver").exists()
    }

    /// Starts a browser with a window of this size, in CSS pixels.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut driver = Command::new("/usr/bin/chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(driver.stdout.take().context("no output")?).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.context("chromedriver names no port")?;
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut browser =
            Self { driver, agent, session: format!("http://127.0.0.1:{port}/session"), _profile: profile };
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--lang=fr".to_owned(),
            format!("--window-size={width},{height}"),
            format!("--user-data-dir={}", browser._profile.path().display()),
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let answer = browser.call("POST", "", &wanted)?;
        let id = answer["sessionId"].as_str().context("no session")?.to_owned();
        browser.session = format!("{}/{id}", browser.session);
        Ok(browser)
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When the driver says no.
    pub fn open(&self, url: &str) -> Result<()> {
        self.call("POST", "/url", &json!({"url": url})).map(drop)
    }

    /// Where it is.
    ///
    /// # Errors
    /// When the driver says no.
    pub fn url(&self) -> Result<String> {
        Ok(self.call("GET", "/url", &Value::Null)?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for an element by CSS selector, and gives its id.
    ///
    /// # Errors
    /// When it does not come.
    pub fn find(&self, selector: &str) -> Result<String> {
        let until = Instant::now() + PATIENCE;
        loop {
            let found = self.call("POST", "/element", &json!({"using": "css selector", "value": selector}));
            match found {
                Ok(value) => return Ok(value[ELEMENT].as_str().context("no element id")?.to_owned()),
                Err(error) if Instant::now() > until => {
                    bail!("{selector} did not come: {error}\n{}", self.text("body").unwrap_or_default())
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Clicks.
    ///
    /// # Errors
    /// When it is not there, or something covers it.
    pub fn click(&self, selector: &str) -> Result<()> {
        let element = self.find(selector)?;
        self.call("POST", &format!("/element/{element}/click"), &json!({})).map(drop)
    }

    /// Types into a field, after what is in it.
    ///
    /// # Errors
    /// When it is not there.
    pub fn write(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.find(selector)?;
        self.call("POST", &format!("/element/{element}/value"), &json!({"text": text})).map(drop)
    }

    /// The text of an element as shown.
    ///
    /// # Errors
    /// When it is not there.
    pub fn text(&self, selector: &str) -> Result<String> {
        let found = self.call("POST", "/element", &json!({"using": "css selector", "value": selector}))?;
        let element = found[ELEMENT].as_str().context("no element id")?;
        Ok(self.call("GET", &format!("/element/{element}/text"), &Value::Null)?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page contains a text.
    ///
    /// # Errors
    /// When it does not come; with the text of the page.
    pub fn wait_for(&self, text: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let page = self.text("body").unwrap_or_default();
            if page.contains(text) {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("« {text} » did not come at {}:\n{page}", self.url()?);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs a script, and gives what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.call("POST", "/execute/sync", &json!({"script": script, "args": []}))
    }

    /// What the page complained of in its console (errors, refused scripts), if anything.
    ///
    /// # Errors
    /// When the driver says no.
    pub fn complaints(&self) -> Result<Vec<String>> {
        let log = self.call("POST", "/se/log", &json!({"type": "browser"}))?;
        let severe = |entry: &&Value| entry["level"] == "SEVERE";
        Ok(log.as_array().into_iter().flatten().filter(severe).map(|entry| entry["message"].to_string()).collect())
    }

    /// A picture of the window as PNG in base64, for those who want to look.
    ///
    /// # Errors
    /// When the driver says no.
    pub fn screenshot(&self) -> Result<String> {
        Ok(self.call("GET", "/screenshot", &Value::Null)?.as_str().unwrap_or_default().to_owned())
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        // The HTTP client refuses a body with these two.
        let bytes = if matches!(method, "GET" | "DELETE") { Vec::new() } else { serde_json::to_vec(body)? };
        let request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.session)).body(bytes)?;
        let mut response = self.agent.run(request)?;
        let answer: Value = response.body_mut().read_json()?;
        if response.status().is_success() {
            Ok(answer["value"].clone())
        } else {
            bail!("{path}: {}", answer["value"]["message"])
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.call("DELETE", "", &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
