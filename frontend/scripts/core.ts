/**
 * The app is one classic script: first the core, which the service worker needs too (model, store, net, sync), then all that only a page
 * does. The page loads it with `defer`, the worker by `importScripts`. Module workers would share parts by themselves, but Firefox 96 and
 * Chrome 87 do not know them. Here the bundler's parts are made classic: what a part exports becomes one object, and who imports it takes
 * it apart. See docs/adr/0011.
 */
import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { minify } from "terser";
import type { Plugin, Rolldown } from "vite";

const CORE = "core";
const PAGE = "index";
export const WORKER = "serviceworker";
const ROOM = "Room";
/** For a browser that keeps nothing: it could not hold this part either, and fetches it when it is there. */
const MEMORY = "memory";
/** What a part exports, by its name. */
const OBJECTS: Record<string, string> = { [CORE]: "arykCore", [PAGE]: "arykPage" };
/** From how many others a part imports. */
const TAKES: Record<string, number> = { [CORE]: 0, [PAGE]: 1, [WORKER]: 1, [ROOM]: 2, [MEMORY]: 0 };
const IMPORT = /\bimport\s*\{([^}]*)\}\s*from\s*"[^"]*\/((core|index)-[^"]*)";?/g;
/** Of a part that takes nothing: whoever fetches it is that script. */
const AFTER = /\bimport\s*"[^"]*\/(?:core|index)-[^"]*";?/g;
const EXPORT = /\bexport\s*\{([^}]*)\};?\s*$/;

/** The worker's round and all that it needs. */
export const CORE_GROUP = { name: CORE, test: /\/src\/sw\/sending\.ts$/ };

export function sharedCore(): Plugin {
  return {
    name: "aryk-shared-core",
    apply: "build",
    // After the code is made small and before its hash is taken.
    renderChunk: { order: "post", handler: (code, { name }) => classic(code, name) },
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const { core, app, room, worker } = partsOf(bundle);
        app.code = await smaller(`"use strict";(()=>{${core.code}})();self.document&&(()=>{${app.code}})()\n`);
        delete bundle[core.fileName];
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("The build has no page.");
        page.source = String(page.source).replace('<script type="module" crossorigin', "<script defer");
        const built = JSON.stringify(builtOf(bundle, app.fileName, room.fileName, page.source));
        worker.code = await smaller(
          `"use strict";importScripts("/${app.fileName}");{const BUILT=${built};${worker.code.trim()}}`,
        );
      },
    },
  };
}

/** What a fault says is for who reads the sources; on a phone nobody does. */
const SAID = /\b((?:Range|Type)?Error)\((?:"[^"]*"|`[^`]*`)\)/g;

/** Found by trying. */
const AS_A_WHOLE = { passes: 3, pure_getters: true, sequences: false, reduce_funcs: false };
/** Functions to the front of what they belong to, once all names are short. */
const ONCE_MORE = { passes: 2, pure_getters: true, inline: 1, unsafe: true, hoist_funs: true } as const;
/** Which of these forms packs best only trying tells, and each change of the code tells otherwise. */
const EITHER = [false, true];
const FORMS = EITHER.flatMap((sequences) => EITHER.map((unsafe_arrows) => ({ sequences, unsafe_arrows })));

/** What was made small apart is made small again as one, and no fault has words: 0.8 kB less for every phone. */
async function smaller(whole: string): Promise<string> {
  const { code } = await minify(whole.replace(SAID, "$1()"), { ecma: 2020, compress: AS_A_WHOLE });
  const made = await Promise.all(
    FORMS.map((how) =>
      minify(code ?? "", { ecma: 2020, compress: { ...ONCE_MORE, ...how }, mangle: false, toplevel: true }),
    ),
  );
  const packed = made.map(({ code = "" }) => ({ code, bytes: brotliCompressSync(code).length }));
  const [smallest] = packed.sort((one, other) => one.bytes - other.bytes);
  if (!smallest?.code) throw new Error("The script could not be made small.");
  return smallest.code;
}

/** A part imports what others export; the names of these stay in its code, so that its own hash is another one when theirs are. */
function classic(code: string, name: string): string {
  const files: string[] = [];
  const taken = code.replace(AFTER, "").replace(IMPORT, (_, names: string, file: string, part: string) => {
    files.push(file);
    return `const{${pairs(names).map(([there, here]) => `${there}:${here}`)}}=${OBJECTS[part]};`;
  });
  if (files.length !== TAKES[name]) {
    throw new Error(`This part of the build takes something else than it should: ${name} ${files}`);
  }
  // `export { here as there }` names them the other way round than an object does; `import { there as here }` does not.
  const given = taken.replace(EXPORT, (whole, names: string) => {
    const object = OBJECTS[name];
    return object ? `self.${object}={${pairs(names).map(([here, there]) => `${there}:${here}`)}}` : whole;
  });
  return files.map((file) => `"${file}";`).join("") + given;
}

function pairs(names: string): string[][] {
  return names.split(",").map((name) => {
    const [first = "", second = first] = name.trim().split(/\s+as\s+/);
    return [first, second];
  });
}

function partsOf(bundle: Rolldown.OutputBundle) {
  const parts = Object.values(bundle).filter((part) => part.type === "chunk");
  const named = [CORE, PAGE, ROOM, WORKER, MEMORY].map((name) => parts.find((part) => part.name === name));
  const [core, app, room, worker] = named;
  if (!core || !app || !room || !worker || parts.length !== named.length) {
    throw new Error(`These would be missing offline: ${parts.map(({ fileName }) => fileName)}`);
  }
  // A style of its own would not be fetched with the room.
  if (Object.keys(bundle).some((name) => name.endsWith(".css"))) throw new Error("A style is not in the page.");
  return { core, app, room, worker };
}

/** The parts that a worker holds; see src/sw/index.ts. */
function builtOf(bundle: Rolldown.OutputBundle, app: string, room: string, page: string) {
  const words = Object.keys(bundle).filter((name) => /\/[a-z]{2}-[^/]*\.json$/.test(name));
  return {
    version: createHash("sha256").update(page).digest("hex").slice(0, 16),
    app: `/${app}`,
    words: Object.fromEntries(words.map((name) => [name.replace(/.*\/(..)-.*/, "$1"), `/${name}`])),
    room: [`/${room}`],
  };
}
