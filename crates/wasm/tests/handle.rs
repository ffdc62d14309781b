//! Handles: each finds its object while that lives, and never another.

use wasm::handle::{LIMIT, NUMBERS, Table};

#[test]
fn a_handle_finds_its_object_until_it_is_removed() {
    let mut table = Table::new(3, "thing");
    let (a, b) = (table.insert(0, 'a').unwrap(), table.insert(5, 'b').unwrap());
    assert_eq!((table.get(a), table.get(b)), (Ok(&'a'), Ok(&'b')));
    assert_eq!(table.remove(a), Ok(Box::new('a')));
    assert_eq!(table.remove(a).unwrap_err().code, "STALE_HANDLE");
    let c = table.insert(0, 'c').unwrap();
    assert_ne!(a, c);
    assert_eq!(table.get(c), Ok(&'c'));
    assert_eq!(
        table.get(a).unwrap_err().message,
        format!("handle {a}: expected a living thing")
    );
    *table.get_mut(b).unwrap() = 'd';
    assert_eq!(table.owned(b), Ok((5, &mut 'd')));
    assert_eq!(table.option(0), Ok(None));
    assert_eq!(table.option(b), Ok(Some(&mut 'd')));
    assert!(table.option(a).is_err());
    assert_eq!(table.iter().collect::<String>(), "dc");
    table.retain(|owner, &object| owner == 5 && object == 'd');
    assert!(table.get_mut(c).is_err() && table.get(b).is_ok());
}

#[test]
fn numbers_that_are_no_handles_and_handles_of_others_are_refused() {
    let mut table = Table::new(1, "thing");
    let handle = table.insert(0, ()).unwrap();
    let foreign = Table::new(2, "other").insert(0, ()).unwrap();
    for wrong in [0, foreign, handle + 1, handle | 1 << 31, u32::MAX] {
        assert!(table.get(wrong).is_err(), "{wrong}");
    }
    assert!(handle > 0 && handle < 1 << 31);
}

#[test]
fn no_handle_comes_back_and_none_is_given_when_all_are_used_up() {
    let mut table = Table::new(7, "thing");
    let mut last = 0;
    for _ in 0..NUMBERS {
        let handle = table.insert(0, ()).unwrap();
        assert!(last < handle && handle < 1 << 31);
        table.remove(handle).unwrap();
        last = handle;
    }
    let refused = table.insert(0, ()).unwrap_err();
    assert_eq!(refused.code, "TOO_MANY_HANDLES");
    assert_eq!(
        refused.message,
        "thing: expected at most 16384 at once, 268435456 in all"
    );
}

#[test]
fn there_is_a_limit() {
    let mut table = Table::new(1, "thing");
    assert!((0..LIMIT).all(|_| table.insert(0, ()).is_ok()));
    assert_eq!(table.insert(0, ()).unwrap_err().code, "TOO_MANY_HANDLES");
}
