// An ONNX model of a stack of LSTMs or GRUs, written with protobufjs from the part of onnx.proto that it needs.
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message OperatorSetId { string domain = 1; int64 version = 2; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message Attribute { string name = 1; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
  message Dim { int64 dim_value = 1; }
  message Shape { repeated Dim dim = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Type { TensorType tensor_type = 1; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSetId opset_import = 8; }
`, { keepCase: true });

const FLOAT = 1;
const INT64 = 7;

/** ONNX's gates i, o, f, c and z, r, h in PyTorch's i, f, g, o and r, z, n. */
const ORDERS = { lstm: [0, 3, 1, 2], gru: [1, 0, 2] };

function reorder(order, data, hidden, width) {
  const gate = (g) => data.subarray(g * hidden * width, (g + 1) * hidden * width);
  const ordered = new Float32Array(data.length);
  order.forEach((from, to) => ordered.set(gate(from), to * hidden * width));
  return ordered;
}

function joined(arrays) {
  const all = new Float32Array(arrays.reduce((total, array) => total + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** The bytes of a model `x [time, batch, input]` → `y [time, batch, directions·hidden]`. */
export function recurrentModel(cell, { batch, time, input, hidden, directions, layers }, weights) {
  const order = ORDERS[cell];
  const gates = order.length;
  const tensor = (name, dims, data_type, data) => ({
    name, dims, data_type, raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
  const value = (name, dims) => ({
    name, type: { tensor_type: { elem_type: FLOAT, shape: { dim: dims.map((dim_value) => ({ dim_value })) } } },
  });
  const width = directions * hidden;
  const initializer = [tensor('shape', [3], INT64, BigInt64Array.from([time, batch, width].map(BigInt)))];
  const node = [];
  let x = 'x';
  for (let layer = 0; layer < layers; layer += 1) {
    const columns = layer === 0 ? input : width;
    const names = [`l${layer}`, `l${layer}_reverse`].slice(0, directions);
    const pack = (name, size) => joined(names.map((n) => reorder(order, weights.get(`${name}_${n}`), hidden, size)));
    const biases = names.flatMap((n) => ['bias_ih', 'bias_hh'].map((b) => reorder(order, weights.get(`${b}_${n}`), hidden, 1)));
    initializer.push(
      tensor(`w${layer}`, [directions, gates * hidden, columns], FLOAT, pack('weight_ih', columns)),
      tensor(`r${layer}`, [directions, gates * hidden, hidden], FLOAT, pack('weight_hh', hidden)),
      tensor(`b${layer}`, [directions, 2 * gates * hidden], FLOAT, joined(biases)),
    );
    const y = layer === layers - 1 ? 'y' : `y${layer}`;
    node.push(
      {
        name: `${cell}${layer}`, op_type: cell.toUpperCase(), input: [x, `w${layer}`, `r${layer}`, `b${layer}`], output: [`h${layer}`],
        attribute: [
          { name: 'hidden_size', type: 2, i: hidden },
          { name: 'direction', type: 3, s: new TextEncoder().encode(directions === 2 ? 'bidirectional' : 'forward') },
          ...(cell === 'gru' ? [{ name: 'linear_before_reset', type: 2, i: 1 }] : []),
        ],
      },
      {
        name: `transpose${layer}`, op_type: 'Transpose', input: [`h${layer}`], output: [`t${layer}`],
        attribute: [{ name: 'perm', type: 7, ints: [0, 2, 1, 3] }],
      },
      { name: `reshape${layer}`, op_type: 'Reshape', input: [`t${layer}`, 'shape'], output: [y] },
    );
    x = y;
  }
  const Model = root.lookupType('Model');
  const graph = {
    name: cell, node, initializer, input: [value('x', [time, batch, input])], output: [value('y', [time, batch, width])],
  };
  return Model.encode(Model.fromObject({ ir_version: 8, opset_import: [{ domain: '', version: 14 }], graph })).finish();
}
