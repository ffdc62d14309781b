//! Numbers for tests, the same on every run and host.

use simd::Element;

/// xorshift64* (G. Marsaglia 2003, S. Vigna 2016).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator that is wholly decided by `seed`.
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds start far apart, and no seed starts at zero.
        Self((seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9) | 1)
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }

    /// A number in [low, high).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.bits()) / 4_294_967_296.0
    }

    /// A number of the standard normal distribution (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        // 1 - u is never 0.
        let radius = (-2.0 * (1.0 - self.uniform(0.0, 1.0)).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform(0.0, 1.0)).cos()
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.uniform(0.0, n as f64) as usize
    }

    /// `count` numbers in [low, high).
    pub fn uniforms<E: Element>(&mut self, count: usize, low: f64, high: f64) -> Vec<E> {
        (0..count)
            .map(|_| E::from_f64(self.uniform(low, high)))
            .collect()
    }

    /// `count` numbers of the standard normal distribution.
    pub fn normals<E: Element>(&mut self, count: usize) -> Vec<E> {
        (0..count).map(|_| E::from_f64(self.normal())).collect()
    }

    /// `count` ids below `n`.
    pub fn ids(&mut self, count: usize, n: usize) -> Vec<i32> {
        (0..count).map(|_| self.below(n) as i32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence_and_another_seed_another() {
        let draw = |seed| Random::new(seed).normals::<f64>(8);
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert_ne!(draw(0), draw(1));
    }

    #[test]
    fn moments_are_those_of_the_distribution() {
        let count = 100_000;
        let moments = |x: Vec<f64>| {
            let mean = x.iter().sum::<f64>() / count as f64;
            (
                mean,
                x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count as f64,
            )
        };
        let (mean, variance) = moments(Random::new(3).normals(count));
        assert!(
            mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02,
            "{mean} {variance}"
        );
        let (mean, variance) = moments(Random::new(4).uniforms(count, -1.0, 5.0));
        assert!(
            (mean - 2.0).abs() < 0.02 && (variance - 3.0).abs() < 0.03,
            "{mean} {variance}"
        );
    }

    #[test]
    fn ids_cover_their_range_and_stay_in_it() {
        let ids = Random::new(5).ids(1000, 7);
        for id in 0..7 {
            let times = ids.iter().filter(|&&i| i == id).count();
            assert!((90..200).contains(&times), "{id} came {times} times");
        }
        assert!(ids.iter().all(|id| (0..7).contains(id)));
    }
}
