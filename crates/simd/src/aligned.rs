//! Memory in which vectors lie well.

use std::alloc::{GlobalAlloc, Layout, System};

/// The allocator of every module that is made with this crate: the system's,
/// but a block begins where a vector of 16 bytes may.
///
/// Rust aligns a block as its elements need it, which for `f32` may be the
/// middle of a vector. One of four vectors then straddles two lines of the
/// cache, which slows whatever is read but once, such as the weights by a batch
/// of one row.
struct Aligned;

#[global_allocator]
static MEMORY: Aligned = Aligned;

/// Bytes of a vector.
const VECTOR: usize = 16;

/// The layout that is asked for in place of `layout`.
fn widened(layout: Layout) -> Layout {
    match layout.size() {
        0..VECTOR => layout,
        _ => layout.align_to(VECTOR).unwrap_or(layout),
    }
}

// SAFETY: every call is System's own with a layout of the same size and at least
// the same alignment, which depends on the given layout alone, so that a block
// is freed with the layout that it was made with. Growing is the trait's own:
// a new block, a copy, and the old one freed.
unsafe impl GlobalAlloc for Aligned {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's layout is not empty, nor is the widened one.
        unsafe { System.alloc(widened(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(widened(layout)) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block came from `alloc` with this layout.
        unsafe { System.dealloc(block, widened(layout)) }
    }
}
