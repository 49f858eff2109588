//! Which establishment a local administrator works on: the same rule on every page and route.

use people::Uai;
use store::params;

use crate::{Exchange, Problem};

impl Exchange<'_> {
    /// The establishment that is administered here: the one `asked` for, else the viewer's own, else her first.
    ///
    /// # Errors
    /// 404 for one that she does not administer, which is nothing she may know of.
    pub fn administered(&self, asked: &str) -> Result<Uai, Problem> {
        let viewer = self.viewer()?;
        let default = if viewer.administers(&viewer.uai) { Some(&viewer.uai) } else { viewer.administers.first() };
        let uai = if asked.is_empty() { default.map_or("", String::as_str) } else { asked };
        if !viewer.administers(uai) {
            return Err(Problem::not_found());
        }
        uai.parse().map_err(|_| Problem::not_found())
    }

    /// UAI and name of all that she administers, by name: for the choice among them.
    ///
    /// # Errors
    /// 503 when the database cannot be used.
    pub fn all_administered(&self) -> Result<Vec<(String, String)>, Problem> {
        let rows = self.db().execute(
            "SELECT e.uai, e.name FROM local_admin a JOIN establishment e ON e.uai = a.uai WHERE a.person_id = ?1 ORDER BY e.name",
            params![&self.viewer()?.id],
        )?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
    }

    /// The time that is read in an establishment, which may be another than the viewer's own ([`crate::Viewer::zone`]).
    ///
    /// # Errors
    /// 503 when the database cannot be used.
    pub fn zone_of(&self, uai: &str) -> Result<clock::Zone, Problem> {
        let row = self.db().first("SELECT timezone FROM establishment WHERE uai = ?1", params![uai])?;
        Ok(clock::Zone::named(row.as_ref().map(|row| row.text(0)).transpose()?.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Capability, Exchange, Problem, Response, Route, testing::Site};

    const CAPABILITY: Capability = Capability::new("schools", "Établissements", "/schools", 90);
    const ROUTES: &[Route] = &[Route::get("/schools", school)];
    const SOPHIE: &str = "01J0000000000000000000S0PH";

    fn school(exchange: &Exchange<'_>) -> Result<Response, Problem> {
        let uai = exchange.administered(&exchange.query_value("uai"))?;
        Response::json(&(uai.as_str(), exchange.all_administered()?))
    }

    #[test]
    fn one_works_on_what_one_administers_and_on_nothing_else() {
        let site = Site::new(&CAPABILITY, ROUTES);
        for (uai, name) in [("0310001A", "Bellevue"), ("0310002B", "Aragon"), ("0310003C", "Jean-Jaurès")] {
            site.add_establishment(uai, name);
        }
        site.add_person(SOPHIE, "0310001A", "staff", "Sophie", "Le Goff");
        let administer = |uai: &str| {
            site.database()
                .batch(&format!("INSERT INTO local_admin (person_id, uai) VALUES ('{SOPHIE}', '{uai}')"))
                .unwrap();
        };
        let sophie = site.sign_in(SOPHIE);
        assert_eq!(sophie.get("/schools").status(), 404);
        administer("0310002B");
        assert_eq!(sophie.get("/schools").text(), r#"["0310002B",[["0310002B","Aragon"]]]"#);
        administer("0310001A");
        assert_eq!(sophie.get("/schools").text(), r#"["0310001A",[["0310002B","Aragon"],["0310001A","Bellevue"]]]"#);
        assert!(sophie.get("/schools?uai=0310002B").text().starts_with(r#"["0310002B""#));
        for other in ["0310003C", "x", "0310002b"] {
            assert_eq!(sophie.get(&format!("/schools?uai={other}")).status(), 404, "{other}");
        }
    }
}
