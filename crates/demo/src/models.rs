//! Model letters (P-5): those that a school has, with fields, conditions, and a loop.

use store::{Database, params};

use crate::leads::Leads;
use crate::rng::Rng;
use crate::school::School;
use crate::{Error, Options};

const WEEK: i64 = 7 * 24 * 3600 * 1000;

/// Name, folded name, subject, body.
const MODELS: [(&str, &str, &str, &str); 3] = [
    (
        "Sortie scolaire – accord des parents",
        "sortie scolaire accord des parents",
        "Sortie au musée des Augustins : {{ enfant.prénom }} {{ enfant.nom }}",
        "<p>{% if civilité %}{{ civilité }} {{ nom }}{% else %}Madame, Monsieur{% endif %},</p>\
         <p>Votre enfant {{ enfant.prénom }}, élève de {{ enfant.classe }}, participera à une visite du <b>musée des Augustins</b>.</p>\
         <p>{% if enfant.classe == \"6A\" %}</p><p>Pour la 6A, le départ est à 8 h 30 devant le collège ; le retour est prévu à 12 h.</p>\
         <p>{% else %}</p><p>Le départ est à 13 h 30 devant le collège ; le retour est prévu à 17 h.</p><p>{% endif %}</p>\
         <p>Merci de prévoir :</p><ul><li>une tenue adaptée à la météo ;</li><li>un carnet et un crayon.</li></ul>\
         <p>Sans réponse de votre part avant la sortie, nous considérerons que vous donnez votre accord.</p>\
         <p>Veuillez agréer, {% if civilité %}{{ civilité }}{% else %}Madame, Monsieur{% endif %}, l’expression de ma considération distinguée.</p>",
    ),
    (
        "Réunion parents-professeurs",
        "reunion parents professeurs",
        "Réunion parents-professeurs",
        "<p>Madame, Monsieur,</p>\
         <p>L’équipe éducative vous recevra au sujet de {% for e in enfants %}{{ e.prénom }}{% if e.classe %} ({{ e.classe }}){% endif %}\
         {% if not loop.last %}, {% endif %}{% endfor %} lors de la <b>réunion parents-professeurs</b>, de 17 h à 20 h.</p>\
         <p>Les rendez-vous se prennent auprès de la vie scolaire.</p><p>Bien cordialement,</p>",
    ),
    (
        "Rentrée des personnels",
        "rentree des personnels",
        "Pré-rentrée {{ année_scolaire }}",
        "<p>Bonjour {{ prénom }},</p><p>La pré-rentrée {{ année_scolaire }} aura lieu en salle polyvalente à 9 h.</p>\
         {% if profil == \"Enseignant\" %}<p>Les emplois du temps vous seront remis à 14 h.</p>{% endif %}\
         <p>Bonne rentrée,</p>",
    ),
];

pub(crate) fn write(
    database: &dyn Database,
    school: &School,
    leads: Leads,
    options: &Options,
    rng: &Rng,
) -> Result<(), Error> {
    let Some(admin) = school.people.get(leads.admin) else { return Ok(()) };
    for (number, (name, folded, subject, body)) in (0_u64..).zip(MODELS) {
        let at = options.now - (9 - number.cast_signed()) * WEEK;
        let id = ulid::Ulid::from_parts(at.cast_unsigned(), rng.branch(number).bits()).to_string();
        database.execute(
            "INSERT INTO model (id, uai, name, folded_name, subject, body, author_id, editor_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?8)",
            params![id, school.uai.as_str(), name, folded, subject, body, &admin.id, at],
        )?;
    }
    Ok(())
}
