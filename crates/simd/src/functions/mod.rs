//! The transcendental functions of a lane, one a file.
//!
//! In `f32` each is a polynomial or rational approximation written once over
//! the vector; in `f64` ([`Std`]) it is std's, since `f64` serves as reference.
//! Each states its error bound as constants, for every finite input of its
//! domain, with a fused and with an unfused `mul_add`.

pub mod erf;
pub mod exp;
pub mod ln;
mod std;
pub mod tanh;

pub use self::std::Std;
pub use erf::Erf;
pub use exp::Exp;
pub use ln::Ln;
pub use tanh::Tanh;

/// A unary function of a vector, with its constants at hand.
///
/// Make it before a loop, apply it within.
pub trait Function<V>: Copy {
    /// Fetches the constants.
    fn new() -> Self;
    /// The function's value in each lane.
    fn apply(self, x: V) -> V;
}

/// A function that is a quotient times a constant: who multiplies the result
/// anyway has the two in one, `quotient(x) * (factor * y)`.
pub trait Quotient<V>: Function<V> {
    /// The function's value in each lane without the factor.
    fn quotient(self, x: V) -> V;
    /// The factor in every lane.
    fn factor(self) -> V;
}
