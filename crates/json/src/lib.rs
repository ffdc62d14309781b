//! JSON (RFC 8259) for specs and the headers of model files.
//!
//! It ships in the artifact, so it does only what is needed there: a
//! [`Value`] whose objects keep their order, [`parse`] with the place of what
//! is wrong, and text again. General libraries with ordered objects cost ten
//! times as much.
//!
//! ```
//! use json::{Value, parse};
//!
//! let value = parse(r#"{"sizes": [2, 3], "rate": 1e-3}"#).unwrap();
//! assert_eq!(value.get("rate").and_then(Value::as_f64), Some(0.001));
//! assert_eq!(value.to_text(), r#"{"sizes":[2,3],"rate":1e-3}"#);
//! assert_eq!(
//!     parse("[1,]").unwrap_err().to_string(),
//!     "expected a value, got \"]\" at byte 3"
//! );
//! ```
#![forbid(unsafe_code)]

mod number;
mod parser;
mod value;

pub use parser::{Error, Kind, Limits, Refusal, parse, parse_bytes, parse_within};
pub use value::Value;
