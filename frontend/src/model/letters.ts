/** One byte a letter: the project's own table for Kyrgyz, Russian, Tajik and Uzbek. Below 0x80 it is ASCII. See docs/sync.md. */

/** The letters of the bytes from 0x80. */
const LETTERS = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяЁёҢңӨөҮүҒғӢӣҚқӮӯҲҳҶҷЎўʻʼ№";

const ALIKE: Record<string, string> = {
  "‘": "ʻ",
  "’": "ʼ",
  "`": "ʻ",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "–": "-",
  "—": "-",
  "…": "...",
};

/** What it has no byte for becomes `?`. */
export function packed(text: string): Uint8Array {
  const plain = text.normalize("NFC").replace(/[‘’`“”„«»–—…]/g, (symbol) => ALIKE[symbol] ?? symbol);
  return Uint8Array.from([...plain], byteOf);
}

function byteOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  if (code === 0x0a || (code >= 0x20 && code < 0x7f)) return code;
  const at = LETTERS.indexOf(letter);
  return at < 0 ? 0x3f : 0x80 + at;
}
