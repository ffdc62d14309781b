//! Orthonormal starts.

use crate::random::Stream;

/// A random matrix `[rows, columns]` with orthonormal columns, or rows where
/// there are fewer of them, uniform over all such matrices: Gram–Schmidt on
/// normal vectors, each step done twice to stay orthogonal to working accuracy
/// (Giraud et al. 2005). As a QR decomposition it has a positive diagonal, the
/// signs that PyTorch gives its own.
pub(super) fn orthogonal(rows: usize, columns: usize, stream: &Stream) -> Vec<f64> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<f64> = (0..(count * length) as u64)
        .map(|i| stream.normal(i))
        .collect();
    for k in 0..count {
        let (done, rest) = vectors.split_at_mut(k * length);
        let vector = &mut rest[..length];
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let along: f64 = vector.iter().zip(other).map(|(a, b)| a * b).sum();
                vector
                    .iter_mut()
                    .zip(other)
                    .for_each(|(a, b)| *a -= along * b);
            }
        }
        let norm = vector.iter().map(|a| a * a).sum::<f64>().sqrt();
        vector.iter_mut().for_each(|a| *a /= norm);
    }
    if rows <= columns {
        return vectors;
    }
    let transposed = (0..rows * columns).map(|i| vectors[i % columns * length + i / columns]);
    transposed.collect()
}
