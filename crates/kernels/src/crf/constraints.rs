//! Which transitions a tag scheme allows.

use std::fmt;

/// How spans are written as tags. A tag is `O` or a letter of the scheme,
/// alone or followed by a hyphen and a type: `B-PER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `B` begins a span, `I` goes on with it (also called IOB2).
    Bio,
    /// `B`, `I`, and `E` at the end; `S` is a span of one.
    Bioes,
    /// `B`, `M`, `E`, `S`: [`Scheme::Bioes`] with another letter inside.
    Bmes,
}

/// A tag that is not one of the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTag {
    /// Its index in the list.
    pub index: usize,
}

impl fmt::Display for UnknownTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tag {} is not one of the scheme", self.index)
    }
}

impl std::error::Error for UnknownTag {}

/// Where in a span a tag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Outside,
    Begin,
    Inside,
    End,
    Single,
}

impl Place {
    /// A span is open after this tag, and must go on in a scheme with ends.
    fn opens(self) -> bool {
        matches!(self, Place::Begin | Place::Inside)
    }

    /// Only an open span can be before this tag.
    fn continues(self) -> bool {
        matches!(self, Place::Inside | Place::End)
    }
}

impl Scheme {
    /// The scheme of a name in lower case: `bio`, `bioes`, `bmes`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "bio" => Some(Scheme::Bio),
            "bioes" => Some(Scheme::Bioes),
            "bmes" => Some(Scheme::Bmes),
            _ => None,
        }
    }

    fn marks_ends(self) -> bool {
        self != Scheme::Bio
    }

    /// Place and type of one tag.
    fn read(self, tag: &str) -> Option<(Place, &str)> {
        if tag == "O" {
            return Some((Place::Outside, ""));
        }
        let (letter, kind) = tag.split_once('-').unwrap_or((tag, ""));
        let place = match (letter, self) {
            ("B", _) => Place::Begin,
            ("I", Scheme::Bio | Scheme::Bioes) | ("M", Scheme::Bmes) => Place::Inside,
            ("E", Scheme::Bioes | Scheme::Bmes) => Place::End,
            ("S", Scheme::Bioes | Scheme::Bmes) => Place::Single,
            _ => return None,
        };
        Some((place, kind))
    }

    /// Fills the masks of allowed starts `[tags]`, transitions `[tags, tags]`
    /// and ends `[tags]` for a list of tags.
    ///
    /// # Panics
    /// When a mask is shorter than the tags ask for.
    pub fn allow<S: AsRef<str>>(
        self,
        tags: &[S],
        start: &mut [bool],
        transitions: &mut [bool],
        end: &mut [bool],
    ) -> Result<(), UnknownTag> {
        let read = |index: usize| self.read(tags[index].as_ref()).ok_or(UnknownTag { index });
        for i in 0..tags.len() {
            let (from, kind) = read(i)?;
            start[i] = !from.continues();
            end[i] = !(self.marks_ends() && from.opens());
            for j in 0..tags.len() {
                let (to, next) = read(j)?;
                transitions[i * tags.len() + j] = if to.continues() {
                    from.opens() && kind == next
                } else {
                    end[i]
                };
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The allowed ways as text: `^` before the start, `$` after the end.
    fn ways(scheme: Scheme, tags: &[&str]) -> Vec<String> {
        let n = tags.len();
        let (mut start, mut transitions, mut end) =
            (vec![false; n], vec![false; n * n], vec![false; n]);
        assert_eq!(
            scheme.allow(tags, &mut start, &mut transitions, &mut end),
            Ok(())
        );
        let mut ways = Vec::new();
        for i in 0..n {
            ways.extend(start[i].then(|| format!("^ {}", tags[i])));
            ways.extend(
                (0..n)
                    .filter(|j| transitions[i * n + j])
                    .map(|j| format!("{} {}", tags[i], tags[j])),
            );
            ways.extend(end[i].then(|| format!("{} $", tags[i])));
        }
        ways.sort();
        ways
    }

    #[test]
    fn bio_goes_on_only_with_its_own_type() {
        let expected = [
            "B-X $", "B-X B-X", "B-X B-Y", "B-X I-X", "B-X O", "B-Y $", "B-Y B-X", "B-Y B-Y",
            "B-Y I-Y", "B-Y O", "I-X $", "I-X B-X", "I-X B-Y", "I-X I-X", "I-X O", "I-Y $",
            "I-Y B-X", "I-Y B-Y", "I-Y I-Y", "I-Y O", "O $", "O B-X", "O B-Y", "O O", "^ B-X",
            "^ B-Y", "^ O",
        ];
        assert_eq!(
            ways(Scheme::Bio, &["O", "B-X", "I-X", "B-Y", "I-Y"]),
            expected
        );
    }

    #[test]
    fn schemes_with_ends_leave_no_span_open() {
        let expected = [
            "B-X E-X", "B-X I-X", "E-X $", "E-X B-X", "E-X O", "E-X S-X", "I-X E-X", "I-X I-X",
            "O $", "O B-X", "O O", "O S-X", "S-X $", "S-X B-X", "S-X O", "S-X S-X", "^ B-X", "^ O",
            "^ S-X",
        ];
        assert_eq!(
            ways(Scheme::Bioes, &["O", "B-X", "I-X", "E-X", "S-X"]),
            expected
        );
        let renamed: Vec<String> = expected
            .iter()
            .map(|way| way.replace("I-X", "M-X"))
            .collect();
        let mut sorted = renamed.clone();
        sorted.sort();
        assert_eq!(
            ways(Scheme::Bmes, &["O", "B-X", "M-X", "E-X", "S-X"]),
            sorted
        );
    }

    #[test]
    fn word_segmentation_has_no_types() {
        let expected = [
            "B E", "B M", "E $", "E B", "E S", "M E", "M M", "S $", "S B", "S S", "^ B", "^ S",
        ];
        assert_eq!(ways(Scheme::Bmes, &["B", "M", "E", "S"]), expected);
    }

    #[test]
    fn types_may_contain_hyphens_and_must_agree() {
        let ways = ways(Scheme::Bioes, &["B-A-1", "E-A-1", "E-A-2"]);
        assert!(ways.contains(&"B-A-1 E-A-1".to_string()));
        assert!(!ways.contains(&"B-A-1 E-A-2".to_string()));
    }

    #[test]
    fn a_tag_of_another_scheme_is_named() {
        let check = |scheme: Scheme, tags: &[&str]| {
            scheme.allow(tags, &mut [false; 3], &mut [false; 9], &mut [false; 3])
        };
        assert_eq!(
            check(Scheme::Bio, &["O", "B-X", "E-X"]),
            Err(UnknownTag { index: 2 })
        );
        assert_eq!(
            check(Scheme::Bmes, &["O", "I-X"]),
            Err(UnknownTag { index: 1 })
        );
        assert_eq!(check(Scheme::Bioes, &["o"]), Err(UnknownTag { index: 0 }));
        assert_eq!(
            check(Scheme::Bio, &["LABEL_0"]),
            Err(UnknownTag { index: 0 })
        );
    }
}
