//! What the administration says in French.

use people::Role;
use rights::{Effect, Obstacle, Participation, Path, Preset, RuleGroup};

/// How the members of a group take part, as a sentence about them.
pub(super) const fn participation(participation: Participation) -> &'static str {
    match participation {
        Participation::None => "n’écrivent pas par ce groupe et ne sont pas joints par lui",
        Participation::Incoming => "peuvent utiliser les droits du groupe",
        Participation::Outgoing => "peuvent être joints par ce groupe",
        Participation::Both => "peuvent utiliser ses droits, être joints par lui, et s’écrire entre eux",
    }
}

/// The same, in a word or two.
pub(super) const fn participation_short(participation: Participation) -> &'static str {
    match participation {
        Participation::None => "aucune",
        Participation::Incoming => "écrivent",
        Participation::Outgoing => "sont joints",
        Participation::Both => "s’écrivent entre eux",
    }
}

pub(super) const fn preset(preset: Preset) -> &'static str {
    match preset {
        Preset::Minors2025 => {
            "Protection des mineurs (2025) : les parents joignent leurs enfants, leurs enseignants et les personnels"
        }
        Preset::MidiPyrenees2009 => {
            "ENT Midi-Pyrénées (2009) : chaque classe s’écrit, parents compris ; les enseignants joignent tout l’ENT"
        }
        Preset::Edifice => {
            "Édifice : chaque classe s’écrit, parents compris ; les enseignants joignent l’établissement"
        }
    }
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Send => "Accès au service d’envoi",
        Role::SendExtended => "Envoi étendu aux autres établissements",
        Role::Mailbox => "Messagerie interne",
        Role::User => "Annuaire de l’établissement",
        Role::AdvancedUser => "Annuaire de tout l’ENT",
        Role::DirectoryManager => "Gestionnaire d’annuaire (groupes ad hoc)",
    }
}

/// The name of a group, with its establishment when it is another.
pub(super) fn group(group: &RuleGroup) -> String {
    match group.elsewhere.as_deref() {
        Some("") | None => group.name.clone(),
        Some(elsewhere) => format!("{} ({elsewhere})", group.name),
    }
}

pub(super) fn path(path: &Path) -> String {
    match path {
        Path::Rule(from, to) => format!("Par la règle « {from} » vers « {to} »."),
        Path::Members(group) => format!("Les membres de « {group} » s’écrivent entre eux."),
        Path::Kin => "Ils sont parent et enfant, et le modèle de droits ouvre cette voie.".to_owned(),
    }
}

/// `date` says an instant.
pub(super) fn obstacle(obstacle: &Obstacle, date: impl Fn(i64) -> String) -> String {
    match obstacle {
        Obstacle::SenderBlocked => "L’expéditeur est bloqué.".to_owned(),
        Obstacle::SenderLeft => "L’expéditeur a quitté l’établissement.".to_owned(),
        Obstacle::SenderRole => "L’expéditeur n’a aucun rôle qui permet d’envoyer.".to_owned(),
        Obstacle::RecipientBlocked => "Le destinataire est bloqué.".to_owned(),
        Obstacle::RecipientLeft => "Le destinataire a quitté l’établissement.".to_owned(),
        Obstacle::Prohibited(reason, until) => {
            let until =
                until.map_or_else(|| "jusqu’à ce qu’elle soit levée".to_owned(), |at| format!("jusqu’au {}", date(at)));
            format!("Une interdiction précise, {until} : {reason}")
        }
        Obstacle::NotIncoming(from, to) => {
            format!(
                "Il y a une règle « {from} » vers « {to} », mais les membres de « {from} » n’utilisent pas ses droits."
            )
        }
        Obstacle::NotOutgoing(from, to) => {
            format!(
                "Il y a une règle « {from} » vers « {to} », mais les membres de « {to} » ne sont pas joints par ce groupe."
            )
        }
        Obstacle::NotExtended(from, to) => {
            format!(
                "La règle « {from} » vers « {to} » sort de l’établissement, et l’expéditeur n’a pas le rôle d’envoi étendu."
            )
        }
        Obstacle::NotBoth(group) => {
            format!("Ils sont ensemble dans « {group} », mais les membres de ce groupe ne s’écrivent pas entre eux.")
        }
        Obstacle::NoRule => "Aucune règle ne mène d’un groupe de l’expéditeur à un groupe du destinataire.".to_owned(),
    }
}

/// "3 personnes pourront écrire à davantage de monde, 12 à moins."
pub(super) fn effect(effect: &Effect) -> String {
    let people = |count: u64| if count > 1 { format!("{count} personnes") } else { format!("{count} personne") };
    match (effect.gaining, effect.losing) {
        (0, 0) => "Personne ne gagne ni ne perd de destinataire.".to_owned(),
        (gaining, 0) => format!("{} gagne{} des destinataires ; personne n’en perd.", people(gaining), plural(gaining)),
        (0, losing) => format!(
            "{} perd{} des destinataires ; personne n’en gagne.",
            people(losing),
            if losing > 1 { "ent" } else { "" }
        ),
        (gaining, losing) => format!(
            "{} gagne{} des destinataires, {} en perd{}.",
            people(gaining),
            plural(gaining),
            people(losing),
            if losing > 1 { "ent" } else { "" }
        ),
    }
}

const fn plural(count: u64) -> &'static str {
    if count > 1 { "nt" } else { "" }
}
