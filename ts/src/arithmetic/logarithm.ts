/** A logarithm that is the same to the bit in every JavaScript engine, as `Math.log` is not. */

/**
 * The natural logarithm of a normal number above 0, to about one unit in the last place: by
 * `ln(m · 2^e) = e · ln 2 + 2 artanh((m − 1) / (m + 1))`, with `m` from √½ to √2.
 */
export function ln(x: number): number {
  view.setFloat64(0, x);
  let exponent = (view.getUint16(0) >> 4) - 1022;
  view.setUint16(0, (view.getUint16(0) & 0x000f) | (1022 << 4));
  let mantissa = view.getFloat64(0);
  if (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent -= 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  // |s| is at most 0.1716, so that the term behind the last would be below 2^-60.
  let sum = 0;
  for (let k = LAST_TERM; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return exponent * Math.LN2 + 2 * s * sum;
}

const LAST_TERM = 23;
const view = new DataView(new ArrayBuffer(8));
