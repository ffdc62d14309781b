//! What may be wrong with a file; every message names the tensor or field,
//! what was given and what was expected.

use std::fmt;
use std::ops::Deref;

/// The kinds of mistake. The text form is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A web page, most often a server's error page under a model's address.
    Html,
    /// The file ends before its header or its data do.
    Truncated,
    /// The header announces more bytes or values than any real file has.
    HeaderTooLarge,
    /// The header is not the JSON that the format asks for.
    InvalidHeader,
    /// A name stands twice in one object.
    DuplicateName,
    /// An element type that the format does not have.
    UnknownDtype,
    /// Sizes that are no sizes, or do not fit the tensor's bytes.
    InvalidShape,
    /// Tensors that overlap, leave holes or end elsewhere than the file.
    InvalidOffsets,
    /// A tensor that the reader needs is not there.
    MissingTensor,
    /// A tensor has another element type or number of elements than needed.
    WrongTensor,
}

impl Code {
    /// The stable name that crosses the boundary.
    pub fn name(self) -> &'static str {
        match self {
            Code::Html => "FILE_IS_HTML",
            Code::Truncated => "FILE_TRUNCATED",
            Code::HeaderTooLarge => "HEADER_TOO_LARGE",
            Code::InvalidHeader => "INVALID_HEADER",
            Code::DuplicateName => "DUPLICATE_NAME",
            Code::UnknownDtype => "UNKNOWN_DTYPE",
            Code::InvalidShape => "INVALID_SHAPE",
            Code::InvalidOffsets => "INVALID_OFFSETS",
            Code::MissingTensor => "MISSING_TENSOR",
            Code::WrongTensor => "WRONG_TENSOR",
        }
    }
}

/// A refused file: code and a sentence for the person who gave it.
///
/// It is a single word, as most functions may return one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Mistake>);

/// What an [`Error`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The kind of mistake.
    pub code: Code,
    /// Names the tensor or field, what was given and what was expected.
    pub message: String,
}

impl Error {
    /// An error of one kind.
    #[cold]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Mistake {
            code,
            message: message.into(),
        }))
    }
}

impl Deref for Error {
    type Target = Mistake;

    fn deref(&self) -> &Mistake {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
