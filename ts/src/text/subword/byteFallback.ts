/** Pieces for the bytes of characters that a vocabulary does not know: `<0x00>` to `<0xFF>`. */

const encoder = new TextEncoder();
const FORM = /^<0x([0-9A-Fa-f]{2})>$/;

/** The pieces of the UTF-8 bytes of a text. */
export function bytePieces(text: string): string[] {
  return Array.from(encoder.encode(text), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
}

/** The byte that a piece stands for; undefined for any other piece. */
export function byteOf(piece: string): number | undefined {
  const digits = FORM.exec(piece)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}
