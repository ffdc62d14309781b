//! Malformed files: each kind of mistake has its code and a message that
//! names it; no sequence of bytes panics.

use format::{Code, SafeTensors, Values, Writer};

/// A file of this header and as many zero bytes of data.
fn file(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

#[track_caller]
fn refused(bytes: &[u8], code: Code, message: &str) {
    let error = SafeTensors::parse(bytes).expect_err(message);
    assert_eq!(
        (error.code, error.message.contains(message)),
        (code, true),
        "{error}\nexpected: {message}"
    );
}

/// Every header here is refused with this code and a message that says this.
#[test]
fn every_mistake_in_a_header_has_its_code() {
    use Code::{
        DuplicateName, InvalidHeader, InvalidOffsets, InvalidShape, Truncated, UnknownDtype,
    };
    let cases = [
        ("[]", 0, InvalidHeader, "header: expected an object, got []"),
        ("3", 0, InvalidHeader, "header: expected an object, got 3"),
        (
            "",
            0,
            InvalidHeader,
            "header: expected a value, got the end",
        ),
        (
            "{\"t\":",
            0,
            InvalidHeader,
            "header: expected a value, got the end",
        ),
        (
            "{} {}",
            0,
            InvalidHeader,
            "header: expected nothing more, got \"{\"",
        ),
        ("{\"t\":NaN}", 0, InvalidHeader, "header: expected"),
        (
            "{\"t\":[]}",
            0,
            InvalidHeader,
            "t: expected an object, got []",
        ),
        (
            "{\"__metadata__\":\"x\"}",
            0,
            InvalidHeader,
            "__metadata__: expected an object, got \"x\"",
        ),
        (
            "{\"__metadata__\":{\"k\":1}}",
            0,
            InvalidHeader,
            "__metadata__.k: expected a string, got 1",
        ),
        ("{\"t\":{}}", 0, InvalidHeader, "t: no \"dtype\""),
        (
            "{\"t\":{\"dtype\":32}}",
            0,
            InvalidHeader,
            "t.dtype: expected a string, got 32",
        ),
        (
            "{\"t\":{\"dtype\":\"F32\"}}",
            0,
            InvalidHeader,
            "t: no \"shape\"",
        ),
        (
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[1]}}",
            0,
            InvalidHeader,
            "t: no \"data_offsets\"",
        ),
        (
            "{\"t\":{\"dtype\":\"F8_E8\"}}",
            0,
            UnknownDtype,
            "t.dtype: expected one of BOOL",
        ),
        (
            "{\"t\":{\"dtype\":\"f32\"}}",
            0,
            UnknownDtype,
            "got \"f32\"",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "t.shape: expected an array",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "t.shape: expected an array of whole numbers, got [-2]",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "got [2.0]",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[null],"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "got [null]",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "got [\"2\"]",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "t.shape",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,1e1]}}"#,
            8,
            InvalidShape,
            "t.data_offsets",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
            8,
            InvalidHeader,
            "t.data_offsets: expected two",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}"#,
            8,
            InvalidHeader,
            "t.data_offsets: expected two",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
            8,
            InvalidShape,
            "t: F32 of shape [3] takes 12 bytes, but its data_offsets are [0, 8]",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
            8,
            InvalidShape,
            "data_offsets are [8, 0]",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,0]}}"#,
            0,
            InvalidShape,
            "too large to address",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
            12,
            InvalidOffsets,
            "t.data_offsets: begins at 4, expected 0",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            9,
            InvalidOffsets,
            "take 8 bytes, but 9 follow",
        ),
        (
            r#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            7,
            Truncated,
            "take 8 bytes, but the file ends 7",
        ),
        (
            r#"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"u":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            3,
            InvalidOffsets,
            "u.data_offsets: begins at 1, expected 2",
        ),
        (
            r#"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"u":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}"#,
            5,
            InvalidOffsets,
            "u.data_offsets: begins at 3, expected 2",
        ),
        (
            r#"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"u":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            2,
            InvalidOffsets,
            "data_offsets: begins at 0, expected 2",
        ),
        (
            r#"{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"t":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
            4,
            DuplicateName,
            "\"t\"",
        ),
        (
            r#"{"__metadata__":{"k":"a","k":"b"}}"#,
            0,
            DuplicateName,
            "\"k\"",
        ),
    ];
    for (header, data, code, message) in cases {
        refused(&file(header, data), code, message);
    }
}

#[test]
fn tensors_may_stand_in_any_order_of_the_header() {
    let bytes = file(
        r#"{"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"note":1}}   "#,
        3,
    );
    let read = SafeTensors::parse(&bytes).unwrap();
    assert_eq!(
        read.tensors()
            .map(|t| (t.name, t.len()))
            .collect::<Vec<_>>(),
        [("a", 1), ("b", 2)]
    );
}

#[test]
fn the_length_is_checked_before_the_header() {
    refused(b"", Code::Truncated, "the file has 0 bytes");
    refused(b"\x02\0\0\0\0\0\0", Code::Truncated, "the file has 7 bytes");
    refused(
        b"\x03\0\0\0\0\0\0\0{}",
        Code::Truncated,
        "a length of 3 bytes, but the file ends after 2",
    );
    refused(
        &u64::MAX.to_le_bytes(),
        Code::HeaderTooLarge,
        "a length of 18446744073709551615 bytes",
    );
    refused(
        b"\x02\0\0\0\0\0\0\0\xff}",
        Code::InvalidHeader,
        "not UTF-8 after 0 bytes",
    );
    refused(b"\n<!DOCTYPE html><html>", Code::Html, "web page");
    refused(b"<html lang=\"en\">", Code::Html, "web page");
}

#[test]
fn a_header_that_would_explode_is_refused() {
    let many = format!("{{\"a\":[{}0]}}", "0,".repeat(1 << 20));
    refused(&file(&many, 0), Code::HeaderTooLarge, "too many values");
    refused(&file("[[[[", 0), Code::HeaderTooLarge, "nested too deep");
}

#[test]
fn what_is_shown_of_a_wrong_value_is_short() {
    let header = format!("{{\"t\":\"{}\"}}", "人".repeat(1000));
    let error = SafeTensors::parse(&file(&header, 0)).unwrap_err();
    assert!(error.message.chars().count() < 100, "{error}");
}

/// A small sound file with every part that the format has.
fn sound() -> Vec<u8> {
    let mut writer = Writer::new();
    writer.text("spec", "{\"version\":1}").unwrap();
    writer
        .tensor(
            "linear.weight",
            &[2, 3],
            Values::F32(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        )
        .unwrap();
    writer
        .tensor("linear.bias", &[2], Values::F32(&[0.5, -0.5]))
        .unwrap();
    writer.tensor("step", &[], Values::I64(&[9])).unwrap();
    writer.finish()
}

/// Reads everything a parsed file offers.
fn read_all(bytes: &[u8]) -> Result<usize, format::Error> {
    let read = SafeTensors::parse(bytes)?;
    let mut elements = 0;
    for tensor in read.tensors() {
        elements += tensor.to_f32().map_or(0, |v| v.len()) + tensor.to_i64().map_or(0, |v| v.len());
    }
    Ok(elements)
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = sound();
    assert_eq!(read_all(&bytes), Ok(9));
    for end in 0..bytes.len() {
        assert!(
            read_all(&bytes[..end]).is_err(),
            "cut at {end} of {}",
            bytes.len()
        );
    }
}

/// xorshift64*: a fixed sequence, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n
    }
}

#[test]
fn random_mutations_are_read_or_refused() {
    let original = sound();
    let header_end = original.len() - 40;
    let pieces: [&[u8]; 12] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b"\\",
        b":",
        b",",
        b"-1",
        b"1e999",
        b"99999999999999999999",
        b"\xff",
    ];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut sound, mut refused) = (0, 0);
    for _ in 0..10_000 {
        let mut bytes = original.clone();
        for _ in 0..1 + random.below(3) {
            let at = random.below(header_end.min(bytes.len()));
            match random.below(5) {
                0 => bytes[at] = random.below(256) as u8,
                1 => bytes[at] ^= 1 << random.below(8),
                2 => drop(bytes.remove(at)),
                3 => drop(bytes.splice(at..at, pieces[random.below(pieces.len())].iter().copied())),
                _ => bytes[at] = b"0123456789"[random.below(10)],
            }
        }
        match read_all(&bytes) {
            Ok(_) => sound += 1,
            Err(error) => {
                assert!(!error.message.is_empty());
                refused += 1;
            }
        }
    }
    assert!(
        sound > 100 && refused > 5_000,
        "{sound} read, {refused} refused"
    );
}
