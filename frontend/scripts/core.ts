/**
 * What the page and the service worker both need (model, store, net, sync) travels once: `core-<hash>.js`, a classic script
 * that the page loads before its module and the worker by `importScripts`. Module workers would do this by themselves, but
 * Firefox 96 and Chrome 87 do not know them. Here the bundler's shared chunk is made classic: what it exports becomes one
 * object, and who imports it takes it apart. See docs/adr/0011.
 */
import { createHash } from "node:crypto";
import type { Plugin, Rolldown } from "vite";

const CORE = "core";
const OBJECT = "arykCore";
export const WORKER = "serviceworker";
const IMPORT = /\bimport\s*\{([^}]*)\}\s*from\s*"[^"]*\/(core-[^"]*)";?/;
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
      handler(_options, bundle) {
        const worker = bundle[`${WORKER}.js`];
        const page = bundle["index.html"];
        if (worker?.type !== "chunk" || page?.type !== "asset") throw new Error("The build has no worker or no page.");
        const core = coreOf(bundle);
        page.source = String(page.source).replace('<script type="module"', `<script defer src="/${core}"></script>$&`);
        const built = JSON.stringify(builtOf(bundle, core, page.source));
        worker.code = `"use strict";importScripts("/${core}");{const BUILT=${built};${worker.code.trim()}}\n`;
      },
    },
  };
}

/** The name of the core stays in the code, so that the hash of a part is another one when the core is. */
function taken(pairs: string[][], file = ""): string {
  return `"${file}";const{${pairs.map(([there, here]) => `${there}:${here}`)}}=${OBJECT};`;
}

/** `export { here as there }` names them the other way round than an object does; `import { there as here }` does not. */
function classic(code: string, name: string): string {
  if (name !== CORE) return replaced(code, IMPORT, taken);
  const whole = replaced(
    code,
    EXPORT,
    (pairs) => `self.${OBJECT}={${pairs.map(([here, there]) => `${there}:${here}`)}}`,
  );
  return `"use strict";(()=>{${whole}})();\n`;
}

function replaced(code: string, pattern: RegExp, by: (pairs: string[][], file?: string) => string): string {
  if (!pattern.test(code)) throw new Error(`A part of the build does not share its core: ${code.slice(0, 200)}`);
  const result = code.replace(pattern, (_, names: string, file?: string) => by(names.split(",").map(pairOf), file));
  if (IMPORT.test(result)) throw new Error("The core is imported twice.");
  return result;
}

function pairOf(name: string): string[] {
  const [first = "", second = first] = name.trim().split(/\s+as\s+/);
  return [first, second];
}

/** The parts that a worker holds; see src/sw/index.ts. */
function builtOf(bundle: Rolldown.OutputBundle, core: string, page: string) {
  const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
  const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith("/index.html"));
  const room = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith("/src/ui/room/Room.tsx"));
  if (!entry || !room || chunks.length !== 4)
    throw new Error(`These would be missing offline: ${chunks.map(({ fileName }) => fileName)}`);
  // A style of its own would not be fetched with the room.
  if (Object.keys(bundle).some((name) => name.endsWith(".css"))) throw new Error("A style is not in the page.");
  const words = Object.keys(bundle).filter((name) => /\/[a-z]{2}-[^/]*\.json$/.test(name));
  return {
    version: createHash("sha256").update(page).digest("hex").slice(0, 16),
    scripts: [core, entry.fileName].map((file) => `/${file}`),
    words: Object.fromEntries(words.map((name) => [name.replace(/.*\/(..)-.*/, "$1"), `/${name}`])),
    room: [`/${room.fileName}`],
  };
}

function coreOf(bundle: Rolldown.OutputBundle): string {
  const core = Object.values(bundle).find((part) => part.type === "chunk" && part.name === CORE);
  if (!core) throw new Error("Page and worker share nothing.");
  return core.fileName;
}
