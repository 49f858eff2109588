//! What is wrong with a template, in the words of who types it.

use std::fmt;

/// Where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The subject.
    Subject,
    /// The body.
    Body,
}

/// What.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// There is no such field; the nearest there is.
    UnknownField(String, Option<&'static str>),
    /// A field that no letter may say.
    Secret(String),
    /// `enfant` or `enfants` where a text is meant.
    NotText(String),
    /// A list is gone over that is not `enfants`.
    NotChildren,
    /// A loop in a loop.
    LoopInLoop,
    /// A word after `{%` that is none of the instructions.
    UnknownInstruction(String),
    /// Something that the language has and letters have not: a function, a filter, arithmetic.
    Forbidden(&'static str),
    /// `{{` or `{%` without its end on the same line.
    Open(&'static str),
    /// An instruction that is ended nowhere, or an end without beginning.
    Unbalanced(String),
    /// An expression that cannot be read; it, as typed.
    Unreadable(String),
    /// Conditions within conditions, too deep.
    TooDeep,
    /// More than the template may have.
    TooLong,
}

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// In the subject or in the body.
    pub part: Part,
    /// The line as the person sees it, from 1.
    pub line: u32,
    /// What is wrong.
    pub what: What,
}

impl Mistake {
    pub(super) const fn new(part: Part, line: u32, what: What) -> Self {
        Self { part, line, what }
    }
}

/// Where it is: "Objet" or "Ligne 3".
pub(super) struct Place(pub(super) Part, pub(super) u32);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Part::Subject => f.write_str("Objet"),
            Part::Body => write!(f, "Ligne {}", self.1),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} : ", Place(self.part, self.line))?;
        match &self.what {
            What::UnknownField(name, Some(near)) => {
                write!(f, "le champ « {name} » n’existe pas. Vouliez-vous dire « {near} » ?")
            }
            What::UnknownField(name, None) => {
                write!(f, "le champ « {name} » n’existe pas. Choisissez un champ dans la liste.")
            }
            What::Secret(name) => write!(
                f,
                "« {name} » ne peut pas figurer dans une lettre type. Pour remettre des codes d’activation, utilisez le publipostage des comptes."
            ),
            What::NotText(name) => {
                write!(f, "« {name} » n’est pas un texte. Écrivez par exemple « enfant.prénom ».")
            }
            What::NotChildren => f.write_str("une boucle ne parcourt que les enfants : {% for enfant in enfants %}."),
            What::LoopInLoop => f.write_str("une boucle ne peut pas en contenir une autre."),
            What::UnknownInstruction(word) => {
                write!(f, "« {word} » n’est pas une instruction. Il y a if, elif, else, endif, for et endfor.")
            }
            What::Forbidden(thing) => {
                write!(f, "une lettre type n’a pas de {thing}. Utilisez des champs et des conditions.")
            }
            What::Open(mark) => write!(f, "« {mark} » n’est pas refermé sur la même ligne."),
            What::Unbalanced(word) if word.starts_with("end") || word.starts_with("el") => {
                write!(f, "« {word} » ne répond à aucun début de condition ou de boucle.")
            }
            What::Unbalanced(word) => write!(f, "« {word} » n’est pas terminé : ajoutez « {{% end{word} %}} »."),
            What::Unreadable(typed) => write!(
                f,
                "« {typed} » ne se lit pas. Une condition s’écrit {{% if enfant.classe == \"6A\" %}}, un champ {{{{ prénom }}}}."
            ),
            What::TooDeep => f.write_str("les conditions sont trop imbriquées (8 niveaux au plus)."),
            What::TooLong => f.write_str(
                "c’est trop long : 200 caractères pour l’objet, 60 000 pour le texte, mise en forme comprise.",
            ),
        }
    }
}
