//! Content coding (RFC 9110 §12.5.3) and conditional requests (§13.1.2), as far as files need them.

/// A content coding that the web build makes twins for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As it is.
    Plain,
    /// `br`.
    Brotli,
    /// `gzip`.
    Gzip,
}

impl Coding {
    /// Its name in headers.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// What a twin's name ends with.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// Codings that a client takes, best first. What is as it is, is always taken.
pub fn codings(accept: &str) -> Vec<Coding> {
    [Coding::Brotli, Coding::Gzip]
        .into_iter()
        .filter(|coding| accepts(accept, coding.name().unwrap_or_default()))
        .collect()
}

fn accepts(accept: &str, name: &str) -> bool {
    let weight = |wanted: &str| {
        accept.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next()?;
            if !coding.eq_ignore_ascii_case(wanted) {
                return None;
            }
            let q = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            Some(q.map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0)))
        })
    };
    weight(name).or_else(|| weight("*")).is_some_and(|q| q > 0.0)
}

/// Whether `If-None-Match` names this entity tag; weak and strong compare alike here.
pub fn matches(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_coding_that_is_taken_comes_first() {
        use Coding::{Brotli, Gzip};
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", &[Brotli, Gzip][..]),
            ("gzip", &[Gzip]),
            ("br;q=0, gzip;q=0.5", &[Gzip]),
            ("*", &[Brotli, Gzip]),
            ("*;q=0, br", &[Brotli]),
            ("identity", &[]),
            ("", &[]),
            ("brotli", &[]),
            ("br; q=x", &[]),
        ] {
            assert_eq!(codings(accept), expected, "{accept}");
        }
    }

    #[test]
    fn tags_match_in_lists_and_whatever_their_strength() {
        assert!(matches("\"a\", W/\"b\"", "\"b\"") && matches("*", "\"x\""));
        assert!(!matches("\"ab\"", "\"a\"") && !matches("", "\"a\""));
    }
}
