//! Dropout: what stays, how often, and that backward finds the same units.

use kernels::dropout::{dropout_backward, dropout_factor, dropout_forward};
use simd::{Element, F32, F64, Vector};

use crate::{Case, Random, assert_close};

const SALT: u32 = 0x1234_5678;

/// The suite.
pub fn cases() -> Vec<Case> {
    vec![
        Case::new("values and gradient f32", mask::<F32>),
        Case::new("values and gradient f64", mask::<F64>),
        Case::new("frequency", frequency),
        Case::new("independence of rows, units and passes", independence),
        Case::new("locked over time", locked),
        Case::new("as a whole", whole),
        Case::new("nothing and everything", ends),
        Case::new("the same bits everywhere", bits),
    ]
}

fn keys(rows: usize) -> Vec<u32> {
    let mut random = Random::new(rows as u64);
    (0..rows).map(|_| random.bits()).collect()
}

fn forward<V: Vector>(p: f64, salt: u32, keys: &[u32], x: &[V::Elem]) -> Vec<V::Elem> {
    let mut y = vec![V::Elem::from_f64(f64::NAN); x.len()];
    dropout_forward::<V>(p, salt, &|row| keys[row], keys.len(), x, &mut y);
    y
}

/// The mask of a pass: 1 where a unit stays.
fn stays(p: f64, salt: u32, keys: &[u32], width: usize) -> Vec<f64> {
    forward::<F64>(p, salt, keys, &vec![1.0 - p; keys.len() * width])
}

fn mask<V: Vector>() -> Result<(), String> {
    let mut random = Random::new(3);
    for (rows, width) in [(0, 4), (3, 0), (1, 1), (2, 3), (5, 8), (3, 17)] {
        let p = 0.3;
        let keys = keys(rows);
        let x: Vec<V::Elem> = random.normals(rows * width);
        let kept = stays(p, SALT, &keys, width);
        let expected: Vec<f64> = (0..x.len())
            .map(|i| x[i].to_f64() * kept[i] / (1.0 - p))
            .collect();
        assert_close(&forward::<V>(p, SALT, &keys, &x), &expected, 0.0, 1e-6)?;
        let start: Vec<V::Elem> = random.normals(rows * width);
        let mut d_x = start.clone();
        dropout_backward::<V>(p, SALT, &|row| keys[row], keys.len(), &x, &mut d_x);
        let expected: Vec<f64> = (0..x.len())
            .map(|i| start[i].to_f64() + expected[i])
            .collect();
        assert_close(&d_x, &expected, 1e-6, 1e-6)?;
    }
    Ok(())
}

fn frequency() -> Result<(), String> {
    for p in [0.05, 0.3, 0.5, 0.9] {
        let count = 200_000;
        let kept: f64 = stays(p, SALT, &keys(1000), 200).iter().sum();
        let deviation = (kept - count as f64 * (1.0 - p)) / (count as f64 * p * (1.0 - p)).sqrt();
        if deviation.abs() > 4.0 {
            return Err(format!(
                "p = {p}: {kept} of {count} stay, {deviation} standard deviations off"
            ));
        }
    }
    Ok(())
}

/// Masks of neighbours agree half of the time when p is one half.
fn independence() -> Result<(), String> {
    let (rows, width) = (300, 300);
    // Consecutive keys: the hash itself must take them apart.
    let keys: Vec<u32> = (0..rows as u32).collect();
    let here = stays(0.5, SALT, &keys, width);
    let agreement = |what: &str, pairs: Vec<(f64, f64)>| {
        let same = pairs.iter().filter(|(a, b)| a == b).count() as f64;
        let deviation = (same - 0.5 * pairs.len() as f64) / (0.25 * pairs.len() as f64).sqrt();
        match deviation.abs() {
            0.0..4.0 => Ok(()),
            _ => Err(format!("{what}: {same} of {} agree", pairs.len())),
        }
    };
    let shifted = |by: usize| {
        here.iter()
            .copied()
            .zip(here[by..].iter().copied())
            .collect()
    };
    agreement("next unit", shifted(1))?;
    agreement("next row", shifted(width))?;
    agreement("next row's next unit", shifted(width + 1))?;
    for other in [SALT + 1, SALT ^ 1 << 31] {
        let there = stays(0.5, other, &keys, width);
        agreement("another pass", here.iter().copied().zip(there).collect())?;
    }
    Ok(())
}

fn locked() -> Result<(), String> {
    let kept = stays(0.5, SALT, &[7, 7, 9], 64);
    assert_close(&kept[..64], &kept[64..128], 0.0, 0.0)?;
    match kept[..64] == kept[128..] {
        true => Err("another key has the same mask".into()),
        false => Ok(()),
    }
}

fn ends() -> Result<(), String> {
    let x = [1.5f32, -2.0, 3.0, 4.0, 5.0, 6.0];
    assert_close(&forward::<F32>(0.0, SALT, &[1, 2], &x), &x, 0.0, 0.0)?;
    assert_close(&forward::<F32>(1.0, SALT, &[1, 2], &x), &[0.0; 6], 0.0, 0.0)?;
    // Even the unit whose hash is the greatest there is.
    let key = key_of_greatest_hash();
    let kept = forward::<F32>(1.0 - 1e-9, 0, &[key], &[1.0f32])[0];
    if kept == 0.0 {
        return Err("the key's hash is not the greatest".into());
    }
    assert_close(&forward::<F32>(1.0, 0, &[key], &[1.0f32]), &[0.0], 0.0, 0.0)
}

/// The finaliser of the hash backwards, from all ones to the key for unit 0.
fn key_of_greatest_hash() -> u32 {
    // Newton's iteration for the inverse of an odd number modulo 2^32.
    let inverse = |odd: u32| {
        (0..5).fold(odd, |x, _| {
            x.wrapping_mul(2u32.wrapping_sub(odd.wrapping_mul(x)))
        })
    };
    let mut h = u32::MAX;
    h ^= h >> 16;
    h = h.wrapping_mul(inverse(0xc2b2_ae35));
    h ^= h >> 13 ^ h >> 26;
    h = h.wrapping_mul(inverse(0x85eb_ca6b));
    h ^= h >> 16;
    h ^ 0x9e37_79b9
}

/// The first units of one row, worked out apart from the kernel.
fn bits() -> Result<(), String> {
    let finalise = |mut h: u64| {
        h ^= h >> 16;
        h = h * 0x85eb_ca6b % (1 << 32);
        h ^= h >> 13;
        h = h * 0xc2b2_ae35 % (1 << 32);
        h ^ h >> 16
    };
    let (key, p) = (0xdead_beefu32, 0.4);
    let expected: Vec<f64> = (0..100)
        .map(|unit| {
            let spread = (unit + 1) * 0x9e37_79b9 % (1 << 32);
            let hash = finalise(u64::from(key ^ SALT) ^ spread);
            if hash as f64 >= p * 4_294_967_296.0 {
                1.0
            } else {
                0.0
            }
        })
        .collect();
    assert_close(&stays(p, SALT, &[key], 100), &expected, 1e-12, 0.0)
}

/// What stays does so by its hash, at either end of the shares too.
fn whole() -> Result<(), String> {
    let cases = [
        (0.0, 0, 1.0),
        (0.25, 0x3fff_ffff, 0.0),
        (0.25, 0x4000_0000, 4.0 / 3.0),
        (0.25, u32::MAX, 4.0 / 3.0),
        (1.0, u32::MAX - 1, 0.0),
        (1.0, u32::MAX, 0.0),
    ];
    for (p, hash, expected) in cases {
        let factor = dropout_factor(p, hash);
        if factor != expected {
            return Err(format!(
                "p {p}, hash {hash:#x}: {factor}, expected {expected}"
            ));
        }
    }
    Ok(())
}
