//! Cross-entropy of logits and class targets, with an ignored target, class
//! weights and label smoothing (Szegedy et al. 2016), as PyTorch's
//! `CrossEntropyLoss`.

use simd::{Element, Function, Vector, slice};

use crate::math::log_sum_exp::log_sum_exp_row;
use crate::reduce::sum_terms_f64;

/// What the loss is told apart from its inputs.
#[derive(Clone, Copy, Debug)]
pub struct CrossEntropy<'a, E> {
    /// Number of classes.
    pub classes: usize,
    /// A target that means "no target": its row counts for nothing.
    pub ignore_index: Option<i32>,
    /// Share of the target's probability that is spread over all classes, from
    /// 0 to 1.
    pub label_smoothing: f64,
    /// A weight for each class `[classes]`; all 1 if not given.
    pub weight: Option<&'a [E]>,
}

impl<E: Element> CrossEntropy<'_, E> {
    fn weight(&self, class: usize) -> f64 {
        self.weight.map_or(1.0, |weight| weight[class].to_f64())
    }

    /// The class of a target, `None` if it is ignored. Panics when it is no
    /// class.
    fn class(&self, target: i32) -> Option<usize> {
        if self.ignore_index == Some(target) {
            return None;
        }
        match usize::try_from(target) {
            Ok(class) if class < self.classes => Some(class),
            _ => panic!(
                "cross-entropy: target {target} is none of {} classes",
                self.classes
            ),
        }
    }

    /// The weight of the target's own log-probability, and that of each class's
    /// log-probability times its class weight.
    fn shares(&self, class: usize) -> (f64, f64) {
        let own = (1.0 - self.label_smoothing) * self.weight(class);
        (own, self.label_smoothing / self.classes as f64)
    }
}

/// What PyTorch's mean divides by: the sum of the targets' weights, ignored
/// ones left out. 0 when every target is ignored.
pub fn cross_entropy_denominator<E: Element>(
    settings: CrossEntropy<'_, E>,
    targets: impl Iterator<Item = i32>,
) -> f64 {
    targets
        .filter_map(|target| settings.class(target))
        .map(|class| settings.weight(class))
        .sum()
}

/// With `p = softmax(logits)` by row, smoothing ε and class weights w, the sum
/// over rows of
///
/// ```text
/// - (1 - ε) · w[target] · ln p[target] - ε / classes · Σ over c of w[c] · ln p[c]
/// ```
///
/// `logits` is `[rows, classes]`, `targets` `[rows]`. `log_partition` `[rows]`
/// is kept for the backward pass.
pub fn cross_entropy_forward<V: Vector>(
    settings: CrossEntropy<'_, V::Elem>,
    logits: &[V::Elem],
    targets: &[i32],
    log_partition: &mut [V::Elem],
) -> f64 {
    let (exp, ln) = (V::Exp::new(), V::Ln::new());
    let rows = logits.chunks_exact(settings.classes.max(1)).zip(targets);
    let mut loss = 0.0;
    for ((logits, &target), log_partition) in rows.zip(log_partition) {
        *log_partition = log_sum_exp_row::<V>(exp, ln, logits);
        let Some(class) = settings.class(target) else {
            continue;
        };
        let (own, spread) = settings.shares(class);
        let log_z = log_partition.to_f64();
        loss += own * (log_z - logits[class].to_f64());
        if spread > 0.0 {
            let log_z = V::splat(*log_partition);
            loss += spread
                * match settings.weight {
                    None => sum_terms_f64([logits], |[x]: [V; 1]| log_z.sub(x)),
                    Some(weight) => {
                        sum_terms_f64([logits, weight], |[x, w]: [V; 2]| log_z.sub(x).mul(w))
                    }
                };
        }
    }
    loss
}

/// With g the weight that each class's `-ln p` has in a row's loss:
/// `d_logits += scale * (p * Σ g - g)`; nothing for an ignored row.
pub fn cross_entropy_backward<V: Vector>(
    settings: CrossEntropy<'_, V::Elem>,
    scale: V::Elem,
    logits: &[V::Elem],
    targets: &[i32],
    log_partition: &[V::Elem],
    d_logits: &mut [V::Elem],
) {
    let exp = V::Exp::new();
    let width = settings.classes.max(1);
    let total_weight: f64 = (0..settings.classes)
        .map(|class| settings.weight(class))
        .sum();
    let rows = logits
        .chunks_exact(width)
        .zip(d_logits.chunks_exact_mut(width));
    for ((logits, d_logits), (&target, &log_z)) in rows.zip(targets.iter().zip(log_partition)) {
        let Some(class) = settings.class(target) else {
            continue;
        };
        let (own, spread) = settings.shares(class);
        let of_scale = |share: f64| V::Elem::from_f64(scale.to_f64() * share);
        let log_z = V::splat(log_z);
        let total = V::splat(of_scale(own + spread * total_weight));
        let spread = V::splat(of_scale(spread));
        match settings.weight {
            None => slice::accumulate([logits], d_logits, |[x]: [V; 1]| {
                exp.apply(x.sub(log_z)).mul(total).sub(spread)
            }),
            Some(weight) => slice::accumulate([logits, weight], d_logits, |[x, w]: [V; 2]| {
                exp.apply(x.sub(log_z)).mul(total).sub(spread.mul(w))
            }),
        }
        d_logits[class] -= of_scale(own);
    }
}
