//! The kernels' suites, one a file.
//!
//! Each is a function `cases()` that is generic over nothing: a suite decides
//! itself with which vectors its cases run (usually [`simd::F32`] with a
//! tolerance and [`simd::F64`] tightly).

use crate::case::Case;

macro_rules! suites {
    ($($suite:ident)*) => {
        $(pub mod $suite;)*

        /// Every case of every suite, named `suite: case`.
        pub fn all() -> Vec<Case> {
            let mut all = Vec::new();
            $(for case in $suite::cases() {
                all.push(Case { name: format!("{}: {}", stringify!($suite), case.name), ..case });
            })*
            all
        }

        #[cfg(test)]
        mod tests {
            $(#[test]
            fn $suite() {
                if let Err(report) = crate::case::run_all(&super::$suite::cases()) {
                    panic!("{report}");
                }
            })*
        }
    };
}

// A line each; `cargo test -p ostinato-testing suites::tests::slice` runs one.
suites! {
    rnn
    lstm
    gru
    gemm
    attend
    conv
    crf
    lookup
    pool
    slice
    vector
    unary
    activation
    softmax
    elementwise
    reduce
    dropout
    layer_norm
    gamma
    losses
    cross_entropy
    optim
}
