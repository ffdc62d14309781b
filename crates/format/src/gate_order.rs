//! Gate orders of other libraries, converted in this one place.
//!
//! The order of this project is PyTorch's: LSTM i f g o, GRU r z n. Keras
//! calls the LSTM's candidate c, ONNX calls it c and the GRU's h; only places
//! differ, the gates mean the same in all three (in each, `z` keeps the old
//! state).

/// Whose order the gates of a weight stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateOrder {
    /// LSTM i f g o, GRU r z n.
    Torch,
    /// LSTM i f c o, GRU z r h.
    Keras,
    /// LSTM i o f c, GRU z r h.
    Onnx,
}

/// The cells whose gates have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatedCell {
    /// Four gates.
    Lstm,
    /// Three gates.
    Gru,
}

/// For each of PyTorch's gates in turn, its place in another order.
fn places(cell: GatedCell, order: GateOrder) -> &'static [usize] {
    match (cell, order) {
        (GatedCell::Lstm, GateOrder::Torch | GateOrder::Keras) => &[0, 1, 2, 3],
        (GatedCell::Lstm, GateOrder::Onnx) => &[0, 2, 3, 1],
        (GatedCell::Gru, GateOrder::Torch) => &[0, 1, 2],
        (GatedCell::Gru, GateOrder::Keras | GateOrder::Onnx) => &[1, 0, 2],
    }
}

/// Copies `weight [gates * units, width]`, a bias being `width` 1, from one
/// order of gates into another.
///
/// # Panics
/// When the slices differ in length or do not divide into the cell's gates.
pub fn convert<T: Copy>(
    cell: GatedCell,
    from: GateOrder,
    weight: &[T],
    to: GateOrder,
    out: &mut [T],
) {
    let (sources, targets) = (places(cell, from), places(cell, to));
    let block = weight.len() / sources.len();
    assert_eq!(
        (block * sources.len(), out.len()),
        (weight.len(), weight.len())
    );
    for (&source, &target) in sources.iter().zip(targets) {
        out[target * block..][..block].copy_from_slice(&weight[source * block..][..block]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two numbers a gate, named after it.
    fn converted(cell: GatedCell, from: GateOrder, gates: &str, to: GateOrder) -> String {
        let weight: Vec<char> = gates
            .chars()
            .flat_map(|gate| [gate, gate.to_ascii_uppercase()])
            .collect();
        let mut out = vec!['?'; weight.len()];
        convert(cell, from, &weight, to, &mut out);
        out.iter().collect()
    }

    #[test]
    fn lstm_gates_go_to_their_places() {
        use GateOrder::{Keras, Onnx, Torch};
        assert_eq!(converted(GatedCell::Lstm, Onnx, "iofc", Torch), "iIfFcCoO");
        assert_eq!(converted(GatedCell::Lstm, Torch, "ifgo", Onnx), "iIoOfFgG");
        assert_eq!(converted(GatedCell::Lstm, Keras, "ifco", Torch), "iIfFcCoO");
        assert_eq!(converted(GatedCell::Lstm, Onnx, "iofc", Keras), "iIfFcCoO");
    }

    #[test]
    fn gru_gates_go_to_their_places() {
        use GateOrder::{Keras, Onnx, Torch};
        assert_eq!(converted(GatedCell::Gru, Keras, "zrh", Torch), "rRzZhH");
        assert_eq!(converted(GatedCell::Gru, Torch, "rzn", Onnx), "zZrRnN");
        assert_eq!(converted(GatedCell::Gru, Onnx, "zrh", Keras), "zZrRhH");
    }
}
