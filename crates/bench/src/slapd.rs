//! The peer of the search of people: OpenLDAP's slapd (Debian) with the same people, on its usual backend with its usual
//! indexes. It neither judges who may see whom nor sorts: it is asked for the part of the school that the viewer may see.

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use store::{Database as _, File, params};

/// Where the entries are.
pub(crate) const BASE: &str = "ou=people,dc=ent,dc=example";

/// A running slapd; ends with the value.
pub(crate) struct Slapd {
    process: Child,
    _folder: tempfile::TempDir,
    pub(crate) address: String,
}

impl Drop for Slapd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The programs of the package `slapd`, where they are installed.
fn program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists())
}

impl Slapd {
    /// Loads the people of the database and starts; none, with the reason said, when there is no slapd here.
    pub(crate) fn start(people: &File) -> Result<Option<Self>> {
        let (Some(slapd), Some(slapadd)) = (program("slapd"), program("slapadd")) else {
            eprintln!("people-search: no peer, slapd is not installed (apt-get install slapd)");
            return Ok(None);
        };
        let folder = tempfile::tempdir()?;
        let configuration = folder.path().join("slapd.conf");
        std::fs::create_dir(folder.path().join("data"))?;
        std::fs::write(&configuration, configured(folder.path()))?;
        let ldif = folder.path().join("people.ldif");
        write(people, &ldif)?;
        let loaded = Command::new(slapadd).arg("-q").arg("-f").arg(&configuration).arg("-l").arg(&ldif).output()?;
        if !loaded.status.success() {
            bail!("slapadd: {}", String::from_utf8_lossy(&loaded.stderr));
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        // `-d 0` keeps it in the foreground, to be ended with the value.
        let process = Command::new(slapd)
            .args(["-d", "0", "-h", &format!("ldap://{address}"), "-f"])
            .arg(&configuration)
            .stderr(Stdio::null())
            .spawn()?;
        let slapd = Self { process, _folder: folder, address };
        let begun = Instant::now();
        while std::net::TcpStream::connect(&slapd.address).is_err() {
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("slapd did not come up");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Some(slapd))
    }
}

fn configured(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\ninclude /etc/ldap/schema/inetorgperson.schema\n\
         pidfile {folder}/slapd.pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\nsizelimit 500\n\
         database mdb\nsuffix \"dc=ent,dc=example\"\ndirectory {folder}/data\nmaxsize 2147483648\n\
         index objectClass eq\nindex cn,sn,givenName eq,sub\nindex uid,ou,employeeType,departmentNumber eq\n"
    )
}

/// One entry a person: names folded as ours, establishment (`ou`), profile (`employeeType`), classes (`departmentNumber`).
fn write(people: &File, ldif: &Path) -> Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(ldif)?);
    writeln!(out, "dn: dc=ent,dc=example\nobjectClass: dcObject\nobjectClass: organization\no: ENT\ndc: ent\n")?;
    writeln!(out, "dn: {BASE}\nobjectClass: organizationalUnit\nou: people\n")?;
    let rows = people.execute(
        "SELECT p.login, p.last_name, p.first_name, p.folded_name, p.uai, p.profile, p.function,
            (SELECT group_concat(c.id, ' ') FROM membership m JOIN person_group g ON g.id = m.group_id JOIN class c ON c.id = g.class_id
                WHERE m.person_id = p.id AND c.kind = 'class')
         FROM person p WHERE p.blocked_at IS NULL AND p.left_at IS NULL",
        params![],
    )?;
    let mut entry = String::new();
    for row in &rows {
        let text = |index| row.text(index).context("a column");
        entry.clear();
        let login = text(0)?;
        writeln!(
            entry,
            "dn: uid={login},{BASE}\nobjectClass: inetOrgPerson\nuid: {login}\nou: {}\nemployeeType: {}",
            text(4)?,
            text(5)?
        )?;
        let folded = |name: &str| people::fold(name);
        writeln!(entry, "cn: {}\nsn: {}\ngivenName: {}", text(3)?, folded(text(1)?), folded(text(2)?))?;
        if !text(6)?.is_empty() {
            writeln!(entry, "title:: {}", base64(text(6)?.as_bytes()))?;
        }
        for class in row.optional_text(7)?.unwrap_or_default().split(' ').filter(|class| !class.is_empty()) {
            writeln!(entry, "departmentNumber: {class}")?;
        }
        writeln!(out, "{entry}")?;
    }
    Ok(out.flush()?)
}

/// RFC 4648, for values that are not ASCII.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'=');
            text.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    text
}
