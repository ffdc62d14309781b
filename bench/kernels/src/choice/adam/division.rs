//! Fewer divisions, or none.

use core::arch::wasm32::{
    f32x4_lt, f32x4_pmax, i32x4_all_true, i32x4_sub, v128, v128_and, v128_load, v128_store,
};

use simd::{Vector, slice};

use super::{Adam, FEW, RATE, SETTINGS, Way, constant, steps};
use crate::V;

/// What a step's loop needs; the bias correction of the root is in `rate` and
/// `eps`, as in production.
#[derive(Clone, Copy)]
struct Constants {
    decay: V,
    mean_part: V,
    square_part: V,
    rate: V,
    eps: V,
}

impl Constants {
    fn new(step: i32) -> Self {
        let Adam { beta1, beta2, eps } = SETTINGS;
        let correction = (1.0 - beta2.powi(step)).sqrt();
        Self {
            decay: constant(0.0),
            mean_part: constant(1.0 - beta1),
            square_part: constant(1.0 - beta2),
            rate: constant(-RATE / (1.0 - beta1.powi(step)) * correction),
            eps: constant(eps * correction),
        }
    }

    /// The next mean and square.
    #[inline(always)]
    fn moments(self, d: V, param: V, mean: V, square: V) -> [V; 2] {
        let g = param.mul_add(self.decay, d);
        [
            g.sub(mean).mul_add(self.mean_part, mean),
            g.mul(g).sub(square).mul_add(self.square_part, square),
        ]
    }
}

/// The register of a vector.
#[inline(always)]
fn register(x: V) -> v128 {
    let mut lanes = [0.0; 4];
    x.store(&mut lanes);
    // SAFETY: the lanes are a register's.
    unsafe { v128_load(lanes.as_ptr().cast()) }
}

/// The vector of a register.
#[inline(always)]
fn vector(register: v128) -> V {
    let mut lanes = [0.0; 4];
    // SAFETY: the lanes are a register's.
    unsafe { v128_store(lanes.as_mut_ptr().cast(), register) };
    V::load(&lanes)
}

/// One division for two vectors, as 1/a is b/ab, unless a product is too small or
/// too large for that.
pub fn shared() -> Way {
    steps::<FEW>(by_pairs)
}

#[inline(never)]
fn by_pairs(step: i32, gradient: &[f32], [param, mean, square]: [&mut [f32]; 3]) {
    let constants = Constants::new(step);
    let (least, most) = (register(constant(1e-30)), register(constant(1e30)));
    let count = gradient.len() / 8 * 8;
    assert!(param.len() >= count && mean.len() >= count && square.len() >= count);
    let d = gradient.as_ptr();
    let [p, m, s] = [param, mean, square].map(|s| s.as_mut_ptr());
    for at in (0..count).step_by(8) {
        // SAFETY: the lengths were checked, and are multiples of eight.
        unsafe {
            let mut means = [V::zero(); 2];
            let mut divisors = [V::zero(); 2];
            for half in 0..2 {
                let at = at + 4 * half;
                let [mean, square] = constants.moments(
                    V::load_ptr(d.add(at)),
                    V::load_ptr(p.add(at)),
                    V::load_ptr(m.add(at)),
                    V::load_ptr(s.add(at)),
                );
                mean.store_ptr(m.add(at));
                square.store_ptr(s.add(at));
                means[half] = mean;
                divisors[half] = square.sqrt().add(constants.eps);
            }
            let [first, second] = divisors;
            let product = register(first.mul(second));
            let in_range = v128_and(f32x4_lt(least, product), f32x4_lt(product, most));
            let factors = if i32x4_all_true(in_range) {
                let both = constants.rate.div(vector(product));
                [both.mul(second), both.mul(first)]
            } else {
                [constants.rate.div(first), constants.rate.div(second)]
            };
            for half in 0..2 {
                let at = at + 4 * half;
                let param = means[half].mul_add(factors[half], V::load_ptr(p.add(at)));
                param.store_ptr(p.add(at));
            }
        }
    }
}

/// No division: a reciprocal guessed from the bits, and made exact by steps of
/// multiplications and additions.
pub fn by_newton() -> Way {
    steps::<FEW>(newton)
}

#[inline(never)]
fn newton(step: i32, gradient: &[f32], state: [&mut [f32]; 3]) {
    let constants = Constants::new(step);
    let (one, eps) = (constant(1.0), constants.eps.neg());
    // Less the bits of a number these are, within 6 %, the number's reciprocal.
    // The highest bit is there because what is given is negative.
    let guess = register(V::constant(f32::from_bits(0xfef3_11c7)));
    // Below it the guess would not be a number.
    let lowest = register(constant(-4e37));
    slice::update(state, [gradient], |[param, mean, square]: [V; 3], [d]| {
        let [mean, square] = constants.moments(d, param, mean, square);
        let minus = f32x4_pmax(register(eps.sub(square.sqrt())), lowest);
        let (minus, near) = (vector(minus), vector(i32x4_sub(guess, minus)));
        let error = minus.mul_add(near, one);
        let near = error.mul_add(error, error).mul_add(near, near);
        let reciprocal = minus.mul_add(near, one).mul_add(near, near);
        [
            mean.mul(reciprocal).mul_add(constants.rate, param),
            mean,
            square,
        ]
    });
}
