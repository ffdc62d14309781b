use crate::{Element, Function, Portable, Quotient, Vector};

/// A function of `f64` lanes, computed by std lane after lane.
#[derive(Clone, Copy)]
pub struct Std<const WHICH: u8>;

impl Std<0> {
    /// Which: eˣ
    pub const EXP: u8 = 0;
    /// Which: tanh
    pub const TANH: u8 = 1;
    /// Which: ln
    pub const LN: u8 = 2;
    /// Which: erf
    pub const ERF: u8 = 3;
}

impl<const WHICH: u8> Function<Portable<f64>> for Std<WHICH> {
    #[inline(always)]
    fn new() -> Self {
        Self
    }

    #[inline(always)]
    fn apply(self, x: Portable<f64>) -> Portable<f64> {
        x.map(match WHICH {
            Std::EXP => Element::exp,
            Std::TANH => Element::tanh,
            Std::LN => Element::ln,
            _ => Element::erf,
        })
    }
}

impl<const WHICH: u8> Quotient<Portable<f64>> for Std<WHICH> {
    #[inline(always)]
    fn quotient(self, x: Portable<f64>) -> Portable<f64> {
        self.apply(x)
    }

    #[inline(always)]
    fn factor(self) -> Portable<f64> {
        Portable::splat(1.0)
    }
}
