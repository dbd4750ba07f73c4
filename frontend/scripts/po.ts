/** Reads the part of gettext's PO format that the catalogues use: context, source, text, comments, flags; no plurals. */

export interface Entry {
  /** The short id (msgctxt). */
  id: string;
  /** The English text (msgid). */
  source: string;
  /** The translation (msgstr); empty where there is none, or where it is marked fuzzy. */
  text: string;
}

const KEYWORD = /^(msgctxt|msgid|msgstr)\s+(".*")$/;

/** Entries in the order of the file, without the header. Throws on a line it does not know. */
export function readPo(content: string): Entry[] {
  return content
    .split(/\r?\n\r?\n+/)
    .map(readBlock)
    .filter((entry): entry is Entry => entry !== undefined && entry.id !== "");
}

function readBlock(block: string): Entry | undefined {
  const found: Record<string, string> = { msgctxt: "", msgid: "", msgstr: "" };
  let field = "";
  let fuzzy = false;
  for (const line of block.split(/\r?\n/)) {
    const keyword = KEYWORD.exec(line);
    if (keyword?.[1] && keyword[2]) {
      field = keyword[1];
      found[field] = unquote(keyword[2]);
    } else if (line.startsWith('"') && field) {
      found[field] += unquote(line);
    } else if (line.startsWith("#,")) {
      fuzzy = line.includes("fuzzy");
    } else if (line !== "" && !line.startsWith("#")) {
      throw new Error(`not understood in a PO file: ${line}`);
    }
  }
  if (!field) return undefined;
  return { id: found.msgctxt ?? "", source: found.msgid ?? "", text: fuzzy ? "" : (found.msgstr ?? "") };
}

function unquote(quoted: string): string {
  return JSON.parse(quoted) as string;
}
