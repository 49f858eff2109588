//! The shell around every page: header, menu, who is signed in, what just happened, and the page itself.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets::{ICON, SCRIPT, STYLE};
use crate::{Exchange, Problem, Response, flash_messages, ui};

/// A page: a title and what is under it.
pub struct Page {
    title: String,
    body: Markup,
    crumbs: Vec<(String, String)>,
    actions: Option<Markup>,
    lead: Option<Markup>,
    width: Width,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    /// One column of text and forms.
    Column,
    /// The whole window: tables, mailbox.
    Wide,
    /// A small card in the middle, without menu: sign-in.
    Card,
}

impl Page {
    /// A page with this title (also its `h1`).
    #[must_use]
    pub fn new(title: impl Into<String>, body: Markup) -> Self {
        Self { title: title.into(), body, crumbs: Vec::new(), actions: None, lead: None, width: Width::Column }
    }

    /// Adds a step to the trail above the title, outermost first.
    #[must_use]
    pub fn crumb(mut self, label: &str, href: &str) -> Self {
        self.crumbs.push((label.to_owned(), href.to_owned()));
        self
    }

    /// Buttons and links beside the title.
    #[must_use]
    pub fn actions(mut self, actions: Markup) -> Self {
        self.actions = Some(actions);
        self
    }

    /// A sentence under the title.
    #[must_use]
    pub fn lead(mut self, lead: impl maud::Render) -> Self {
        self.lead = Some(lead.render());
        self
    }

    /// Takes the whole width of the window.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.width = Width::Wide;
        self
    }

    /// A small card without menu, for those who are not signed in.
    #[must_use]
    pub fn card(mut self) -> Self {
        self.width = Width::Card;
        self
    }

    pub(crate) fn problem(problem: &Problem) -> Self {
        let body = html! {
            p { (problem.detail) }
            div.toolbar {
                a.button.primary href="/" { "Revenir à l’accueil" }
            }
        };
        Self::new(problem.title, body)
    }

    /// The answer.
    #[must_use]
    pub fn render(self, exchange: &Exchange<'_>) -> Response {
        Response::html(self.markup(exchange))
    }

    /// The answer as handlers give it: `Page::new(…).respond(exchange)`.
    ///
    /// # Errors
    /// None.
    pub fn respond(self, exchange: &Exchange<'_>) -> Result<Response, Problem> {
        Ok(self.render(exchange))
    }

    fn markup(self, exchange: &Exchange<'_>) -> Markup {
        let width = match self.width {
            Width::Column => "column",
            Width::Wide => "wide",
            Width::Card => "card",
        };
        let site = exchange.visitor().map_or("Vaguemestre", |viewer| viewer.establishment.as_str());
        html! {
            (DOCTYPE)
            html lang="fr" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if exchange.visitor().is_some() { meta name="csrf" content=(exchange.csrf_token()); }
                    title { (self.title) " – " (site) }
                    link rel="icon" type="image/svg+xml" href=(ICON.path);
                    link rel="stylesheet" href=(STYLE.path);
                    script src=(SCRIPT.path) defer {}
                }
                body class=(width) {
                    a.skip href="#contenu" { "Aller au contenu" }
                    (header(exchange))
                    main #contenu tabindex="-1" {
                        (flash_messages::shown(exchange))
                        div role="status" aria-live="polite" #annonce {
                            @if let Some(flash) = exchange.flash() {
                                div.flash.success[flash.success].warning[!flash.success] data-flash {
                                    @if flash.success { strong { "Succès" } } @else { strong { "À noter" } }
                                    p { (flash.text) }
                                }
                            }
                        }
                        @if !self.crumbs.is_empty() { (ui::breadcrumbs(&self.crumbs)) }
                        div.heading {
                            h1 { (self.title) }
                            @if let Some(actions) = &self.actions { div.toolbar { (actions) } }
                        }
                        @if let Some(lead) = &self.lead { p.lead { (lead) } }
                        (self.body)
                    }
                    footer { p { "Vaguemestre, la messagerie de l’établissement" } }
                }
            }
        }
    }
}

fn header(exchange: &Exchange<'_>) -> Markup {
    html! {
        header.site {
            div.bar {
                a.brand href="/" {
                    (PreEscaped(include_str!("../assets/mark.svg")))
                    span.name {
                        @match exchange.visitor() {
                            Some(viewer) => (viewer.establishment),
                            None => "Vaguemestre",
                        }
                    }
                }
                @if let Some(viewer) = exchange.visitor() {
                    nav.menu aria-label="Menu principal" {
                        ul {
                            @for item in exchange.menu() {
                                li {
                                    a href=(item.href) aria-current=[(item.id == exchange.capability().id).then_some("page")]
                                        data-unread[item.id == "send-message"] { (item.label) }
                                }
                            }
                        }
                    }
                    details.account {
                        summary {
                            (ui::avatar(&viewer.first_name, &viewer.last_name, viewer.profile))
                            span.who { (viewer.name()) small { (viewer.profile.label()) } }
                        }
                        div.sheet {
                            p { strong { (viewer.name()) } br; (viewer.universal_address) }
                            a href="/session/account" { "Mon compte" }
                            form method="post" action="/session/sign-out" {
                                (ui::csrf(exchange))
                                button type="submit" { "Se déconnecter" }
                            }
                        }
                    }
                }
            }
        }
    }
}
