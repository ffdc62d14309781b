//! Convolution over time of packed rows (cross-correlation, as PyTorch's
//! `Conv1d`), stride and dilation one.
//!
//! `y_t = b + Σ_k W_k x_{t + k - left}`, where steps before a row's first and
//! after its last count as zero: no result depends on another row, and rows
//! keep their lengths. With `left = (kernel_size - 1) / 2` that is "same"
//! padding, with `left = kernel_size - 1` nothing is seen of the future.
//!
//! The windows of a block of steps become the rows of a matrix `[block,
//! kernel_size * input_size]`, and the convolution one product of matrices.
//! Weights are PyTorch's `[output_size, input_size, kernel_size]`; derived from
//! them is a packed form whose windows lie step after step.

use simd::{Element, Vector};

use crate::elementwise::axpy;
use crate::gemm::{
    CLayout, NR, WeightLayout, gemm, gemm_rows, gemm_rows_scratch, gemm_transposed_rows,
    pack_a_transposed, pack_b, packed_a_len, packed_b_len, transposed_rows_scratch,
};
use crate::packed::Packed;

/// Steps whose windows are laid out at a time.
const BLOCK: usize = 64;

/// The sizes of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv1d {
    /// Numbers a step of x.
    pub input_size: usize,
    /// Numbers a step of y.
    pub output_size: usize,
    /// Steps in a window.
    pub kernel_size: usize,
    /// Steps of a window before its own.
    pub left: usize,
}

impl Conv1d {
    /// Numbers a window.
    fn window(&self) -> usize {
        self.input_size * self.kernel_size
    }

    /// The weights as [`Conv1d::derive`] packs them.
    fn layout(&self) -> WeightLayout {
        WeightLayout {
            gates: 1,
            units: self.output_size,
            inputs: self.window(),
        }
    }

    /// Room for what [`Conv1d::derive`] fills.
    pub fn derived_len(&self) -> usize {
        self.layout().len()
    }

    /// Packs the weights `[output_size, input_size, kernel_size]`.
    pub fn derive<E: Element>(&self, weight: &[E], derived: &mut [E]) {
        derived.fill(E::ZERO);
        for output in 0..self.output_size {
            for (place, &w) in weight[output * self.window()..][..self.window()]
                .iter()
                .enumerate()
            {
                let at = self.window_place(place);
                derived[(output / NR * self.window() + at) * NR + output % NR] = w;
            }
        }
    }

    /// Where in a window the number `input * kernel_size + k` of a weight lies.
    fn window_place(&self, place: usize) -> usize {
        place % self.kernel_size * self.input_size + place / self.kernel_size
    }

    /// Room that [`conv1d_forward`] needs.
    pub fn forward_scratch_len(&self) -> usize {
        BLOCK * self.window() + gemm_rows_scratch(BLOCK, self.window())
    }

    /// Room that [`conv1d_backward`] needs.
    pub fn backward_scratch_len(&self) -> usize {
        let windows = BLOCK * self.window();
        let weight = packed_a_len(self.window(), BLOCK) + packed_b_len(BLOCK, self.output_size);
        let input = transposed_rows_scratch(BLOCK, self.layout());
        windows + self.window() * self.output_size + weight.max(input)
    }
}

/// The parts of each window of a block: calls `visit(step of the block, k,
/// packed step of x)` for every one that lies within its row.
fn windows(
    packed: Packed<'_>,
    conv: &Conv1d,
    first: usize,
    count: usize,
    mut visit: impl FnMut(usize, usize, usize),
) {
    let mut t = packed
        .offsets
        .partition_point(|&offset| offset as usize <= first)
        - 1;
    for step in first..first + count {
        while packed.offsets[t + 1] as usize <= step {
            t += 1;
        }
        let position = step - packed.offsets[t] as usize;
        let length = packed.length(packed.row(position));
        let (before, after) = (
            conv.left.saturating_sub(t),
            (length + conv.left - t).min(conv.kernel_size),
        );
        for k in before..after {
            visit(step - first, k, packed.step(t + k - conv.left, position));
        }
    }
}

/// `y` `[steps, output_size]` of `x` `[steps, input_size]`; `derived` as
/// [`Conv1d::derive`] filled it, `bias` `[output_size]`.
pub fn conv1d_forward<V: Vector>(
    packed: Packed<'_>,
    conv: &Conv1d,
    x: &[V::Elem],
    derived: &[V::Elem],
    bias: Option<&[V::Elem]>,
    y: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    let (output, window) = (conv.output_size, conv.window());
    let (gathered, scratch) = scratch.split_at_mut(BLOCK * window);
    for first in (0..packed.steps()).step_by(BLOCK) {
        let count = BLOCK.min(packed.steps() - first);
        gather(packed, conv, first, count, x, gathered);
        let y = &mut y[first * output..][..count * output];
        if let Some(bias) = bias {
            y.chunks_exact_mut(output)
                .for_each(|y| y.copy_from_slice(&bias[..output]));
        }
        let layout = CLayout::rows(output);
        gemm_rows::<V>(
            count,
            output,
            window,
            gathered,
            window,
            derived,
            y,
            layout,
            bias.is_some(),
            scratch,
        );
    }
}

/// Lays out the windows of `count` steps from `first` on.
fn gather<E: Element>(
    packed: Packed<'_>,
    conv: &Conv1d,
    first: usize,
    count: usize,
    x: &[E],
    gathered: &mut [E],
) {
    let (input, window) = (conv.input_size, conv.window());
    gathered[..count * window].fill(E::ZERO);
    windows(packed, conv, first, count, |n, k, step| {
        gathered[n * window + k * input..][..input].copy_from_slice(&x[step * input..][..input]);
    });
}

/// Gradients of [`conv1d_forward`], added to `d_x` `[steps, input_size]` and
/// `d_weight` `[output_size, input_size, kernel_size]` where they are wanted.
/// That of the bias is the sum of the rows of `d_y` ([`add_rows`]).
///
/// [`add_rows`]: crate::reduce::add_rows
pub fn conv1d_backward<V: Vector>(
    packed: Packed<'_>,
    conv: &Conv1d,
    x: &[V::Elem],
    derived: &[V::Elem],
    d_y: &[V::Elem],
    scratch: &mut [V::Elem],
    mut d_x: Option<&mut [V::Elem]>,
    d_weight: Option<&mut [V::Elem]>,
) {
    let (input, output, window) = (conv.input_size, conv.output_size, conv.window());
    let (gathered, rest) = scratch.split_at_mut(BLOCK * window);
    // The gradient of the weights, window by output, until the last block.
    let (sums, rest) = rest.split_at_mut(window * output);
    sums.fill(V::Elem::ZERO);
    for first in (0..packed.steps()).step_by(BLOCK) {
        let count = BLOCK.min(packed.steps() - first);
        let d_y = &d_y[first * output..][..count * output];
        if d_weight.is_some() {
            gather(packed, conv, first, count, x, gathered);
            let (a, b) = rest.split_at_mut(packed_a_len(window, BLOCK));
            pack_a_transposed(window, count, gathered, window, a);
            pack_b(count, output, d_y, output, b);
            gemm::<V>(
                window,
                output,
                count,
                a,
                b,
                sums,
                CLayout::rows(output),
                true,
            );
        }
        if let Some(d_x) = d_x.as_deref_mut() {
            let layout = conv.layout();
            gemm_transposed_rows::<V>(count, d_y, derived, layout, gathered, false, rest);
            windows(packed, conv, first, count, |n, k, step| {
                let d_window = &gathered[n * window + k * input..][..input];
                axpy::<V>(V::Elem::ONE, d_window, &mut d_x[step * input..][..input]);
            });
        }
    }
    if let Some(d_weight) = d_weight {
        for (place, d_weight) in d_weight[..window * output].iter_mut().enumerate() {
            let (output_at, at) = (place / window, conv.window_place(place % window));
            *d_weight += sums[at * output + output_at];
        }
    }
}
