// (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
const relaxedMadd = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
  0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b, // type section
  0x03, 0x02, 0x01, 0x00, // function section
  0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b, // code section
];

/**
 * Whether this host compiles the relaxed SIMD instruction that the `relaxed` artifact uses. A module
 * with an unknown instruction is refused whole, so this asks with a module of that instruction alone.
 */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(relaxedMadd));
}
