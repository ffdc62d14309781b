//! Convolution over time against its definition, row by row: windows longer
//! than rows, even ones, blocks that end within a time step.

use kernels::conv::conv1d::{Conv1d, conv1d_backward, conv1d_forward};
use kernels::reduce::add_rows;
use simd::{Element, F32, F64, Vector};

use crate::packing::Packing;
use crate::random::Random;
use crate::{Case, assert_close};

fn check<V: Vector>(
    conv: Conv1d,
    lengths: &[usize],
    with_bias: bool,
    tolerance: f64,
) -> Result<(), String> {
    let Conv1d {
        input_size,
        output_size,
        kernel_size,
        left,
    } = conv;
    let packing = Packing::new(lengths);
    let packed = packing.packed();
    let steps = packed.steps();
    let mut random = Random::new((input_size * 7 + output_size * 3 + kernel_size) as u64);
    let x: Vec<V::Elem> = random.normals(steps * input_size);
    let weight: Vec<V::Elem> = random.normals(output_size * input_size * kernel_size);
    let bias: Vec<V::Elem> = random.normals(output_size);
    let d_y: Vec<V::Elem> = random.normals(steps * output_size);
    let before: [Vec<V::Elem>; 3] = [
        random.normals(x.len()),
        random.normals(weight.len()),
        random.normals(bias.len()),
    ];

    // The definition, with all three gradients read off it.
    let mut y = vec![0.0; steps * output_size];
    let [mut d_x, mut d_weight, mut d_bias] = before
        .each_ref()
        .map(|x| x.iter().map(|x| x.to_f64()).collect::<Vec<_>>());
    for row in packing.rows() {
        for (t, &step) in row.iter().enumerate() {
            for o in 0..output_size {
                let place = step * output_size + o;
                let d = d_y[place].to_f64();
                if with_bias {
                    y[place] += bias[o].to_f64();
                }
                d_bias[o] += d;
                for k in 0..kernel_size {
                    let Some(&from) = (t + k).checked_sub(left).and_then(|u| row.get(u)) else {
                        continue;
                    };
                    for i in 0..input_size {
                        let w = (o * input_size + i) * kernel_size + k;
                        y[place] += weight[w].to_f64() * x[from * input_size + i].to_f64();
                        d_x[from * input_size + i] += d * weight[w].to_f64();
                        d_weight[w] += d * x[from * input_size + i].to_f64();
                    }
                }
            }
        }
    }

    let garbage = |count: usize| vec![V::Elem::from_f64(f64::NAN); count];
    let mut derived = garbage(conv.derived_len());
    conv.derive(&weight, &mut derived);
    let mut actual = garbage(steps * output_size);
    let mut scratch = garbage(conv.forward_scratch_len());
    let bias = with_bias.then_some(&bias[..]);
    conv1d_forward::<V>(packed, &conv, &x, &derived, bias, &mut actual, &mut scratch);
    assert_close(&actual, &y, tolerance, tolerance).map_err(|message| format!("y: {message}"))?;

    let mut scratch = garbage(conv.backward_scratch_len());
    let [mut x_gradient, mut weight_gradient, mut bias_gradient] = before;
    conv1d_backward::<V>(
        packed,
        &conv,
        &x,
        &derived,
        &d_y,
        &mut scratch,
        Some(&mut x_gradient),
        Some(&mut weight_gradient),
    );
    add_rows::<V>(&d_y, &mut bias_gradient);
    assert_close(&x_gradient, &d_x, tolerance, tolerance)
        .map_err(|message| format!("d_x: {message}"))?;
    assert_close(&weight_gradient, &d_weight, tolerance, tolerance)
        .map_err(|message| format!("d_weight: {message}"))?;
    assert_close(&bias_gradient, &d_bias, tolerance, tolerance)
        .map_err(|message| format!("d_bias: {message}"))
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let batches: [&[usize]; 5] = [
        &[1],
        &[3, 7, 1, 7],
        &[0, 4],
        &[],
        &[30, 2, 41, 19, 5, 64, 1],
    ];
    for lengths in batches {
        for (input_size, output_size) in [(1, 1), (4, 6), (5, 9), (17, 8), (25, 33)] {
            for (kernel_size, left) in [(1, 0), (3, 1), (2, 0), (4, 1), (5, 4), (7, 3)] {
                let conv = Conv1d {
                    input_size,
                    output_size,
                    kernel_size,
                    left,
                };
                let name = format!(
                    "lengths {lengths:?}, {input_size} to {output_size}, window {kernel_size} from -{left}"
                );
                let with_bias = input_size != 4;
                cases.push(Case::new(format!("f32, {name}"), move || {
                    check::<F32>(conv, lengths, with_bias, 1e-4)
                }));
                cases.push(Case::new(format!("f64, {name}"), move || {
                    check::<F64>(conv, lengths, with_bias, 1e-12)
                }));
            }
        }
    }
    cases
}
