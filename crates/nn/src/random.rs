//! Random numbers by counter: each depends on a seed, the name of a stream and
//! an index, never on what was drawn before.
//!
//! Everything is integer arithmetic or exactly rounded `f64` arithmetic (no
//! function of the host's library), so that one seed gives the same bits in
//! every artifact and on every host.

use crate::error::Error;

/// A seed or a step as JavaScript gives it: a whole number that an `f64` holds
/// exactly. `name` is for messages.
pub fn whole(name: &str, number: f64) -> Result<u64, Error> {
    const MOST: f64 = 9_007_199_254_740_991.0;
    // Printing an `f64` would be a tenth of the artifact.
    let given = match number {
        _ if number.is_nan() => "NaN",
        _ if number < 0.0 => "one below 0",
        _ if number > MOST => "one above it",
        _ if number.fract() == 0.0 => return Ok(number as u64),
        _ => "a fraction",
    };
    let message = format!("{name}: expected a whole number from 0 to 2^53 - 1, got {given}");
    Err(Error::number(message))
}

/// The numbers `0..count` in an order that depends on seed and epoch alone.
pub fn shuffled(seed: u64, epoch: u32, count: u32) -> Vec<i32> {
    let mut order: Vec<i32> = (0..count.min(i32::MAX as u32) as i32).collect();
    let stream = Stream::new(seed, "shuffle").part(epoch.into());
    stream.shuffle(&mut order);
    order
}

/// A sequence of numbers of which each can be had by its index.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    key: u64,
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014, Stafford's mix 13).
fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// SplitMix64's increment: 2^64 divided by the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

impl Stream {
    /// The stream of this name under a seed.
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a, 64 bits.
        let name = name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| {
            (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self {
            key: mix(mix(seed.wrapping_add(GAMMA)) ^ name),
        }
    }

    /// The stream of the same name in, say, another epoch.
    pub fn part(self, number: u64) -> Self {
        Self {
            key: mix(self.key ^ mix(number.wrapping_add(GAMMA))),
        }
    }

    /// 64 random bits.
    pub fn bits(&self, index: u64) -> u64 {
        mix(self
            .key
            .wrapping_add(index.wrapping_add(1).wrapping_mul(GAMMA)))
    }

    /// Uniform in (0, 1): an odd multiple of 2^-53, so neither end is drawn.
    pub fn uniform(&self, index: u64) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 52) as f64;
        ((self.bits(index) >> 12) as f64 + 0.5) * STEP
    }

    /// Standard normal, by inversion of the distribution function.
    pub fn normal(&self, index: u64) -> f64 {
        normal_quantile(self.uniform(index))
    }

    /// A whole number below `n`, which is at least 1.
    pub fn below(&self, index: u64, n: usize) -> usize {
        ((u128::from(self.bits(index)) * n as u128) >> 64) as usize
    }

    /// Shuffles `items` (Fisher & Yates; Durstenfeld 1964).
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64, last + 1));
        }
    }
}

/// `c[0] + c[1] x + c[2] x² + …`
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, &c| sum * x + c)
}

/// The natural logarithm of a normal positive number, within 2 units in the
/// last place: x = m · 2^e with m in [√½, √2), ln m = 2 atanh((m - 1)/(m + 1)).
fn ln(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    let bits = x.to_bits();
    let exponent = (bits.wrapping_sub(SQRT_HALF) as i64) >> 52;
    let m = f64::from_bits(bits.wrapping_sub((exponent as u64) << 52));
    let s = (m - 1.0) / (m + 1.0);
    let square = s * s;
    let series = (0..11)
        .rev()
        .fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * s * series
}

/// The quantile of the standard normal distribution for 0 < p < 1, within one
/// part in 10^15 (algorithm AS 241, PPND16; Wichura 1988).
pub fn normal_quantile(p: f64) -> f64 {
    const CENTRE: ([f64; 8], [f64; 8]) = (
        [
            3.387_132_872_796_366_5,
            133.141_667_891_784_38,
            1_971.590_950_306_551_3,
            13_731.693_765_509_46,
            45_921.953_931_549_87,
            67_265.770_927_008_7,
            33_430.575_583_588_13,
            2_509.080_928_730_122_7,
        ],
        [
            1.0,
            42.313_330_701_600_91,
            687.187_007_492_057_9,
            5_394.196_021_424_751,
            21_213.794_301_586_597,
            39_307.895_800_092_71,
            28_729.085_735_721_943,
            5_226.495_278_852_854,
        ],
    );
    const MIDDLE: ([f64; 8], [f64; 8]) = (
        [
            1.423_437_110_749_683_5,
            4.630_337_846_156_546,
            5.769_497_221_460_691,
            3.647_848_324_763_204_5,
            1.270_458_252_452_368_4,
            0.241_780_725_177_450_6,
            0.022_723_844_989_269_184,
            0.000_774_545_014_278_341_4,
        ],
        [
            1.0,
            2.053_191_626_637_759,
            1.676_384_830_183_803_8,
            0.689_767_334_985_1,
            0.148_103_976_427_480_08,
            0.015_198_666_563_616_457,
            0.000_547_593_808_499_534_5,
            1.050_750_071_644_416_9e-9,
        ],
    );
    const TAIL: ([f64; 8], [f64; 8]) = (
        [
            6.657_904_643_501_103,
            5.463_784_911_164_114,
            1.784_826_539_917_291_3,
            0.296_560_571_828_504_87,
            0.026_532_189_526_576_124,
            0.001_242_660_947_388_078_4,
            2.711_555_568_743_487_6e-5,
            2.010_334_399_292_288_1e-7,
        ],
        [
            1.0,
            0.599_832_206_555_888,
            0.136_929_880_922_735_8,
            0.014_875_361_290_850_615,
            0.000_786_869_131_145_613_3,
            1.846_318_317_510_054_8e-5,
            1.421_511_758_316_446e-7,
            2.044_263_103_389_939_7e-15,
        ],
    );
    let ratio =
        |(above, below): ([f64; 8], [f64; 8]), r| polynomial(&above, r) / polynomial(&below, r);
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(CENTRE, 0.180_625 - q * q);
    }
    let r = (-ln(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let size = if r <= 5.0 {
        ratio(MIDDLE, r - 1.6)
    } else {
        ratio(TAIL, r - 5.0)
    };
    size.copysign(q)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_name_and_index_give_the_same_bits_everywhere() {
        let stream = Stream::new(7, "lstm.weight_ih_l0");
        assert_eq!(
            [stream.bits(0), stream.bits(1), stream.part(1).bits(0)],
            [
                0x7e24_c32e_aa3c_9b2c,
                0xb797_59d4_3ce7_49fe,
                0x97e7_3710_4a6d_64b9
            ],
        );
        assert_eq!(stream.normal(3).to_bits(), 0xc000_fb19_cf12_c338);
    }

    #[test]
    fn seeds_names_parts_and_indices_all_matter() {
        let draws = [
            Stream::new(1, "a").bits(0),
            Stream::new(2, "a").bits(0),
            Stream::new(1, "b").bits(0),
            Stream::new(1, "a").part(0).bits(0),
            Stream::new(1, "a").part(1).bits(0),
            Stream::new(1, "a").bits(1),
        ];
        for (i, a) in draws.iter().enumerate() {
            assert!(!draws[..i].contains(a), "{i}");
        }
    }

    #[test]
    fn logarithms_agree_with_the_standard_librarys() {
        let stream = Stream::new(1, "ln");
        for index in 0..10_000 {
            let x = stream.uniform(index) * 10f64.powi((index % 40) as i32 - 20);
            let (actual, expected) = (ln(x), x.ln());
            assert!(
                (actual - expected).abs() <= 4e-16 * expected.abs().max(1.0),
                "ln {x:e}: {actual} {expected}"
            );
        }
        assert_eq!(ln(1.0), 0.0);
    }

    /// Expected values from Python's `statistics.NormalDist().inv_cdf`; the
    /// tails reach the smallest numbers that are drawn.
    #[test]
    fn quantiles_are_the_normal_distributions() {
        let cases = [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.9, 1.281_551_565_544_600_8),
            (0.6, 0.253_347_103_135_799_8),
            (0.001, -3.090_232_306_167_813),
            (1e-12, -7.034_483_825_301_132),
            (1e-16, -8.222_082_216_130_435),
        ];
        for (p, expected) in cases {
            let actual = normal_quantile(p);
            assert!(
                (actual - expected).abs() <= 1e-14 * f64::max(1.0, expected.abs()),
                "{p}: {actual} {expected}"
            );
        }
    }

    /// Mean, variance and fourth moment within five standard errors.
    #[test]
    fn moments_are_those_of_the_distributions() {
        const N: usize = 100_000;
        let stream = Stream::new(3, "moments");
        let moments = |draw: &dyn Fn(u64) -> f64| {
            let mut sums = [0.0; 3];
            for index in 0..N as u64 {
                let x = draw(index);
                sums = [sums[0] + x, sums[1] + x * x, sums[2] + x.powi(4)];
            }
            sums.map(|s| s / N as f64)
        };
        let error = 5.0 / (N as f64).sqrt();
        let [mean, second, fourth] = moments(&|i| stream.normal(i));
        assert!(
            mean.abs() < error
                && (second - 1.0).abs() < 1.5 * error
                && (fourth - 3.0).abs() < 10.0 * error
        );
        let [mean, second, fourth] = moments(&|i| 2.0 * stream.uniform(i) - 1.0);
        assert!(
            mean.abs() < error
                && (second - 1.0 / 3.0).abs() < error
                && (fourth - 0.2).abs() < error
        );
    }

    #[test]
    fn shuffles_are_permutations_and_every_place_is_as_likely() {
        let mut counts = [[0usize; 5]; 5];
        for epoch in 0..10_000 {
            let mut items = [0, 1, 2, 3, 4];
            Stream::new(1, "shuffle").part(epoch).shuffle(&mut items);
            for (place, &item) in items.iter().enumerate() {
                counts[item][place] += 1;
            }
        }
        for (item, places) in counts.iter().enumerate() {
            assert_eq!(places.iter().sum::<usize>(), 10_000);
            assert!(
                places.iter().all(|n| n.abs_diff(2000) < 200),
                "{item}: {places:?}"
            );
        }
        Stream::new(1, "shuffle").shuffle::<u8>(&mut []);
    }
}
