import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { catalogues } from "./scripts/catalogues.ts";

export const TARGETS = ["chrome87", "firefox96", "safari15.4"];
const DIST = resolve(import.meta.dirname, "dist");

/** Each round trip costs a second or two where this is used, so the style travels inside the page. */
function inlineStyle(): Plugin {
  return {
    name: "aryk-inline-style",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") return;
      page.source = String(page.source).replace(/\s*<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/, (_, name) => {
        const style = bundle[name];
        if (style?.type !== "asset") throw new Error(`no style ${name}`);
        delete bundle[name];
        return `<style>${String(style.source).trim()}</style>`;
      });
    },
    // So that every server sends the same few bytes, whether or not its static files were collected.
    writeBundle: (_options, bundle) => Object.keys(bundle).filter(isText).forEach(compress),
  };
}

/** For Node, HPKE falls back to a module of Node's; in a phone that would be a chunk that nobody holds. */
function withoutNode(): Plugin {
  return {
    name: "aryk-without-node",
    enforce: "pre",
    transform: (code, id) => (id.includes("/@hpke/") ? code.replaceAll('await import("crypto")', "globalThis") : null),
  };
}

function isText(name: string): boolean {
  return /\.(html|js|css|json)$/.test(name) && !name.startsWith(".");
}

export function compress(name: string): void {
  const content = readFileSync(resolve(DIST, name));
  writeFileSync(resolve(DIST, `${name}.br`), brotliCompressSync(content));
  writeFileSync(resolve(DIST, `${name}.gz`), gzipSync(content, { level: 9 }));
}

export default defineConfig({
  plugins: [catalogues(), withoutNode(), inlineStyle()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: TARGETS,
    assetsDir: "static/app",
    assetsInlineLimit: 0,
    modulePreload: false,
    manifest: true,
    reportCompressedSize: false,
  },
  server: {
    host: "127.0.0.1",
    port: 8100,
    strictPort: true,
    proxy: { "/api": "http://127.0.0.1:8000", "/_allauth": "http://127.0.0.1:8000" },
  },
  test: { include: ["tests/**/*.test.{ts,tsx}"], environment: "node" },
});
