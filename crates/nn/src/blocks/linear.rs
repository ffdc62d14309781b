//! Linear layer `y = x·Wᵀ + b`: `[n, input] → [n, output]`.

use kernels::gemm::{
    CLayout, WeightLayout, gemm, gemm_rows, gemm_rows_scratch, gemm_transposed_rows,
    pack_a_transposed, pack_b, pack_b_transposed, packed_a_len, packed_b_len,
    transposed_rows_scratch,
};
use kernels::reduce::add_rows;
use simd::{Element, Vector};

use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::init::Init;
use crate::param::Layout;
use crate::value::{Space, ValueType};

/// Rows whose outer products are summed by one product.
const ROWS: usize = 256;

struct Linear {
    space: Space,
    layout: WeightLayout,
    weight: usize,
    bias: Option<usize>,
}

/// Input: a matrix. Configuration: `output_size`, `bias` (true). Parameters:
/// `weight` `[output, input]`, which may be an embedding's, and `bias`
/// `[output]`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, inputs) = build.matrix(0)?;
    let units = build.config.size("output_size")?;
    let layout = WeightLayout {
        gates: 1,
        units,
        inputs,
    };
    let weight = build.tieable("weight", &[units, inputs], layout, Init::fan(inputs))?;
    let bias = match build.config.bool_or("bias", true)? {
        true => Some(build.plain("bias", &[units], Init::fan(inputs))?),
        false => None,
    };
    Built::one(
        Linear {
            space,
            layout,
            weight,
            bias,
        },
        ValueType::Matrix {
            space,
            width: units,
        },
    )
}

impl Linear {
    fn is_plain<E: Element>(&self, params: ParamView<'_, E>) -> bool {
        params.layout(self.weight) == Layout::Plain
    }

    /// The packed weight, which is derived when it is stored plain.
    fn packed<'a, E: Element>(&self, params: ParamView<'a, E>, derived: &'a [E]) -> &'a [E] {
        if self.is_plain(params) {
            derived
        } else {
            params.get(self.weight)
        }
    }

    /// Numbers of both operands of the weight's gradient.
    fn products(&self, rows: usize) -> usize {
        let (rows, WeightLayout { units, inputs, .. }) = (rows.min(ROWS), self.layout);
        let packed = packed_a_len(inputs, rows) + packed_b_len(rows, units);
        packed.max(packed_a_len(units, rows) + packed_b_len(rows, inputs))
    }

    /// `dW += dYᵀ·x` in the weight's own layout.
    fn weight_gradient<V: Vector>(
        &self,
        plain: bool,
        x: &[V::Elem],
        d_y: &[V::Elem],
        d_weight: &mut [V::Elem],
        scratch: &mut [V::Elem],
    ) {
        let WeightLayout { units, inputs, .. } = self.layout;
        // Packed, the weight is the transpose of what it is when plain.
        let (a_size, b_size, layout) = match plain {
            true => (units, inputs, CLayout::rows(inputs)),
            false => (inputs, units, self.layout.gradient_layout()),
        };
        for (x, d_y) in x.chunks(ROWS * inputs).zip(d_y.chunks(ROWS * units)) {
            let rows = d_y.len() / units;
            let (a, b) = scratch.split_at_mut(packed_a_len(a_size, rows));
            let (for_a, for_b) = if plain { (d_y, x) } else { (x, d_y) };
            pack_a_transposed(a_size, rows, for_a, a_size, a);
            pack_b(rows, b_size, for_b, b_size, b);
            gemm::<V>(a_size, b_size, rows, a, b, d_weight, layout, true);
        }
    }
}

impl<V: Vector> Block<V> for Linear {
    fn derived(&self, params: ParamView<'_, V::Elem>) -> usize {
        if self.is_plain(params) {
            self.layout.len()
        } else {
            0
        }
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        let WeightLayout { units, inputs, .. } = self.layout;
        if self.is_plain(params) {
            pack_b_transposed(inputs, units, params.get(self.weight), inputs, derived);
        }
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (rows, inputs) = (dims.count(self.space), self.layout.inputs);
        plan.work(gemm_rows_scratch(rows, inputs));
        plan.scratch(transposed_rows_scratch(rows, self.layout).max(self.products(rows)));
    }

    fn sums_steps(&self) -> bool {
        true
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y, scratch] = cx.carve();
        let WeightLayout { units, inputs, .. } = self.layout;
        let x = cx.inputs.matrix(0);
        let weight = self.packed(cx.params, cx.derived);
        if let Some(bias) = self.bias {
            let bias = cx.params.get(bias);
            y.chunks_exact_mut(units)
                .for_each(|y| y.copy_from_slice(bias));
        }
        let layout = CLayout::rows(units);
        let rows = y.len() / units;
        let accumulate = self.bias.is_some();
        gemm_rows::<V>(
            rows, units, inputs, x, inputs, weight, y, layout, accumulate, scratch,
        );
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [scratch] = cx.scratch();
        let (x, d_y) = (cx.inputs.matrix(0), cx.d_output(0));
        let rows = d_y.len() / self.layout.units;
        if let Some(d_x) = cx.d_inputs.get(0) {
            let (weight, layout) = (self.packed(cx.params, cx.derived), self.layout);
            gemm_transposed_rows::<V>(rows, d_y, weight, layout, d_x, true, scratch);
        }
        let plain = self.is_plain(cx.params);
        if let Some(d_weight) = cx.d_params.get(self.weight) {
            self.weight_gradient::<V>(plain, x, d_y, d_weight, scratch);
        }
        if let Some(d_bias) = self.bias.and_then(|bias| cx.d_params.get(bias)) {
            add_rows::<V>(d_y, d_bias);
        }
    }
}
