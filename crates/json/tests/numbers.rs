//! Numbers against std's conversion, which is exactly rounded.

use json::{Value, parse};

fn agrees(text: &str) {
    let ours = parse(text).ok().and_then(|value| value.as_f64());
    let expected: f64 = text.parse().unwrap();
    assert_eq!(ours.map(f64::to_bits), Some(expected.to_bits()), "{text}");
}

#[test]
fn numbers_are_rounded_exactly() {
    for text in [
        "0",
        "-0",
        "0.0",
        "0e9",
        "1",
        "-1",
        "10",
        "0.1",
        "1e-3",
        "1E+3",
        "0.30000000000000004",
        "9007199254740993",
        "9007199254740992.999999999999999999999",
        "123456789012345678901234567890",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e309",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.5e-324",
        "1e-325",
        "1e-400",
        "1e999999999999",
        "-1e-999999999999",
        "0.000000000000000000000000000000000000001e60",
        "1000000000000000000000000e-30",
    ] {
        agrees(text);
    }
}

#[test]
fn every_exponent_and_random_digits_agree() {
    let mut state = 1u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 11
    };
    for exponent in -345..=315 {
        agrees(&format!("{}e{exponent}", random()));
        agrees(&format!("-0.{}e{exponent}", random()));
    }
    for _ in 0..20_000 {
        let bits = random() << 11 ^ random();
        let number = f64::from_bits(bits);
        if number.is_finite() {
            agrees(&format!("{number:e}"));
        }
    }
}

#[test]
fn middles_between_two_numbers_go_to_the_even_one() {
    // 2^-1075, half of the least number, has 752 digits.
    let mut middle = String::from("0.");
    middle += &format!("{:.1075}", f64::from_bits(1) / 1.0)[2..1076];
    agrees(&middle);
    for (number, next) in [
        (1.0f64, 1.0 + f64::EPSILON),
        (f64::MIN_POSITIVE, f64::MIN_POSITIVE.next_up()),
    ] {
        let exact = format!("{:.1100}", next);
        agrees(&exact);
        // Between the two, written out: the sum's digits halved.
        let sum = halved(&format!("{number:.1080}"), &format!("{next:.1080}"));
        agrees(&sum);
        agrees(&format!("{sum}0000000000000000001"));
    }
}

/// Half the sum of two numbers of equally many digits.
fn halved(a: &str, b: &str) -> String {
    let (mut carry, mut sum) = (0, Vec::new());
    for (x, y) in a.bytes().zip(b.bytes()).rev() {
        if x == b'.' {
            sum.push(b'.');
            continue;
        }
        let digit = x - b'0' + y - b'0' + carry;
        carry = digit / 10;
        sum.push(digit % 10);
    }
    sum.reverse();
    let (mut rest, mut text) = (carry, String::new());
    for digit in sum {
        if digit == b'.' {
            text.push('.');
            continue;
        }
        let value = rest * 10 + digit;
        text.push((b'0' + value / 2) as char);
        rest = value % 2;
    }
    text + if rest == 1 { "5" } else { "0" }
}

#[test]
fn whole_numbers_are_those_written_so() {
    let whole = |text: &str| {
        let value = parse(text).unwrap();
        (value.as_u64(), value.as_i64())
    };
    assert_eq!(whole("7"), (Some(7), Some(7)));
    assert_eq!(whole("-7"), (None, Some(-7)));
    assert_eq!(whole("-0"), (None, Some(0)));
    assert_eq!(whole("9223372036854775808"), (Some(1 << 63), None));
    assert_eq!(whole("-9223372036854775808"), (None, Some(i64::MIN)));
    assert_eq!(whole("-9223372036854775809"), (None, None));
    assert_eq!(whole("7.0"), (None, None));
    assert_eq!(whole("7e0"), (None, None));
    assert_eq!(whole("18446744073709551615"), (Some(u64::MAX), None));
    assert_eq!(whole("18446744073709551616"), (None, None));
    assert_eq!(Value::from(12).as_u64(), Some(12));
}
