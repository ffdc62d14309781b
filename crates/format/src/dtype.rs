//! The element types of the safetensors format.

/// The type of a tensor's elements, little endian in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // each name says its type
pub enum Dtype {
    Bool,
    U8,
    I8,
    U16,
    I16,
    F16,
    BF16,
    U32,
    I32,
    F32,
    U64,
    I64,
    F64,
}

/// Every type with its name in the header and its bytes an element.
const TYPES: [(Dtype, &str, usize); 13] = [
    (Dtype::Bool, "BOOL", 1),
    (Dtype::U8, "U8", 1),
    (Dtype::I8, "I8", 1),
    (Dtype::U16, "U16", 2),
    (Dtype::I16, "I16", 2),
    (Dtype::F16, "F16", 2),
    (Dtype::BF16, "BF16", 2),
    (Dtype::U32, "U32", 4),
    (Dtype::I32, "I32", 4),
    (Dtype::F32, "F32", 4),
    (Dtype::U64, "U64", 8),
    (Dtype::I64, "I64", 8),
    (Dtype::F64, "F64", 8),
];

impl Dtype {
    /// The type of this name, if the format has it.
    pub fn from_name(name: &str) -> Option<Self> {
        TYPES
            .iter()
            .find(|(_, known, _)| *known == name)
            .map(|&(dtype, ..)| dtype)
    }

    /// The name in a header.
    pub fn name(self) -> &'static str {
        TYPES[self as usize].1
    }

    /// Bytes an element.
    pub fn size(self) -> usize {
        TYPES[self as usize].2
    }
}

/// The value of IEEE 754 half-precision bits; exact.
pub(crate) fn f16_to_f32(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10 & 0x1f);
    let fraction = u32::from(bits & 0x3ff);
    let magnitude = match exponent {
        // Zero and subnormals: fraction · 2^-24, which f32 holds exactly.
        0 => (fraction as f32 * f32::from_bits(0x3380_0000)).to_bits(),
        0x1f => 0x7f80_0000 | fraction << 13,
        _ => (exponent + 127 - 15) << 23 | fraction << 13,
    };
    f32::from_bits(sign | magnitude)
}

/// The value of bfloat16 bits: the upper half of an f32; exact.
pub(crate) fn bf16_to_f32(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sizes_stand_at_the_place_of_their_type() {
        for (dtype, name, size) in TYPES {
            assert_eq!((dtype.name(), dtype.size()), (name, size));
            assert_eq!(Dtype::from_name(name), Some(dtype));
        }
        assert_eq!(Dtype::from_name("f32"), None);
    }

    /// Every finite half against its definition (-1)^s · 2^(e-15) · (1 + f/1024).
    #[test]
    fn every_half_has_its_defined_value() {
        for bits in 0..=u16::MAX {
            let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
            let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
            let value = f16_to_f32(bits);
            match exponent {
                0x1f if fraction != 0.0 => assert!(value.is_nan(), "{bits:#06x}"),
                0x1f => assert_eq!(f64::from(value), sign * f64::INFINITY, "{bits:#06x}"),
                0 => assert_eq!(
                    f64::from(value),
                    sign * 2f64.powi(-24) * fraction,
                    "{bits:#06x}"
                ),
                _ => {
                    let expected = sign * 2f64.powi(exponent - 15) * (1.0 + fraction / 1024.0);
                    assert_eq!(f64::from(value), expected, "{bits:#06x}");
                }
            }
            assert_eq!(value.is_sign_negative(), bits >> 15 == 1, "{bits:#06x}");
        }
    }

    #[test]
    fn bfloats_are_upper_halves() {
        assert_eq!(bf16_to_f32(0x3f80), 1.0);
        assert_eq!(bf16_to_f32(0xc040), -3.0);
        assert!(bf16_to_f32(0x7fc0).is_nan());
    }
}
