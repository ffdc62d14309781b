//! Integer hashes behind every random decision: counter-based, so that what is
//! drawn depends on names and positions and never on the order of execution.

/// Mixes two 32-bit words (the finaliser of MurmurHash3 over their sum by odd
/// constants; Appleby 2011, public domain).
pub fn mix(a: u32, b: u32) -> u32 {
    let mut h = a ^ b.wrapping_mul(0x9e37_79b9).rotate_left(15);
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// Hashes a name (FNV-1a, 32 bits).
pub fn name(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |h, byte| {
        (h ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The salt of one node in one step: seed, step and node name.
pub fn salt(seed: u64, step: u64, node: &str) -> u32 {
    let seed = mix(seed as u32, (seed >> 32) as u32);
    let step = mix(step as u32, (step >> 32) as u32);
    mix(mix(seed, step), name(node))
}
