//! What is JSON, what is not, and where it stops being so.

use json::{Kind, Limits, Value, parse, parse_bytes, parse_within};

#[test]
fn values_are_read_in_order_and_written_again() {
    let text = r#" { "b" : [ 1 , -2.50e+3, [], {} ],
        "a":	{"é𝄞":"\"\\\/\b\f\n\r\tx","\u0061\u00e9\ud834\udd1e":null},"t":true,"f":false } "#;
    let value = parse(text).unwrap();
    let written = concat!(
        r#"{"b":[1,-2.50e+3,[],{}],"a":{"é𝄞":"\"\\/\u0008\u000c\u000a\u000d\u0009x","aé𝄞":null},"#,
        r#""t":true,"f":false}"#
    );
    assert_eq!(value.to_text(), written);
    assert_eq!(parse(written).unwrap(), value);
    let names: Vec<_> = value
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["b", "a", "t", "f"]);
    assert_eq!(value.get("t").and_then(Value::as_bool), Some(true));
    assert_eq!(value.get("missing"), None);
    assert_eq!(
        value.get("b").and_then(Value::as_array).map(<[_]>::len),
        Some(4)
    );
    let built = Value::object([
        ("n", 3.into()),
        ("s", Value::strings(["x", "\u{1f}"])),
        ("d", [1, 2][..].into()),
    ]);
    assert_eq!(built.to_text(), r#"{"n":3,"s":["x","\u001f"],"d":[1,2]}"#);
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, message) in [
        ("", "expected a value, got the end at byte 0"),
        ("  ", "expected a value, got the end at byte 2"),
        ("nul", "expected a value, got \"n\" at byte 0"),
        ("é", "expected a value, got \"é\" at byte 0"),
        ("{]", "expected a name in quotes, got \"]\" at byte 1"),
        ("{\"a\" 1}", "expected \":\", got \"1\" at byte 5"),
        (
            "{\"a\":1,}",
            "expected a name in quotes, got \"}\" at byte 7",
        ),
        ("{\"a\":1", "expected \",\" or \"}\", got the end at byte 6"),
        ("[1 2]", "expected \",\" or \"]\", got \"2\" at byte 3"),
        ("[1,]", "expected a value, got \"]\" at byte 3"),
        ("1 x", "expected nothing more, got \"x\" at byte 2"),
        ("01", "expected nothing more, got \"1\" at byte 1"),
        ("-", "expected a digit, got the end at byte 1"),
        ("1.", "expected a digit, got the end at byte 2"),
        ("1e+", "expected a digit, got the end at byte 3"),
        ("+1", "expected a value, got \"+\" at byte 0"),
        ("\"a", "expected the end of a string, got the end at byte 2"),
        (
            "\"a\n\"",
            "expected the end of a string, got \"\n\" at byte 2",
        ),
        ("\"\\x\"", "expected an escape, got \"x\" at byte 2"),
        ("\"\\é\"", "expected an escape, got \"é\" at byte 2"),
        ("\"\\", "expected an escape, got the end at byte 2"),
        (
            "\"\\u12g4\"",
            "expected a hexadecimal digit, got \"g\" at byte 5",
        ),
        ("\"\\ud834\"", "half a surrogate pair at byte 7"),
        ("\"\\ud834\\u0041\"", "half a surrogate pair at byte 13"),
        ("\"\\udd1e\"", "half a surrogate pair at byte 7"),
        (
            "{\"a\":1,\"\\u0061\":2}",
            "the name \"a\" stands twice in one object that ends at byte 18",
        ),
    ] {
        assert_eq!(parse(text).unwrap_err().message, message, "{text}");
    }
    assert_eq!(
        parse("{\"\":{},\"\":1}").unwrap_err().kind,
        Kind::DuplicateName
    );
    assert!(parse("{\"a\":{\"a\":1},\"b\":{\"a\":1}}").is_ok());
}

#[test]
fn no_prefix_of_a_text_is_a_text_or_a_panic() {
    let text = r#"{"é𝄞\ud834\udd1e\n":[1.5e-3,null,true,false,{"a":""}]}"#;
    assert!(parse(text).is_ok());
    for (end, _) in text.char_indices() {
        assert_eq!(parse(&text[..end]).unwrap_err().kind, Kind::Syntax, "{end}");
    }
}

#[test]
fn limits_hold() {
    let limits = Limits {
        depth: 2,
        values: 4,
    };
    assert!(parse_within("[[1,2]]", limits).is_ok());
    assert_eq!(
        parse_within("[[1,2,3]]", limits).unwrap_err().kind,
        Kind::TooLarge
    );
    assert_eq!(
        parse_within("[[[]]]", limits).unwrap_err().kind,
        Kind::TooLarge
    );
    assert_eq!(
        parse(&"[".repeat(100_000)).unwrap_err().kind,
        Kind::TooLarge
    );
    let deep = "[".repeat(64) + &"]".repeat(64);
    assert!(parse(&deep).is_ok());
}

#[test]
fn bytes_must_be_utf_8() {
    assert_eq!(parse_bytes(b"[1]"), parse("[1]"));
    let refused = parse_bytes(b"\"ab\xff\"").unwrap_err();
    assert_eq!(
        (refused.kind, refused.message.as_str()),
        (Kind::Syntax, "no UTF-8 after 3 bytes")
    );
}
