//! What the school of the leads makes known: news of its rubriques, flash messages, liaison notices (B-3, B-4, B-5). The
//! triggers judge them as everybody's. Their messages count as sent: the mailboxes have theirs already.
//!
//! In the texts `~` stands for a no-break space, as French puts before double punctuation.

use store::{Database, Value, params};
use ulid::Ulid;

use crate::Error;
use crate::leads::Leads;
use crate::rng::Rng;
use crate::rubriques;
use crate::school::School;

const DAY: i64 = 86_400_000;

struct News {
    /// From the clock on, in days; none: a draft.
    days: Option<i64>,
    expires: Option<i64>,
    /// Of the class, for its pupils and their parents; or of the head's office, for everybody.
    of_class: bool,
    title: &'static str,
    text: &'static str,
    acknowledge: bool,
    poll: Option<(&'static str, &'static [&'static str])>,
    comments: &'static [&'static str],
}

const NEWS: &[News] = &[
    News {
        days: Some(-9),
        expires: Some(30),
        of_class: false,
        title: "Collecte pour la banque alimentaire",
        text: "Les délégués organisent une collecte du 2 au 13 dans le hall. Conserves, pâtes, riz et produits d’hygiène sont les \
               bienvenus.\n\nLes cartons seront remis à l’association par les élèves de 3A. Merci à tous~!",
        acknowledge: false,
        poll: None,
        comments: &[
            "Bravo aux délégués~! Peut-on déposer aussi le matin, avant huit heures~?",
            "Oui, la loge garde les sacs.",
        ],
    },
    News {
        days: Some(-4),
        expires: Some(20),
        of_class: false,
        title: "Fête du collège~: choisissons la date",
        text: "La fête aura lieu en juin, un samedi. Dites-nous quelle date vous convient~; l’association des parents décidera avec \
               le collège.",
        acknowledge: false,
        poll: Some(("Quel samedi préférez-vous~?", &["Samedi 6 juin", "Samedi 13 juin", "Samedi 20 juin"])),
        comments: &[],
    },
    News {
        days: Some(-2),
        expires: None,
        of_class: true,
        title: "Exposition des 6A au CDI",
        text: "Les carnets de voyage des 6A sont exposés au CDI jusqu’aux vacances. Les familles sont invitées jeudi à 17~h~30~: les \
               élèves présenteront leurs dessins.",
        acknowledge: true,
        poll: None,
        comments: &["Nous viendrons, merci pour ce beau projet."],
    },
    News {
        days: Some(5),
        expires: Some(40),
        of_class: false,
        title: "Portes ouvertes~: le programme",
        text: "Visites guidées par les élèves, démonstrations au laboratoire, chorale à onze heures dans le préau.",
        acknowledge: false,
        poll: None,
        comments: &[],
    },
    News {
        days: None,
        expires: None,
        of_class: true,
        title: "Voyage à Carcassonne",
        text: "À compléter~: horaires du car, prix, fournitures.",
        acknowledge: false,
        poll: None,
        comments: &[],
    },
];

struct Maker<'a> {
    database: &'a dyn Database,
    school: &'a School,
    now: i64,
    rng: Rng,
}

pub(crate) fn write(database: &dyn Database, school: &School, leads: Leads, now: i64, rng: Rng) -> Result<(), Error> {
    let mut maker = Maker { database, school, now, rng };
    let (teacher, admin) = (maker.person(leads.teacher)?, maker.person(leads.admin)?);
    let (parent, mother) = (maker.person(leads.parent)?, maker.person(leads.mother)?);
    let class = school.classes.first().map_or("", |class| class.name.as_str());
    let (office, class) = (maker.rubrique(rubriques::HEAD_OFFICE)?, maker.rubrique(&format!("Classe de {class}"))?);
    for news in NEWS {
        let (rubrique, author) = if news.of_class { (&class, teacher) } else { (&office, admin) };
        maker.news(news, rubrique, author)?;
    }
    maker.flashes(admin)?;
    maker.notices(teacher, parent, mother)
}

fn spaced(text: &str) -> String {
    text.replace('~', "\u{a0}")
}

fn html(text: &str) -> String {
    text.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>")).collect()
}

impl<'a> Maker<'a> {
    fn person(&self, index: usize) -> Result<&'a str, Error> {
        let person = self.school.people.get(index).ok_or(Error::Contradiction("a lead who is not there"))?;
        Ok(person.id.as_str())
    }

    fn id(&mut self, at: i64) -> String {
        Ulid::from_parts(u64::try_from(at).unwrap_or(0), self.rng.bits()).to_string()
    }

    fn run(&self, statement: &str, parameters: &[Value]) -> Result<(), Error> {
        self.database.execute(statement, parameters)?;
        Ok(())
    }

    fn rubrique(&self, name: &str) -> Result<String, Error> {
        let row = self
            .database
            .first("SELECT id FROM rubrique WHERE uai = ?1 AND name = ?2", params![&self.school.uai, name])?;
        Ok(row.ok_or(Error::Contradiction("a rubrique that is not there"))?.text(0)?.to_owned())
    }

    fn news(&mut self, news: &News, rubrique: &str, author: &str) -> Result<(), Error> {
        let publish_at = news.days.map(|days| self.now + days * DAY);
        let written = self.now + news.days.unwrap_or(-1).min(0) * DAY - 3_600_000;
        let id = self.id(written);
        let text = spaced(news.text);
        let (question, choices) = news.poll.unwrap_or(("", &[]));
        self.run(
            "INSERT INTO news (id, rubrique_id, author_id, edited_by, title, body_html, body_text, audience, publish_at, expires_at,
                comments, acknowledge, question, choices, results_shown, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, CASE WHEN ?7 THEN (SELECT json_group_array(o.id) FROM population o
                    JOIN person_group g ON g.id = o.group_id AND g.profile IN ('student', 'relative') WHERE o.rubrique_id = ?2) END,
                ?8, ?9, 1, ?10, ?11, ?12, 1, ?13, ?13)",
            params![
                &id,
                rubrique,
                author,
                spaced(news.title),
                html(&text),
                text,
                news.of_class,
                publish_at,
                news.expires.map(|days| self.now + days * DAY),
                news.acknowledge,
                spaced(question),
                serde_json::json!(choices).to_string(),
                written
            ],
        )?;
        // Some parents have opened it, said so, answered; the leads have all before them.
        let parents = "SELECT m.person_id, row_number() OVER (ORDER BY m.person_id) AS n
            FROM news_audience o JOIN population_member m ON m.population_id = o.population_id
            JOIN person p ON p.id = m.person_id AND p.profile = 'relative' AND p.activated_at IS NOT NULL
                AND p.last_name NOT IN ('Benali', 'Haddad', 'Etcheverry')
            WHERE o.news_id = ?1 GROUP BY m.person_id LIMIT 24";
        let out = publish_at.is_some_and(|at| at <= self.now);
        if out {
            self.run(
                &format!(
                    "INSERT INTO news_reading (news_id, person_id, seen_at, acknowledged_at)
                        SELECT ?1, v.person_id, ?2 + v.n * 60000, CASE WHEN ?3 AND v.n % 2 THEN ?2 + v.n * 60000 END FROM ({parents}) v"
                ),
                params![&id, publish_at, news.acknowledge],
            )?;
        }
        if out && news.poll.is_some() {
            self.run(
                &format!(
                    "INSERT INTO news_vote (news_id, person_id, choice, at)
                        SELECT ?1, v.person_id, v.n * v.n % 3, ?2 + v.n * 60000 FROM ({parents}) v"
                ),
                params![&id, publish_at],
            )?;
        }
        for (number, comment) in (1..).zip(news.comments) {
            let at = written + number * 7_200_000;
            let comment_id = self.id(at);
            self.run(
                &format!(
                    "INSERT INTO news_comment (id, news_id, author_id, body, at)
                        SELECT ?2, ?1, CASE WHEN ?3 = 2 THEN ?4 ELSE v.person_id END, ?5, ?6 FROM ({parents}) v WHERE v.n = ?3"
                ),
                params![&id, comment_id, number, author, spaced(comment), at],
            )?;
        }
        Ok(())
    }

    fn flashes(&mut self, admin: &str) -> Result<(), Error> {
        let flashes = [
            (
                -40,
                2,
                "warning",
                "[\"student\",\"relative\"]",
                "Transports scolaires~: les cars de la ligne 12 ne circulent pas ce matin. Les élèves retardés seront accueillis en permanence.",
            ),
            (
                -1,
                12,
                "information",
                "[\"student\",\"relative\",\"teacher\"]",
                "Photos de classe mardi, de 9~h à 12~h, dans la cour d’honneur.",
            ),
        ];
        for (days, long, level, profiles, text) in flashes {
            let at = self.now + days * DAY;
            let id = self.id(at);
            self.run(
                "INSERT INTO flash (id, uai, author_id, text, level, profiles, starts_at, ends_at, notified_at, created_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, ?7)",
                params![id, &self.school.uai, admin, spaced(text), level, profiles, at, at + long * DAY],
            )?;
        }
        Ok(())
    }

    /// Two notices to 6A: one that Lina's mother confirmed, one that nobody of the leads has seen yet.
    fn notices(&mut self, teacher: &str, parent: &str, mother: &str) -> Result<(), Error> {
        let notices = [
            (
                -16,
                1,
                "Réunion parents-professeurs",
                "La réunion de la 6A aura lieu mardi à 18~h en salle~12. Merci de confirmer que vous avez lu cet avis.",
            ),
            (
                -3,
                2,
                "Sortie au musée des Augustins",
                "Jeudi, les 6A visitent le musée avec Mme~Lefèvre et M.~de La Villéon. Départ à 8~h~30, retour à 16~h~30. Prévoir un pique-nique et un vêtement de pluie.",
            ),
        ];
        let students = self.school.classes.first().and_then(|class| self.school.groups.get(class.students));
        let students = students.map_or("", |group| group.id.as_str());
        for (days, every, title, text) in notices {
            let at = self.now + days * DAY;
            let (id, text) = (self.id(at), spaced(text));
            self.run(
                "INSERT INTO liaison (id, uai, author_id, title, body_html, body_text, groups, pupils, remind_days, notified_at, created_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, json_array(?7), '[]', 7, ?8, ?8)",
                params![&id, &self.school.uai, teacher, spaced(title), html(&text), text, students, at],
            )?;
            self.run(
                "UPDATE liaison_addressee SET confirmed_at = ?2 + 3600000 WHERE liaison_id = ?1 AND (
                    ?3 = 1 AND relative_id = ?5
                    OR relative_id NOT IN (?4, ?5) AND student_id IN (
                        SELECT v.student_id FROM (SELECT p.student_id, row_number() OVER (ORDER BY p.student_id) AS n
                            FROM liaison_pupil p WHERE p.liaison_id = ?1) v WHERE v.n % ?3 = 0))
                    AND relative_id IN (SELECT p.id FROM person p WHERE p.activated_at IS NOT NULL)",
                params![&id, at, every, parent, mother],
            )?;
            // The first had its reminder.
            if every == 1 {
                let reminder = self.id(at + 7 * DAY);
                self.run(
                    "INSERT INTO liaison_reminder (id, liaison_id, scheduled, created_at, notified_at) VALUES (?1, ?2, 1, ?3, ?3)",
                    params![reminder, &id, at + 7 * DAY],
                )?;
            }
        }
        Ok(())
    }
}
