// Reads out of a WebAssembly file what a build must be sure of, memory, imports and exports, and the code of its functions.

const sections = { import: 2, memory: 5, export: 7, code: 10 };

function reader(bytes) {
  let at = 8; // past magic and version
  const uint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('the file ends in the middle of a number');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const name = () => {
    const length = uint();
    return new TextDecoder().decode(bytes.subarray(at, (at += length)));
  };
  const limits = () => {
    const flags = uint();
    const minimum = uint();
    return { minimum, maximum: flags & 1 ? uint() : undefined, shared: (flags & 2) !== 0 };
  };
  const valueType = () => {
    // `(ref null? heaptype)` takes a second number; the shorthands do not.
    const type = uint();
    if (type === 0x63 || type === 0x64) uint();
  };
  const body = () => {
    const length = uint();
    return bytes.subarray(at, (at += length));
  };
  return { uint, name, limits, valueType, body, done: () => at >= bytes.length, position: () => at, jump: (to) => (at = to) };
}

const kinds = ['function', 'table', 'memory', 'global', 'tag'];

function readImport(input) {
  const entry = { module: input.name(), name: input.name(), kind: kinds[input.uint()] };
  if (entry.kind === 'function') input.uint();
  if (entry.kind === 'table') (input.valueType(), input.limits());
  if (entry.kind === 'memory') entry.limits = input.limits();
  if (entry.kind === 'global') (input.valueType(), input.uint());
  if (entry.kind === 'tag') (input.uint(), input.uint());
  return entry;
}

/**
 * `{ imports: [{ module, name, kind, limits? }], memories: [limits], exports: [{ name, kind }], bodies: [bytes] }`; limits
 * count pages, `bodies` are the locals and instructions of each function that is not imported.
 */
export function readBinary(bytes) {
  if (bytes.length < 8 || bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    throw new TypeError('this is not a WebAssembly file');
  }
  const input = reader(bytes);
  const found = { imports: [], memories: [], exports: [], bodies: [] };
  const list = (read) => Array.from({ length: input.uint() }, read);
  while (!input.done()) {
    const id = input.uint();
    const size = input.uint();
    const end = input.position() + size;
    if (id === sections.import) found.imports = list(() => readImport(input));
    if (id === sections.code) found.bodies = list(input.body);
    if (id === sections.memory) found.memories = list(() => input.limits());
    if (id === sections.export) {
      found.exports = list(() => {
        const entry = { name: input.name(), kind: kinds[input.uint()] };
        input.uint();
        return entry;
      });
    }
    input.jump(end);
  }
  return found;
}
