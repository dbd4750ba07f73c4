/**
 * A QR code of version 10, error correction M: 57 × 57 modules, at most 311 characters of the alphanumeric set, or 213 of ASCII. One size
 * is all that is needed here, so the tables of the other 39 stay away from the phone. Source: ISO/IEC 18004.
 */

export const QR_SIZE = 57;
export const QR_CHARACTERS = 311;

const SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const ALPHANUMERIC = 2;
const BYTES = 4;
const DATA = 216;
const CORRECTION = 26;
/** Data codewords of the five blocks. */
const BLOCKS = [43, 43, 43, 43, 44];
const ALIGNED = [6, 28, 50];
const VERSION_BITS = 0x0a4d3;
/** Level M, mask 0, with its own error correction. */
const FORMAT_BITS = 0x5412;

/** Rows of modules; true is dark. Throws RangeError for text that does not fit. */
export function qrOf(text: string): boolean[][] {
  const bits = bitsOf(text);
  if (bits.length > DATA * 8 || /[^ -~]/.test(text)) throw new RangeError("QR text");
  const modules: (boolean | null)[][] = Array.from({ length: QR_SIZE }, () => Array(QR_SIZE).fill(null));
  drawPatterns(modules);
  drawData(modules, interleaved(dataOf(bits)));
  return modules as boolean[][];
}

function bitsOf(text: string): string {
  if ([...text].some((one) => !SYMBOLS.includes(one))) {
    const bytes = [...text].map((one) => binary(one.charCodeAt(0), 8));
    return binary(BYTES, 4) + binary(text.length, 16) + bytes.join("");
  }
  let bits = binary(ALPHANUMERIC, 4) + binary(text.length, 11);
  for (let at = 0; at < text.length; at += 2) {
    const [first, second] = [SYMBOLS.indexOf(text.charAt(at)), text.charAt(at + 1)];
    bits += second ? binary(first * 45 + SYMBOLS.indexOf(second), 11) : binary(first, 6);
  }
  return bits;
}

function dataOf(said: string): number[] {
  let bits = said;
  bits += "0".repeat(Math.min(4, DATA * 8 - bits.length));
  bits += "0".repeat((8 - (bits.length % 8)) % 8);
  const data = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  for (let pad = 0xec; data.length < DATA; pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

function binary(number: number, length: number): string {
  return number.toString(2).padStart(length, "0");
}

/** The blocks' data, then their error correction, one codeword of each in turn. */
function interleaved(data: number[]): number[] {
  let to = 0;
  const blocks = BLOCKS.map((length) => {
    to += length;
    return data.slice(to - length, to);
  });
  const corrections = blocks.map(correction);
  return [...inTurn(blocks), ...inTurn(corrections)];
}

function inTurn(blocks: number[][]): number[] {
  const longest = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => blocks.flatMap((block) => block.slice(at, at + 1))).flat();
}

/** Reed–Solomon over GF(256) with 0x11D. */
function correction(block: number[]): number[] {
  const divisor = generator();
  const rest: number[] = Array(CORRECTION).fill(0);
  for (const byte of block) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (let at = 0; at < CORRECTION; at++) rest[at] = (rest[at] ?? 0) ^ times(divisor[at] ?? 0, factor);
  }
  return rest;
}

/** The product of (x − 2ⁱ), without its leading 1. */
function generator(): number[] {
  let product = [1];
  for (let power = 0, root = 1; power < CORRECTION; power++, root = times(root, 2)) {
    const shifted = [...product, 0];
    product = shifted.map((factor, at) => factor ^ times(product[at - 1] ?? 0, root));
  }
  return product.slice(1);
}

function times(one: number, other: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((other >> bit) & 1) product ^= one;
  }
  return product;
}

type Modules = (boolean | null)[][];

function set(modules: Modules, row: number, column: number, dark: boolean): void {
  const line = modules[row];
  if (line && column >= 0 && column < QR_SIZE) line[column] = dark;
}

function drawPatterns(modules: Modules): void {
  for (let at = 0; at < QR_SIZE; at++) {
    set(modules, 6, at, at % 2 === 0);
    set(modules, at, 6, at % 2 === 0);
  }
  const last = QR_SIZE - 4;
  for (const [row, column] of [
    [3, 3],
    [3, last],
    [last, 3],
  ] as const) {
    square(modules, row, column, 4, (ring) => ring !== 2 && ring !== 4);
  }
  for (const row of ALIGNED) {
    for (const column of ALIGNED) {
      const corner = (row === 6 && column !== 28) || (row === 50 && column === 6);
      if (!corner) square(modules, row, column, 2, (ring) => ring !== 1);
    }
  }
  drawFormat(modules);
  drawVersion(modules);
}

function square(modules: Modules, row: number, column: number, reach: number, dark: (ring: number) => boolean): void {
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      set(modules, row + down, column + right, dark(Math.max(Math.abs(down), Math.abs(right))));
    }
  }
}

/** Twice: around the first finder, and along the other two. */
function drawFormat(modules: Modules): void {
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((FORMAT_BITS >> bit) & 1) === 1;
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : bit === 8 ? 7 : 14 - bit;
    if (bit < 8) set(modules, near, 8, dark);
    else set(modules, 8, near, dark);
    if (bit < 8) set(modules, 8, QR_SIZE - 1 - bit, dark);
    else set(modules, QR_SIZE - 15 + bit, 8, dark);
  }
  set(modules, QR_SIZE - 8, 8, true);
}

function drawVersion(modules: Modules): void {
  for (let bit = 0; bit < 18; bit++) {
    const dark = ((VERSION_BITS >> bit) & 1) === 1;
    const [far, near] = [QR_SIZE - 11 + (bit % 3), Math.floor(bit / 3)];
    set(modules, far, near, dark);
    set(modules, near, far, dark);
  }
}

/** Two columns at a time from the right, up and down in turn; what is drawn already is passed over. Mask 0. */
function drawData(modules: Modules, codewords: number[]): void {
  let bit = 0;
  for (let right = QR_SIZE - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right = 5;
    for (let step = 0; step < QR_SIZE; step++) {
      const row = up ? QR_SIZE - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (modules[row]?.[column] !== null) continue;
        const data = (((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        set(modules, row, column, data !== ((row + column) % 2 === 0));
        bit++;
      }
    }
  }
}
