//! Decimal numbers to the nearest `f64`.
//!
//! std's conversion is faster, and brings a table of ten kilobytes that no
//! compression makes smaller. A spec has a few dozen numbers.

/// Digits beyond these cannot decide a tie between two `f64`s, but for being
/// zero or not: the longest exact middle between two has 767.
const MOST_DIGITS: usize = 770;

/// A natural number, least significant limb first, without leading zeros.
struct Natural(Vec<u32>);

impl Natural {
    /// `self · factor + term`.
    #[inline(never)]
    fn multiply_add(&mut self, factor: u32, term: u32) {
        let mut carry = u64::from(term);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn bits(&self) -> i32 {
        let top = self.0.last().map_or(0, |limb| limb.leading_zeros());
        self.0.len() as i32 * 32 - top as i32
    }

    fn double(&mut self, times: i32) {
        for _ in 0..times {
            self.multiply_add(2, 0);
        }
    }

    /// Subtracts `other` if it is not larger; tells whether it did.
    fn subtract(&mut self, other: &Self) -> bool {
        if self.0.len() != other.0.len() {
            if self.0.len() < other.0.len() {
                return false;
            }
        } else if self.0.iter().rev().lt(other.0.iter().rev()) {
            return false;
        }
        let mut borrow = 0;
        for (i, limb) in self.0.iter_mut().enumerate() {
            let less = i64::from(*limb) - i64::from(other.0.get(i).copied().unwrap_or(0)) - borrow;
            *limb = less as u32;
            borrow = i64::from(less < 0);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        true
    }
}

/// The nearest `f64` of a number that JSON's grammar allows, ties to even;
/// infinite where it is too large.
pub fn to_f64(text: &str) -> f64 {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    // Any exponent that does not fit is beyond every f64 all the same.
    let most = if exponent.starts_with('-') {
        -1_000_000
    } else {
        1_000_000
    };
    let mut exponent = exponent
        .parse()
        .map_or(most, |e: i32| e.clamp(-1_000_000, 1_000_000));
    let (mut natural, mut count, mut sticky, mut fraction) = (Natural(Vec::new()), 0, false, false);
    for digit in digits.bytes() {
        match digit {
            b'.' => fraction = true,
            b'0'..=b'9' if count < MOST_DIGITS => {
                natural.multiply_add(10, u32::from(digit - b'0'));
                count += usize::from(!natural.0.is_empty());
                exponent -= i32::from(fraction);
            }
            b'0'..=b'9' => {
                sticky |= digit != b'0';
                exponent += i32::from(!fraction);
            }
            _ => {}
        }
    }
    if sticky {
        natural.multiply_add(10, 1);
        exponent -= 1;
    }
    let size = match natural.0.is_empty() || count as i32 + exponent < -330 {
        true => 0.0,
        false if count as i32 + exponent > 310 => f64::INFINITY,
        false => scaled(natural, exponent),
    };
    if digits.starts_with('-') { -size } else { size }
}

/// `numerator · 10^exponent`, rounded.
fn scaled(mut numerator: Natural, exponent: i32) -> f64 {
    let mut denominator = Natural(vec![1]);
    for _ in 0..exponent {
        numerator.multiply_add(10, 0);
    }
    for _ in exponent..0 {
        denominator.multiply_add(10, 0);
    }
    // Of one length, their quotient is between 1/2 and 2.
    let shift = numerator.bits() - denominator.bits();
    denominator.double(shift);
    numerator.double(-shift);
    // 64 bits of it, in units of 2^unit; what remains decides ties.
    let mut quotient = 0u64;
    for _ in 0..64 {
        quotient = quotient << 1 | u64::from(numerator.subtract(&denominator));
        numerator.double(1);
    }
    let unit = shift - 63;
    let length = 64 - quotient.leading_zeros() as i32;
    // A normal f64 has 53 bits; none goes below 2^-1074.
    let dropped = (length - 53).max(-1074 - unit);
    if dropped > 64 {
        return 0.0;
    }
    let kept = quotient.checked_shr(dropped as u32).unwrap_or(0);
    let half = 1 << (dropped - 1);
    let rest = quotient & ((half - 1) | half);
    let up = match rest.cmp(&half) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => kept & 1 == 1 || !numerator.0.is_empty(),
        std::cmp::Ordering::Greater => true,
    };
    let exponent = unit + dropped;
    let power = match exponent {
        -1022.. => f64::from_bits(((exponent.min(1023) + 1023) as u64) << 52),
        _ => f64::from_bits(1 << (exponent + 1074)),
    };
    (kept + u64::from(up)) as f64 * power
}
