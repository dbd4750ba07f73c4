/**
 * The app is one classic script: first the core, which the service worker needs too (model, store, net, sync), then what only the worker
 * does and what only a page does, behind a look which of the two this is. The page loads it with `defer`, the worker by `importScripts`.
 * Module workers would share parts by themselves, but Firefox 96 and Chrome 87 do not know them. See docs/adr/0011.
 */
import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { minify } from "terser";
import type { Plugin, Rolldown } from "vite";

const APP = "index";
const ROOM = "Room";
/** For a browser that keeps nothing: it could not hold this part either, and fetches it when it is there. */
const MEMORY = "memory";
const WORKER = "serviceworker.js";
/** As the bundler writes it. */
const OF_THE_WORKER = /^\/\/ src\/sw\/index\.ts\n(.*?)(?=^\/\/ )/ms;
const IMPORT = /\bimport\s*\{([^}]*)\}\s*from\s*("[^"]*\/index-[^"]*");?/;
/** Of a part that takes nothing: whoever fetches it is that script. */
const AFTER = /\bimport\s*"[^"]*\/index-[^"]*";?/;
const EXPORT = /\bexport\s*\{([^}]*)\};?\s*$/;

export function oneScript(): Plugin[] {
  return [
    {
      name: "aryk-worker-first",
      apply: "build",
      enforce: "post",
      // So that all that the worker's module needs stands before it.
      transform: (code, id) => (id.endsWith("/index.html") ? `import "/src/sw/index.ts";${code}` : null),
      renderChunk: { order: "pre", handler: (code, { name }) => (name === APP ? script(code) : null) },
    },
    {
      name: "aryk-one-script",
      apply: "build",
      // After the code is made small and before its hash is taken.
      renderChunk: { order: "post", handler: (code, { name }) => (name === APP ? null : taking(code)) },
      generateBundle: {
        order: "post",
        async handler(_options, bundle) {
          const { app, room } = partsOf(bundle);
          app.code = await smaller(app.code);
          const page = bundle["index.html"];
          if (page?.type !== "asset") throw new Error("The build has no page.");
          page.source = String(page.source).replace('<script type="module" crossorigin', "<script defer");
          const built = JSON.stringify(builtOf(app.fileName, room.fileName, page.source));
          this.emitFile({ type: "asset", fileName: WORKER, source: `const BUILT=${built};importScripts(BUILT.app)\n` });
        },
      },
    },
  ];
}

/** Core, worker and page as a classic script. `export { here as there }` names things the other way round than an object does. */
function script(code: string): string {
  const [whole = "", worker] = OF_THE_WORKER.exec(code) ?? [];
  if (!worker) throw new Error("The build has no worker.");
  const [core, page = ""] = code.split(whole);
  const given = page.replace(EXPORT, (_, names: string) => {
    return `self.arykApp={${pairs(names).map(([here, there]) => `${there}:${here}`)}}`;
  });
  return `(()=>{${core}\nself.document?(()=>{${given}\n})():(()=>{${worker}\n})()})()\n`;
}

/** What a fault says is for who reads the sources; on a phone nobody does. */
const SAID = /\b((?:Range|Type)?Error)\((?:"[^"]*"|`[^`]*`)\)/g;

/** Found by trying. */
const AS_A_WHOLE = { passes: 3, pure_getters: true, sequences: false, reduce_funcs: false };
/** Functions to the front of what they belong to, once all names are short. */
const ONCE_MORE = {
  passes: 2,
  pure_getters: true,
  inline: 1,
  unsafe: true,
  unsafe_arrows: true,
  hoist_funs: true,
} as const;
/** Which of these forms packs best only trying tells, and each change of the code tells otherwise. */
const EITHER = [false, true];
const FORMS = EITHER.flatMap((comparisons) => EITHER.map((lhs_constants) => ({ comparisons, lhs_constants })));

/** That nothing is written to these the compiler has seen; with one word for all names, more of them are made at once. */
const CONSTANT = /\bconst(?=[ {[])/g;

/** Where brotli's blocks end is luck: empty lines before the script draw anew, for some 50 B. */
const DRAWS = Array.from({ length: 7 }, (_, lines) => "\n".repeat(lines));

/** Hidden while names are given, which is by how often each letter stands in the whole: with the hash of any file all would be others. */
const HASH = /(?<=\/\w+-)[\w-]{6}(?=\.js)/g;

/** Made small once more, and no fault has words: 0.8 kB less for every phone. */
async function smaller(whole: string): Promise<string> {
  const hashes = [...new Set(whole.match(HASH))];
  const hidden = whole.replace(HASH, (hash) => `nnnnn${hashes.indexOf(hash)}`);
  const strict = `"use strict";${hidden.replace(SAID, "$1()").replace(CONSTANT, "let")}`;
  const { code } = await minify(strict, { ecma: 2020, compress: AS_A_WHOLE });
  const made = await Promise.all(
    FORMS.map((how) =>
      minify(code ?? "", { ecma: 2020, compress: { ...ONCE_MORE, ...how }, mangle: false, toplevel: true }),
    ),
  );
  const shown = (code: string) => code.replace(HASH, (at) => hashes[Number(at.slice(5))] ?? at);
  const forms = new Set(made.map(({ code = "" }) => shown(code)));
  const drawn = [...forms].flatMap((code) => DRAWS.map((before) => before + code));
  const packed = drawn.map((code) => ({ code, bytes: brotliCompressSync(code).length }));
  const [smallest] = packed.sort((one, other) => one.bytes - other.bytes);
  if (!smallest?.code) throw new Error("The script could not be made small.");
  return smallest.code;
}

/** A part takes what the app exports; the app's name stays in its code, so that its own hash is another one when the app's is. */
function taking(code: string): string {
  const taken = code.replace(AFTER, "").replace(IMPORT, (_, names: string, file: string) => {
    return `${file};const{${pairs(names).map(([there, here]) => `${there}:${here}`)}}=arykApp;`;
  });
  if (/\bimport\s*["{]/.test(taken)) throw new Error("A part of the build takes from another than the app.");
  return taken;
}

function pairs(names: string): string[][] {
  return names.split(",").map((name) => {
    const [first = "", second = first] = name.trim().split(/\s+as\s+/);
    return [first, second];
  });
}

function partsOf(bundle: Rolldown.OutputBundle) {
  const parts = Object.values(bundle).filter((part) => part.type === "chunk");
  const named = [APP, ROOM, MEMORY].map((name) => parts.find((part) => part.name === name));
  const [app, room] = named;
  if (!app || !room || parts.length !== named.length) {
    throw new Error(`These would be missing offline: ${parts.map(({ fileName }) => fileName)}`);
  }
  // A style of its own would not be fetched with the room.
  if (Object.keys(bundle).some((name) => name.endsWith(".css"))) throw new Error("A style is not in the page.");
  return { app, room };
}

/** The parts that a worker holds; see src/sw/index.ts. */
function builtOf(app: string, room: string, page: string) {
  return {
    version: createHash("sha256").update(page).digest("hex").slice(0, 16),
    app: `/${app}`,
    room: [`/${room}`],
  };
}
