/** Powers of e that are the same to the bit in every JavaScript engine, as those of `Math.exp` are not. */

/**
 * e^x, to about one unit in the last place: by `e^x = 2^k · e^r`, with `r` from −½ ln 2 to ½ ln 2 and the
 * Taylor series of e^r.
 */
export function exp(x: number): number {
  if (x < UNDERFLOW) return 0;
  if (x > OVERFLOW) return Infinity;
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 0;
  for (let term = SERIES.length - 1; term >= 0; term -= 1) sum = sum * r + (SERIES[term] as number);
  // In two steps, as neither the largest numbers nor those below 2^-1022 are a power of two times this.
  const half = k >> 1;
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 2^k, for `k` from −1022 to 1023. */
function powerOfTwo(k: number): number {
  view.setUint16(0, (k + 1023) << 4);
  return view.getFloat64(0);
}

const UNDERFLOW = -746;
const OVERFLOW = 710;
/** ln 2 as a number of few bits, whose multiples are exact, and the rest. */
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
/** 1/n!: |r| is at most 0.3466, so that the term behind the last would be below 2^-57. */
const SERIES = [
  1,
  1,
  1 / 2,
  1 / 6,
  1 / 24,
  1 / 120,
  1 / 720,
  1 / 5040,
  1 / 40_320,
  1 / 362_880,
  1 / 3_628_800,
  1 / 39_916_800,
  1 / 479_001_600,
  1 / 6_227_020_800,
] as const;
const view = new DataView(new ArrayBuffer(8));
