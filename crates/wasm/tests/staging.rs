//! What is staged reads as words and as bytes.

use wasm::staging::Staging;

#[test]
fn what_was_staged_reads_as_words_and_as_bytes() {
    let mut staging = Staging::default();
    staging.reserve(5).unwrap();
    staging.words.copy_from_slice(&[0x0403_0201, 5]);
    assert_eq!(staging.words(2).unwrap(), [0x0403_0201, 5]);
    assert_eq!(staging.bytes(5).unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(
        staging.words(3).unwrap_err().message,
        "staging: expected 3 words, got 2"
    );
    assert_eq!(staging.bytes(9).unwrap_err().code, "NOT_STAGED");
    let taken = staging.take(5).unwrap();
    assert_eq!(taken.bytes(5).unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(staging.held(), 0);
}
