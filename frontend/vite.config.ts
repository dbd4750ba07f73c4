import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { browserslist } from "./package.json";
import { catalogues } from "./scripts/catalogues.ts";
import { oneScript } from "./scripts/script.ts";

/** As Vite writes them: `chrome87`. */
const TARGETS = browserslist.map((one) => one.replace(" ", ""));
/** `?.` is written out for Chrome below 91 only because a spread behind it once failed there; `eslint.config.js` sees that none is built. */
const SYNTAX = TARGETS.map((one) => (one === "chrome87" ? "chrome91" : one));
const DIST = resolve(import.meta.dirname, "dist");

/** Each round trip costs a second or two where this is used, so the style travels inside the page. */
export function inlineStyle(name: string): Plugin {
  return {
    name: "aryk-inline-style",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle[name];
      if (page?.type !== "asset") return;
      page.source = String(page.source).replace(/\s*<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/, (_, file) => {
        const style = bundle[file];
        if (style?.type !== "asset") throw new Error(`no style ${file}`);
        delete bundle[file];
        return `<style>${String(style.source).trim()}</style>`;
      });
      // HTML does without these ends.
      page.source = page.source.replace(/\n\s*|<\/(p|body|html)>/g, "");
    },
    // So that every server sends the same few bytes, whether or not its static files were collected.
    writeBundle: (_options, bundle) => Object.keys(bundle).filter(isText).forEach(compress),
  };
}

/** Nothing is preloaded: the room is one script and its style is in the page, so the way Vite fetches parts would be ballast. */
function plainImports(): Plugin {
  return {
    name: "aryk-plain-imports",
    enforce: "pre",
    load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null),
  };
}

function isText(name: string): boolean {
  return /\.(html|js|css|json)$/.test(name) && !name.startsWith(".");
}

/** How brotli writes down distances: which way is the shortest only trying tells, and it is some 60 B for every phone. */
const DISTANCES = [
  [0, 0],
  [1, 16],
  [2, 0],
  [2, 16],
  [3, 0],
  [3, 64],
] as const;

/** As brotli thinks best, and blocks of 128 kB. */
const BLOCKS = [0, 17];

/** What it tries hardest for is luck with the few bytes of a worker: up to 25 B longer. */
const EFFORTS = [11, 9];

function compress(name: string): void {
  const content = readFileSync(resolve(DIST, name));
  const tried = DISTANCES.flatMap(([postfix, direct]) =>
    BLOCKS.flatMap((block) =>
      EFFORTS.map((effort) =>
        brotliCompressSync(content, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: effort,
            [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
            [constants.BROTLI_PARAM_NDIRECT]: direct,
            [constants.BROTLI_PARAM_LGBLOCK]: block,
          },
        }),
      ),
    ),
  );
  const [smallest] = tried.sort((one, other) => one.length - other.length);
  writeFileSync(resolve(DIST, `${name}.br`), smallest ?? content);
  writeFileSync(resolve(DIST, `${name}.gz`), gzipSync(content, { level: 9 }));
}

/** A hash cannot be packed, and the names of all files come with the app. */
const NAMED = "static/app/[name]-[hash:6]";

/** The same for every page. */
export const OUTPUT = {
  target: SYNTAX,
  cssTarget: TARGETS,
  assetsDir: "static/app",
  assetsInlineLimit: 0,
  modulePreload: false,
  rolldownOptions: {
    output: {
      entryFileNames: `${NAMED}.js`,
      chunkFileNames: `${NAMED}.js`,
      assetFileNames: `${NAMED}.[ext]`,
    },
  },
  reportCompressedSize: false,
  // Slower than Vite's own and 0.7 kB smaller: every phone waits for the bytes, once; nobody waits for the build.
  minify: "terser",
  // `unsafe` writes `String(x)` as `"" + x` and `new Error` as `Error`, which is right where nobody replaces what the browser brings;
  // the other two write functions without `this` as arrows, which is right where nobody says `new` to them.
  terserOptions: {
    ecma: 2020,
    module: true,
    compress: { passes: 3, pure_getters: true, inline: 1, unsafe: true, unsafe_arrows: true, unsafe_methods: true },
  },
} as const;

/** lightningcss's flag for `light-dark()`, which no style uses: its two helping variables need not travel. */
const LIGHT_DARK = 1_048_576;

export default defineConfig({
  plugins: [catalogues(), plainImports(), inlineStyle("index.html"), oneScript()],
  // Children as arguments instead of a property: 0.35 kB less.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" },
    jsxInject: 'import { h, Fragment } from "preact";',
  },
  css: { lightningcss: { exclude: LIGHT_DARK } },
  build: OUTPUT,
  server: {
    host: "127.0.0.1",
    port: 8100,
    strictPort: true,
    proxy: { "/api": "http://127.0.0.1:8000", "/_allauth": "http://127.0.0.1:8000" },
  },
  test: { include: ["tests/**/*.test.{ts,tsx}"], environment: "node" },
});
