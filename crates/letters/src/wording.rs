//! What account letters and account mails say (P-3, P-4). Sources have plain spaces; the right ones are put in when they are set.

use crate::{Account, Profile, Sender};

/// Which of the three letters it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// Not active: login, code, procedure.
    Activate,
    /// Active: login, and how to renew the password.
    Remind,
    /// Through EduConnect: neither login nor code.
    EduConnect,
}

impl Case {
    pub(crate) const fn of(account: &Account<'_>) -> Self {
        match (account.federated, account.code) {
            (true, _) => Self::EduConnect,
            (false, Some(_)) => Self::Activate,
            (false, None) => Self::Remind,
        }
    }
}

/// The texts that all letters of one case and profile share; what stands between two stars is bold.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    pub(crate) intro: &'static str,
    /// Above the steps.
    pub(crate) how: &'static str,
    pub(crate) steps: Vec<String>,
    /// The steps on an eighth of a page.
    pub(crate) brief: String,
    pub(crate) notes: Vec<&'static str>,
}

pub(crate) const PERSONAL: &str =
    "Votre mot de passe est personnel : ne le confiez à personne, pas même à un membre de l’établissement.";
const HELP: &str = "Une question, une difficulté ? Adressez-vous au secrétariat de l’établissement.";

pub(crate) fn words(case: Case, profile: Profile, sender: &Sender) -> Words {
    let site = sender.site.replace('*', "");
    match case {
        Case::Activate => Words {
            title: "Activez votre compte de messagerie",
            intro: match profile {
                Profile::Student => {
                    "Votre compte de messagerie est prêt. Il vous permet d’écrire à vos enseignants et de lire ce que l’établissement vous envoie. Voici de quoi l’activer."
                }
                Profile::Relative => {
                    "L’établissement vous ouvre un compte de messagerie. Il vous permet d’écrire aux enseignants et au personnel, et de recevoir les informations de l’établissement. Voici de quoi l’activer."
                }
                Profile::Teacher | Profile::Staff => {
                    "L’établissement vous ouvre un compte de messagerie. Il vous permet d’écrire aux élèves, aux familles et à vos collègues. Voici de quoi l’activer."
                }
                Profile::Guest => {
                    "L’établissement vous ouvre un compte de messagerie, pour échanger avec les personnes qui travaillent avec vous. Voici de quoi l’activer."
                }
            },
            how: "Activer votre compte en quatre étapes",
            steps: vec![
                if sender.activation_url.is_some() {
                    format!(
                        "Scannez le code QR avec un téléphone ; ou tapez *{site}* dans la barre d’adresse d’un navigateur et choisissez *« Première connexion »*."
                    )
                } else {
                    format!(
                        "Tapez *{site}* dans la barre d’adresse d’un navigateur et choisissez *« Première connexion »*."
                    )
                },
                "Saisissez votre identifiant et votre code d’activation, tels qu’ils sont écrits ci-dessus.".to_owned(),
                "Choisissez un mot de passe d’au moins 12 caractères, que vous êtes seul à connaître.".to_owned(),
                "Lisez la charte d’usage et acceptez-la : votre compte est ouvert.".to_owned(),
            ],
            brief: if sender.activation_url.is_some() {
                format!(
                    "Scannez le code QR, ou allez sur *{site}* et choisissez *« Première connexion »*. Saisissez identifiant et code, choisissez un mot de passe, acceptez la charte."
                )
            } else {
                format!(
                    "Allez sur *{site}*, choisissez *« Première connexion »*. Saisissez identifiant et code, choisissez un mot de passe, acceptez la charte."
                )
            },
            notes: vec![
                "Le code d’activation ne sert qu’une fois. Il est pour vous seul : ne le donnez à personne.",
                HELP,
            ],
        },
        Case::Remind => Words {
            title: "Votre compte de messagerie",
            intro: "Votre compte de messagerie est déjà activé. Ce courrier vous rappelle votre identifiant, et comment choisir un nouveau mot de passe si vous avez perdu le vôtre.",
            how: "Si vous avez perdu votre mot de passe",
            steps: vec![
                format!(
                    "Tapez *{site}* dans la barre d’adresse d’un navigateur et choisissez *« Mot de passe oublié »*."
                ),
                "Saisissez votre identifiant : un lien, valable une heure, est envoyé à votre adresse de redirection."
                    .to_owned(),
                "Ouvrez ce lien et choisissez un nouveau mot de passe d’au moins 12 caractères.".to_owned(),
            ],
            brief: format!(
                "Mot de passe perdu ? Allez sur *{site}*, choisissez *« Mot de passe oublié »*, saisissez votre identifiant et suivez le lien reçu. Sans adresse de redirection, demandez un nouveau code à l’établissement."
            ),
            notes: vec![
                "Vous n’avez pas indiqué d’adresse de redirection ? Demandez un nouveau code d’activation à l’établissement.",
                PERSONAL,
                HELP,
            ],
        },
        Case::EduConnect => Words {
            title: "Votre accès à la messagerie",
            intro: "La messagerie de l’établissement s’ouvre avec votre compte EduConnect, celui de toutes les démarches scolaires en ligne. Vous n’avez besoin d’aucun autre identifiant, ni d’un code d’activation.",
            how: "Se connecter avec EduConnect",
            steps: vec![
                format!("Tapez *{site}* dans la barre d’adresse d’un navigateur et choisissez *« EduConnect »*."),
                if profile == Profile::Student {
                    "Choisissez le profil « Élève », puis saisissez l’identifiant et le mot de passe de votre compte EduConnect.".to_owned()
                } else {
                    "Choisissez le profil « Représentant légal », puis saisissez l’identifiant et le mot de passe de votre compte EduConnect, ou passez par FranceConnect.".to_owned()
                },
                "À la première connexion, lisez la charte d’usage et acceptez-la.".to_owned(),
            ],
            brief: format!(
                "Allez sur *{site}* et choisissez *« EduConnect »*. Saisissez l’identifiant et le mot de passe de votre compte EduConnect. Perdus ? *educonnect.education.gouv.fr*, ou l’établissement."
            ),
            notes: vec![
                "Identifiant ou mot de passe EduConnect perdu ? Demandez-les sur *educonnect.education.gouv.fr*, ou à l’établissement.",
                PERSONAL,
                HELP,
            ],
        },
    }
}

/// How a person is called under the name.
pub(crate) const fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Student => "Élève",
        Profile::Relative => "Parent",
        Profile::Teacher => "Enseignant",
        Profile::Staff => "Personnel",
        Profile::Guest => "Invité",
    }
}
