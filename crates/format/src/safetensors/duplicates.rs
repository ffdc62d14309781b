//! What must be known about a header before a JSON tree is built of it.

use serde_json::{Map, Value};

use crate::error::{Code, Error};

/// The most values a header may hold. A tree takes dozens of bytes a value
/// where its text takes two: without a bound, a file of nothing but `0,0,0,`
/// would exhaust the memory.
const MAX_VALUES: usize = 1 << 20;

/// A header is an object of objects of arrays.
const MAX_DEPTH: usize = 3;

/// Refuses names that stand twice in one object, of which a JSON tree keeps
/// only the last, and headers deeper or with more values than any real one.
///
/// Text that is no JSON passes as far as it goes: the parser reports it.
pub(super) fn check(header: &str) -> Result<(), Error> {
    let bytes = header.as_bytes();
    let mut objects: Vec<Map<String, Value>> = Vec::new();
    let (mut depth, mut values) = (0usize, 0usize);
    let mut last_string = 0..0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let start = at;
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                last_string = start..at + 1;
            }
            b':' => {
                let name = header.get(last_string.clone()).map(serde_json::from_str);
                if let (Some(names), Some(Ok(Value::String(name)))) = (objects.last_mut(), name)
                    && names.insert(name.clone(), Value::Null).is_some()
                {
                    return Err(Error::new(
                        Code::DuplicateName,
                        format!("header: the name \"{name}\" stands twice in one object"),
                    ));
                }
            }
            b'{' | b'[' => {
                depth += 1;
                if bytes[at] == b'{' {
                    objects.push(Map::new());
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if bytes[at] == b'}' {
                    objects.pop();
                }
            }
            b',' => values += 1,
            _ => {}
        }
        if depth > MAX_DEPTH || values > MAX_VALUES {
            return Err(Error::new(
                Code::HeaderTooLarge,
                format!("header: more than {MAX_VALUES} values, or nested deeper than {MAX_DEPTH}"),
            ));
        }
        at += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(header: &str) -> Option<Code> {
        check(header).err().map(|error| error.code)
    }

    #[test]
    fn a_repeated_name_is_found_in_any_object_and_any_spelling() {
        assert_eq!(code(r#"{"a":{"x":1},"b":{"x":2}}"#), None);
        assert_eq!(code(r#"{"a":"a","b":["a","a"]}"#), None);
        assert_eq!(code(r#"{"a":1,"b":2,"a":3}"#), Some(Code::DuplicateName));
        assert_eq!(code(r#"{"a":1,"\u0061":3}"#), Some(Code::DuplicateName));
        assert_eq!(
            code(r#"{"t":{"x" : 1, "x" : 2}}"#),
            Some(Code::DuplicateName)
        );
        assert_eq!(code(r#"{"a":1,"b\"":2,"a":3}"#), Some(Code::DuplicateName));
        assert_eq!(code(r#"{"a\"":1,"a\\":2,"a:":3,"{":4}"#), None);
    }

    #[test]
    fn a_header_that_would_explode_is_refused() {
        assert_eq!(
            code(&format!("{{\"a\":[{}0]}}", "0,".repeat(MAX_VALUES + 1))),
            Some(Code::HeaderTooLarge)
        );
        assert_eq!(code("[[[["), Some(Code::HeaderTooLarge));
    }

    #[test]
    fn text_that_is_no_json_passes_to_the_parser() {
        for text in ["", "\"", "\"\\", "}}}:", ":::", "{\"a", "]{:\"é\":"] {
            assert_eq!(code(text), None, "{text}");
        }
    }
}
