//! What is already in the mailboxes on the first day: the ordinary mail of a school, with conversations.
//!
//! In the texts `~` stands for a no-break space, as French puts before double punctuation.

use store::Database;

use crate::leads::Leads;
use crate::mail::{self, Field, Letter, Part, To};
use crate::rng::Rng;
use crate::school::School;
use crate::{Error, Options};

const fn to(part: Part) -> (Field, To) {
    (Field::To, To::Part(part))
}

const fn letter(
    days: i64,
    at: (i64, i64),
    from: Part,
    to: &'static [(Field, To)],
    subject: &'static str,
    text: &'static str,
) -> Letter {
    Letter { key: "", answers: "", days, at, from, to, subject, text, population: false }
}

const LETTERS: &[Letter] = &[
    Letter {
        population: true,
        ..letter(
            20,
            (16, 30),
            Part::Principal,
            &[(Field::Bcc, To::AllRelatives)],
            "Mot du principal~: vie du collège",
            "Chers parents,\n\nLes premières semaines se sont bien passées et je remercie toute l’équipe pour son engagement. \
             Trois rappels~: les grilles ferment à 8~h~05, toute absence est signalée à la vie scolaire avant 9~h, et les \
             téléphones restent éteints dans l’enceinte du collège.\n\nVous pouvez écrire aux enseignants de vos enfants et \
             à l’administration depuis cette messagerie.\n\nBien cordialement,\n\nLe chef d’établissement",
        )
    },
    letter(
        12,
        (9, 15),
        Part::Admin,
        &[(Field::To, To::ClassTeachers), (Field::Cc, To::Part(Part::Cpe))],
        "Conseil de classe de 6A",
        "Chères collègues, chers collègues,\n\nLe conseil de classe de 6A se tiendra mardi à 17~h~30 en salle B12. Merci de \
         saisir vos appréciations avant vendredi midi~; Mme~Lefèvre préparera la synthèse.\n\nSophie Le Goff, principale adjointe",
    ),
    Letter {
        key: "outing",
        population: true,
        ..letter(
            8,
            (18, 5),
            Part::Teacher,
            &[(Field::Bcc, To::ClassRelatives)],
            "Sortie au musée des arts et métiers",
            "Madame, Monsieur,\n\nLes élèves de 6A visiteront le musée des arts et métiers jeudi en huit. Départ du collège à \
             8~h~30, retour à 16~h~30. Prévoir un pique-nique, une gourde et des chaussures confortables. L’autorisation signée \
             est à rendre avant lundi.\n\nIl nous manque encore deux accompagnateurs~: n’hésitez pas à me répondre.\n\nClaire Lefèvre",
        )
    },
    Letter {
        key: "outing.parent",
        answers: "outing",
        ..letter(
            7,
            (20, 40),
            Part::Parent,
            &[to(Part::Teacher)],
            "Re~: Sortie au musée des arts et métiers",
            "Bonjour Madame,\n\nJe suis disponible jeudi en huit pour accompagner la classe. Lina est ravie~!\n\nKarim Benali",
        )
    },
    Letter {
        answers: "outing.parent",
        ..letter(
            7,
            (21, 5),
            Part::Teacher,
            &[to(Part::Parent)],
            "Re~: Sortie au musée des arts et métiers",
            "Bonjour Monsieur,\n\nMerci beaucoup, je vous compte parmi les accompagnateurs. Rendez-vous à 8~h~15 devant la loge.\
             \n\nBien cordialement,\n\nClaire Lefèvre",
        )
    },
    Letter {
        population: true,
        ..letter(
            6,
            (17, 20),
            Part::Teacher,
            &[(Field::To, To::ClassStudents)],
            "Devoirs pour lundi~: fractions",
            "Bonjour à toutes et à tous,\n\nPour lundi~: exercices 12, 14 et 17 page~63. Pensez à rédiger les étapes. Le contrôle \
             sur les fractions aura lieu jeudi.\n\nMme~Lefèvre",
        )
    },
    Letter {
        key: "fractions",
        ..letter(
            5,
            (18, 45),
            Part::Student,
            &[to(Part::Teacher)],
            "Exercice 17",
            "Bonjour Madame,\n\nJe ne comprends pas la question b de l’exercice 17~: faut-il simplifier la fraction avant ou \
             après l’addition~?\n\nLina",
        )
    },
    Letter {
        key: "fractions.answer",
        answers: "fractions",
        ..letter(
            4,
            (8, 10),
            Part::Teacher,
            &[to(Part::Student)],
            "Re~: Exercice 17",
            "Bonjour Lina,\n\nLes deux sont possibles, mais c’est plus facile si tu simplifies d’abord. Essaie, et nous \
             corrigerons ensemble lundi.\n\nMme~Lefèvre",
        )
    },
    Letter {
        answers: "fractions.answer",
        ..letter(
            4,
            (17, 30),
            Part::Student,
            &[to(Part::Teacher)],
            "Re~: Exercice 17",
            "Merci Madame, j’ai trouvé 7/12~!\n\nLina",
        )
    },
    letter(
        4,
        (12, 0),
        Part::Cpe,
        &[to(Part::Parent), to(Part::Mother)],
        "Retard de Yanis",
        "Madame, Monsieur,\n\nYanis est arrivé ce matin à 8~h~25, sans justificatif. Merci de régulariser par retour de \
         message ou dans le carnet.\n\nLa vie scolaire",
    ),
    Letter {
        key: "absence",
        ..letter(
            3,
            (7, 35),
            Part::Parent,
            &[to(Part::Cpe), (Field::Cc, To::Part(Part::Teacher))],
            "Absence de Lina",
            "Bonjour,\n\nLina a de la fièvre et ne viendra pas au collège aujourd’hui. Je fournirai un certificat à son \
             retour.\n\nKarim Benali",
        )
    },
    Letter {
        answers: "absence",
        ..letter(
            3,
            (8, 50),
            Part::Cpe,
            &[to(Part::Parent), (Field::Cc, To::Part(Part::Teacher))],
            "Re~: Absence de Lina",
            "Bonjour Monsieur,\n\nC’est noté, merci de nous avoir prévenus. Bon rétablissement à Lina.\n\nLa vie scolaire",
        )
    },
    letter(
        3,
        (17, 0),
        Part::Student,
        &[to(Part::Friend)],
        "Exposé d’histoire",
        "Coucou,\n\nTu peux m’envoyer ce qu’on a fait en histoire~? Je reviens demain normalement.\n\nLina",
    ),
    Letter {
        key: "colleague",
        ..letter(
            2,
            (10, 20),
            Part::Colleague,
            &[to(Part::Teacher)],
            "Accompagnement de la sortie",
            "Bonjour Claire,\n\nJe peux venir avec toi jeudi en huit~: mes 4A sont en stage. J’en profiterais pour parler des \
             horloges et du méridien.\n\nAntoine",
        )
    },
    Letter {
        answers: "colleague",
        ..letter(
            2,
            (13, 5),
            Part::Teacher,
            &[to(Part::Colleague)],
            "Re~: Accompagnement de la sortie",
            "Bonjour Antoine,\n\nAvec plaisir~! Nous serons donc cinq adultes avec M.~Benali. Je préviens le secrétariat.\n\nClaire",
        )
    },
    Letter {
        population: true,
        ..letter(
            2,
            (15, 45),
            Part::Admin,
            &[(Field::Bcc, To::ClassRelatives)],
            "Réunion parents-professeurs",
            "Madame, Monsieur,\n\nLa réunion entre les parents et les professeurs de 6A aura lieu le mardi de la semaine \
             prochaine, de 17~h à 20~h, au rez-de-chaussée du bâtiment~B. Vous pouvez demander un rendez-vous à chaque \
             professeur en lui écrivant ici.\n\nSophie Le Goff, principale adjointe",
        )
    },
    // M-9: he has neither mailbox nor redirect address, so that she is warned.
    letter(
        1,
        (16, 10),
        Part::Teacher,
        &[to(Part::Unreachable)],
        "Carnet de Maïtena",
        "Bonjour Monsieur,\n\nMaïtena a oublié son carnet deux fois cette semaine. Pourriez-vous vérifier avec elle son sac \
         le soir~?\n\nBien cordialement,\n\nClaire Lefèvre",
    ),
    letter(
        1,
        (18, 30),
        Part::Parent,
        &[to(Part::Teacher)],
        "Rendez-vous mardi",
        "Bonjour Madame,\n\nSerait-il possible de vous rencontrer mardi entre 18~h et 18~h~30~? Je souhaiterais faire le point \
         sur les progrès de Lina.\n\nKarim Benali",
    ),
];

/// Sends the letters, in the order of their instants, then marks what was read.
pub(crate) fn write(
    database: &dyn Database,
    school: &School,
    leads: Leads,
    options: &Options,
    rng: Rng,
) -> Result<(), Error> {
    mail::send(database, school, leads, options.now, rng, LETTERS)
}
