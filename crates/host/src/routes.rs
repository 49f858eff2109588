//! Which component answers a path, by Spin's rules.
//!
//! A pattern is a list of segments: plain text, `:name` (any one segment), or a last `...` (or `*`, anything, even
//! nothing). Slashes at either end of a path do not matter. Of several matching patterns the more exact wins, segment
//! by segment: text beats `:name` beats `...`, so that the longest prefix wins among wildcards.
//!
//! It must not decode the path: components get it as it was sent.

use std::cmp::Ordering;

/// One segment of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Text(String),
    Param(String),
    Rest,
}

impl Segment {
    fn rank(segment: Option<&Self>) -> u8 {
        match segment {
            Some(Self::Text(_)) => 3,
            None => 2,
            Some(Self::Param(_)) => 1,
            Some(Self::Rest) => 0,
        }
    }
}

/// A route as written in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The text, as written, with a leading slash.
    pub raw: String,
    segments: Vec<Segment>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When a wildcard is not last or a parameter has no name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw = if text.starts_with('/') { text.to_owned() } else { format!("/{text}") };
        let mut segments = Vec::new();
        for part in pieces(&raw) {
            if matches!(segments.last(), Some(Segment::Rest)) {
                return Err("`...` may only stand at the end".into());
            }
            segments.push(match part {
                "..." | "*" => Segment::Rest,
                part => match part.strip_prefix(':') {
                    Some("") => return Err("`:` needs a name".into()),
                    Some(name) => Segment::Param(name.to_owned()),
                    None => Segment::Text(part.to_owned()),
                },
            });
        }
        Ok(Self { raw, segments })
    }

    /// The pattern without its wildcard: Spin's `spin-component-route`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.raw.strip_suffix("/...").unwrap_or(&self.raw)
    }

    fn matches<'p>(&self, path: &'p str) -> Option<(String, Vec<(&str, &'p str)>)> {
        let mut parts = pieces(path);
        let mut params = Vec::new();
        for segment in &self.segments {
            match segment {
                Segment::Rest => return Some((trailing(path, parts), params)),
                Segment::Text(text) => {
                    if parts.next()? != text {
                        return None;
                    }
                }
                Segment::Param(name) => params.push((name.as_str(), parts.next()?)),
            }
        }
        parts.next().is_none().then(|| (String::new(), params))
    }

    fn compare(&self, other: &Self) -> Ordering {
        let longest = self.segments.len().max(other.segments.len());
        (0..longest)
            .map(|i| Segment::rank(self.segments.get(i)).cmp(&Segment::rank(other.segments.get(i))))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

fn pieces(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|p| !p.is_empty())
}

/// What a wildcard caught, as Spin reports it in `spin-path-info`: with a leading slash, and the last one kept.
fn trailing<'a>(path: &str, parts: impl Iterator<Item = &'a str>) -> String {
    let mut caught = String::new();
    for part in parts {
        caught.push('/');
        caught.push_str(part);
    }
    if path.ends_with('/') {
        caught.push('/');
    }
    caught
}

/// The routes of an application.
#[derive(Debug, Default)]
pub struct Router {
    /// Most exact first, so that the first match is the best.
    routes: Vec<(Pattern, usize)>,
}

/// A match: which target, and what Spin tells the component about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Match<'r, 'p> {
    /// The number given with the pattern.
    pub target: usize,
    /// The pattern.
    pub pattern: &'r Pattern,
    /// What the wildcard caught.
    pub path_info: String,
    /// What `:name` segments caught.
    pub params: Vec<(&'r str, &'p str)>,
}

impl Router {
    /// Adds a pattern. Of two equal ones the later wins, as in Spin; the earlier one's target is returned.
    pub fn add(&mut self, pattern: Pattern, target: usize) -> Option<usize> {
        let replaced = self.routes.iter().position(|(p, _)| p.raw == pattern.raw).map(|at| self.routes.remove(at).1);
        let at = self.routes.partition_point(|(p, _)| p.compare(&pattern).is_ge());
        self.routes.insert(at, (pattern, target));
        replaced
    }

    /// The best match for a path, still encoded and without its query.
    #[must_use]
    pub fn route<'r, 'p>(&'r self, path: &'p str) -> Option<Match<'r, 'p>> {
        self.routes.iter().find_map(|(pattern, target)| {
            let (path_info, params) = pattern.matches(path)?;
            Some(Match { target: *target, pattern, path_info, params })
        })
    }

    /// The patterns and their targets, most exact first.
    pub fn iter(&self) -> impl Iterator<Item = (&Pattern, usize)> {
        self.routes.iter().map(|(p, t)| (p, *t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(patterns: &[&str]) -> Router {
        let mut router = Router::default();
        for (i, p) in patterns.iter().enumerate() {
            router.add(Pattern::parse(p).unwrap(), i);
        }
        router
    }

    fn target(patterns: &[&str], path: &str) -> Option<usize> {
        router(patterns).route(path).map(|m| m.target)
    }

    #[test]
    fn exact_beats_wildcard_and_the_longest_prefix_wins() {
        let all = ["/...", "/a/...", "/a/b", "/a/:id", "/a/:id/c", "/a/b/..."];
        assert_eq!(target(&all, "/"), Some(0));
        assert_eq!(target(&all, "/x/y"), Some(0));
        assert_eq!(target(&all, "/a"), Some(1));
        assert_eq!(target(&all, "/a/b"), Some(2));
        assert_eq!(target(&all, "/a/z"), Some(3));
        assert_eq!(target(&all, "/a/z/c"), Some(4));
        assert_eq!(target(&all, "/a/b/c"), Some(5));
        assert_eq!(target(&all, "/a/z/d"), Some(1));
    }

    #[test]
    fn without_a_wildcard_only_the_path_matches() {
        assert_eq!(target(&["/a"], "/a"), Some(0));
        assert_eq!(target(&["/a"], "/a/"), Some(0));
        assert_eq!(target(&["/a"], "/ab"), None);
        assert_eq!(target(&["/a"], "/a/b"), None);
        assert_eq!(target(&["/"], "/"), Some(0));
        assert_eq!(target(&["/"], "/a"), None);
        assert_eq!(target(&["/:x"], "/"), None);
    }

    #[test]
    fn the_match_says_what_was_caught() {
        let r = router(&["/users/:id/..."]);
        let m = r.route("/users/42/letters/7").unwrap();
        assert_eq!(m.path_info, "/letters/7");
        assert_eq!(m.params, [("id", "42")]);
        assert_eq!(m.pattern.prefix(), "/users/:id");
        assert_eq!(r.route("/users/42").unwrap().path_info, "");
        assert_eq!(r.route("/users/42/").unwrap().path_info, "/");
        assert_eq!(r.route("/users/42/x/").unwrap().path_info, "/x/");
    }

    #[test]
    fn the_later_duplicate_wins() {
        let mut r = router(&["/a"]);
        assert_eq!(r.add(Pattern::parse("/a").unwrap(), 9), Some(0));
        assert_eq!(r.route("/a").unwrap().target, 9);
    }

    #[test]
    fn malformed_patterns_are_refused() {
        assert!(Pattern::parse("/.../a").is_err());
        assert!(Pattern::parse("/:").is_err());
    }
}
