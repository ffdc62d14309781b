// What the functions of the core do.

/**
 * Each function belongs to the first group that one of whose patterns its name has. Names are those of Rust's paths;
 * what the compiler inlined counts where it went: copies of an LSTM's states in its `forward`, clipping's sum of squares
 * in the trainer's `apply`, packing of rows in the products that call for it.
 */
export const groups = [
  { id: 'tile', title: 'tiles', patterns: [/kernels::gemm::micro::/, /gemm::transposed::block::<.*, 2usize, /] },
  { id: 'row', title: 'one row', patterns: [/kernels::gemm::row::/, /gemm::transposed::block::<.*, 1usize, /] },
  { id: 'packing', title: 'packing', patterns: [/kernels::gemm::/, /sequence::gradient::(weight|input)_gradient/] },
  { id: 'gates', title: 'gates', patterns: [/kernels::cell::/] },
  { id: 'loss', title: 'CRF, pooling, loss', patterns: [/(kernels|blocks)::(crf|pool|loss|cross_entropy)\b/] },
  { id: 'optimiser', title: 'optimiser, clipping', patterns: [/nn::optim::/, /kernels::(optim|clip)::/, /trainer::Trainer.*::apply/, /sum_of_squares/] },
  { id: 'dropout', title: 'dropout', patterns: [/\bdropout::/, /nn::(random|hash)::/] },
  { id: 'embedding', title: 'embedding', patterns: [/kernels::lookup::/, /nn::blocks::embedding::/, /nn::gradient::SparseGradient.*::(row_mut|add)/] },
  {
    id: 'sums', title: 'sums and zeros of gradients',
    patterns: [
      /nn::gradient::/, /sum_gradients/, /Run<.*::train\b/, /wasm::trainer::train_step/, /reduce::add_rows/, /sequence::add_rows/, /kernels::elementwise::/,
    ],
  },
  { id: 'copies', title: 'copies', patterns: [/Run<.*::(load|gather)/, /load_inputs/, /blocks::lstm::Lstm as .*::(forward|backward)$/, /Recurrent<.*::gather/, /^stage$/, /^mem(cpy|move|set)$/] },
  { id: 'allocation', title: 'allocation', patterns: [/^<?(alloc|dlmalloc|simd::aligned)::/, /GlobalAlloc/, /^__r(ust|dl)_/] },
];

/** Threads without work: helpers look for it and sleep; the calling thread wakes them, and waits until they are done. */
export const WAITING = { id: 'waiting', title: 'waiting', patterns: [/kernels::par::team::/, /\b(rayon_core|crossbeam_\w+)::/, /std::(sync|sys|thread)::/] };

/** What none of the patterns names, and what is not the core's. */
export const [REST, HOST] = [{ id: 'rest', title: 'rest of the core' }, { id: 'host', title: 'JavaScript' }];

/** Group of a function by its demangled name, with or without the hashes of its crates. */
export function groupOf(name) {
  const path = name.replace(/\[[0-9a-f]+\]/g, '');
  return ([...groups, WAITING].find(({ patterns }) => patterns.some((pattern) => pattern.test(path))) ?? REST).id;
}

/**
 * Shares of the time by group, from 0 to 1; of all hits, unless it is told of how many samples.
 *
 * @param {{ core: Record<string, number>, host: number }} hits of a thread, see `sampled`
 */
export function sharesOf({ core, host }, of = Object.values(core).reduce((sum, count) => sum + count, host)) {
  const hits = Object.fromEntries([...groups, REST, HOST, WAITING].map(({ id }) => [id, 0]));
  for (const [name, count] of Object.entries(core)) hits[groupOf(name)] += count;
  hits.host = host;
  return Object.fromEntries(Object.entries(hits).map(([id, count]) => [id, count / of]));
}
