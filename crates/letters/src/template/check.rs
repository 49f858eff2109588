//! What a template may be made of: a list of what is allowed, over the parser's own tree. Whatever is not on it is a mistake.

use minijinja::machinery::ast::{BinOpKind, CompareOpKind, Expr, Stmt, UnaryOpKind};
use minijinja::machinery::{Span, parse};

use super::fields::{CHILD, CHILDREN, LOOP, known, nearest, secret};
use super::mistake::{Mistake, Part, What};
use super::sheet::{Sheet, Tag};

/// Conditions and loops within one another.
const MAX_DEPTH: usize = 8;

/// A field that is written out, and where: to tell what is missing in the letter of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) line: u32,
    pub(super) field: String,
}

/// All mistakes of a part, in order; or what it writes out.
pub(super) fn check(sheet: &Sheet, part: Part) -> Result<Vec<Written>, Vec<Mistake>> {
    let mut mistakes = instructions(&sheet.tags, part);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let tree = match parse(&sheet.source, "", Default::default()) {
        Ok(tree) => tree,
        Err(error) => {
            let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1);
            let typed = sheet.tags.iter().filter(|tag| tag.line == line).find(|tag| !readable(tag));
            let typed = typed.or_else(|| sheet.tags.iter().find(|tag| tag.line >= line));
            let text = typed.map_or_else(String::new, |tag| tag.text.clone());
            return Err(vec![Mistake::new(part, line, What::Unreadable(text))]);
        }
    };
    let mut walk = Walk { part, mistakes: Vec::new(), written: Vec::new(), child: None };
    if let Stmt::Template(template) = &tree {
        walk.all(&template.children, 0);
    }
    mistakes = walk.mistakes;
    if mistakes.is_empty() { Ok(walk.written) } else { Err(mistakes) }
}

/// Whether a pair of braces can be read by itself.
fn readable(tag: &Tag) -> bool {
    let text = tag.text.as_str();
    let expression = match tag.text.split_once(' ') {
        Some(("if" | "elif", condition)) if tag.mark == "{%" => condition,
        _ if tag.mark == "{%" => return true,
        _ => text,
    };
    parse(&format!("{{{{ {expression} }}}}"), "", Default::default()).is_ok()
}

/// The words of instructions, and that each has its end.
fn instructions(tags: &[Tag], part: Part) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut open: Vec<(&str, u32)> = Vec::new();
    for tag in tags {
        let word = tag.text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let mut wrong = |what| mistakes.push(Mistake::new(part, tag.line, what));
        if tag.text.is_empty() {
            wrong(What::Unreadable(String::new()));
        }
        if tag.mark != "{%" {
            continue;
        }
        match word {
            "if" => open.push(("if", tag.line)),
            "for" => open.push(("for", tag.line)),
            "elif" | "else" if open.last().is_some_and(|(word, _)| *word == "if") => {}
            "else" if open.last().is_some_and(|(word, _)| *word == "for") => {}
            "elif" | "else" => wrong(What::Unbalanced(word.to_owned())),
            "endif" | "endfor" => {
                if open.last().is_some_and(|(begun, _)| word.ends_with(begun)) {
                    open.pop();
                } else {
                    wrong(What::Unbalanced(word.to_owned()));
                }
            }
            _ => wrong(What::UnknownInstruction(tag.text.split_whitespace().next().unwrap_or_default().to_owned())),
        }
    }
    if mistakes.is_empty() {
        let ends = open.into_iter().map(|(word, line)| Mistake::new(part, line, What::Unbalanced(word.to_owned())));
        mistakes.extend(ends);
    }
    mistakes
}

struct Walk<'a> {
    part: Part,
    mistakes: Vec<Mistake>,
    written: Vec<Written>,
    /// What the loop calls a child.
    child: Option<&'a str>,
}

impl<'a> Walk<'a> {
    fn wrong(&mut self, span: Span, what: What) {
        self.mistakes.push(Mistake::new(self.part, u32::from(span.start_line), what));
    }

    fn all(&mut self, statements: &'a [Stmt<'a>], depth: usize) {
        for statement in statements {
            self.statement(statement, depth);
        }
    }

    fn statement(&mut self, statement: &'a Stmt<'a>, depth: usize) {
        match statement {
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emitted) => self.written(&emitted.expr),
            Stmt::IfCond(condition) if depth < MAX_DEPTH => {
                self.expression(&condition.expr, 0);
                self.all(&condition.true_body, depth + 1);
                self.all(&condition.false_body, depth + 1);
            }
            Stmt::ForLoop(of) if depth < MAX_DEPTH => {
                if self.child.is_some() {
                    return self.wrong(of.span(), What::LoopInLoop);
                }
                let over = matches!(&of.iter, Expr::Var(list) if list.id == CHILDREN);
                let (true, Expr::Var(child), None, false) = (over, &of.target, &of.filter_expr, of.recursive) else {
                    return self.wrong(of.span(), What::NotChildren);
                };
                // A field of that name would be hidden; the child of the letter may be.
                if known(child.id) || [CHILDREN, "loop"].contains(&child.id) {
                    return self.wrong(of.span(), What::NotChildren);
                }
                self.child = Some(child.id);
                self.all(&of.body, depth + 1);
                self.child = None;
                self.all(&of.else_body, depth + 1);
            }
            Stmt::IfCond(condition) => self.wrong(condition.span(), What::TooDeep),
            Stmt::ForLoop(of) => self.wrong(of.span(), What::TooDeep),
            // `instructions` lets no other word through.
            _ => self.mistakes.push(Mistake::new(self.part, 1, What::Forbidden("telle instruction"))),
        }
    }

    /// What is written out is a field or a text, or one of two.
    fn written(&mut self, expression: &'a Expr<'a>) {
        match expression {
            Expr::IfExpr(choice) => {
                self.expression(&choice.test_expr, 0);
                self.written(&choice.true_expr);
                if let Some(other) = &choice.false_expr {
                    self.written(other);
                }
            }
            Expr::Var(name) if [Some(CHILD), Some(CHILDREN), Some("loop"), self.child].contains(&Some(name.id)) => {
                self.wrong(name.span(), What::NotText(name.id.to_owned()));
            }
            Expr::Var(_) | Expr::GetAttr(_) => {
                self.expression(expression, 0);
                let line = u32::from(expression.span().start_line);
                if let Some(field) = path(expression) {
                    self.written.push(Written { line, field });
                }
            }
            Expr::Const(_) => {}
            other => self.expression(other, 0),
        }
    }

    fn expression(&mut self, expression: &'a Expr<'a>, depth: usize) {
        if depth > MAX_DEPTH {
            return self.wrong(expression.span(), What::TooDeep);
        }
        let deeper = depth + 1;
        match expression {
            Expr::Const(_) => {}
            Expr::Var(name) => {
                let list = [Some(CHILD), Some(CHILDREN), self.child].contains(&Some(name.id));
                if !list {
                    self.field(expression.span(), name.id);
                }
            }
            Expr::GetAttr(_) => match path(expression) {
                Some(path) => self.path(expression.span(), &path),
                None => self.wrong(expression.span(), What::Forbidden("telle expression")),
            },
            Expr::UnaryOp(not) if matches!(not.op, UnaryOpKind::Not) => self.expression(&not.expr, deeper),
            Expr::BinOp(both) if logical(both.op) => {
                // `a and b and c` leans to the left: each further one is not a level of its own.
                self.expression(&both.left, depth);
                self.expression(&both.right, deeper);
            }
            Expr::BinOp(both) if matches!(both.op, BinOpKind::In) => {
                self.expression(&both.left, deeper);
                self.among(&both.right, deeper);
            }
            Expr::Compare(compare) => {
                self.expression(&compare.expr, deeper);
                for other in &compare.ops {
                    match other.op {
                        CompareOpKind::In | CompareOpKind::NotIn => self.among(&other.expr, deeper),
                        _ => self.expression(&other.expr, deeper),
                    }
                }
            }
            Expr::IfExpr(_) => self.written(expression),
            Expr::Filter(_) => self.wrong(expression.span(), What::Forbidden("filtre (« | »)")),
            Expr::Test(_) => {
                self.wrong(expression.span(), What::Forbidden("test « is » : écrivez {% if classe %}, ou rien"))
            }
            Expr::Call(_) => self.wrong(expression.span(), What::Forbidden("fonction")),
            Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) | Expr::GetItem(_) | Expr::Slice(_) => {
                self.wrong(expression.span(), What::Forbidden("liste"));
            }
            Expr::UnaryOp(_) | Expr::BinOp(_) => self.wrong(expression.span(), What::Forbidden("calcul")),
        }
    }

    /// The right of `in`: a list of texts, or a text.
    fn among(&mut self, expression: &'a Expr<'a>, depth: usize) {
        match expression {
            Expr::List(list) => list.items.iter().for_each(|item| self.expression(item, depth)),
            other => self.expression(other, depth),
        }
    }

    fn path(&mut self, span: Span, path: &str) {
        let (head, tail) = path.split_once('.').unwrap_or((path, ""));
        if head == "loop" && self.child.is_some() && LOOP.contains(&tail) {
            return;
        }
        // Whatever the loop calls a child, its fields are those of `enfant`.
        if self.child == Some(head) && known(&format!("{CHILD}.{tail}")) {
            return;
        }
        self.field(span, path);
    }

    fn field(&mut self, span: Span, name: &str) {
        if known(name) {
            return;
        }
        let what = if secret(name) {
            What::Secret(name.to_owned())
        } else {
            What::UnknownField(name.to_owned(), nearest(name))
        };
        self.wrong(span, what);
    }
}

const fn logical(op: BinOpKind) -> bool {
    use BinOpKind::{Eq, Gt, Gte, Lt, Lte, Ne, ScAnd, ScOr};
    matches!(op, Eq | Ne | Lt | Lte | Gt | Gte | ScAnd | ScOr)
}

/// `enfant.classe`; nothing for what is not names joined by dots.
fn path(expression: &Expr<'_>) -> Option<String> {
    match expression {
        Expr::Var(name) => Some(name.id.to_owned()),
        Expr::GetAttr(part) => Some(format!("{}.{}", path(&part.expr)?, part.name)),
        _ => None,
    }
}
