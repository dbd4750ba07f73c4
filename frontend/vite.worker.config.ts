/** The service worker, after the app: it lists what the app's build made. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Manifest } from "vite";
import { compress, TARGETS } from "./vite.config.ts";

const DIST = resolve(import.meta.dirname, "dist");
const manifest = JSON.parse(readFileSync(resolve(DIST, ".vite/manifest.json"), "utf8")) as Manifest;

function built() {
  const entry = manifest["index.html"];
  const room = manifest["src/ui/room/Room.tsx"];
  if (!entry || !room) throw new Error("The app's build has no page or no room.");
  const parts = [...(entry.imports ?? []), ...(entry.dynamicImports ?? [])];
  if (parts.length !== 1)
    throw new Error(`Only the room is a part of its own; these would be missing offline: ${parts}`);
  const version = createHash("sha256")
    .update(readFileSync(resolve(DIST, "index.html")))
    .digest("hex")
    .slice(0, 16);
  const words = readdirSync(resolve(DIST, "static/app")).filter((name) => /^[a-z]{2}-.*\.json$/.test(name));
  return {
    version,
    script: `/${entry.file}`,
    words: Object.fromEntries(words.map((name) => [name.slice(0, 2), `/static/app/${name}`])),
    room: [room.file, ...(room.css ?? [])].map((file) => `/${file}`),
  };
}

export default defineConfig({
  define: { BUILT: JSON.stringify(built()), "process.env.NODE_ENV": '"production"' },
  publicDir: false,
  plugins: [{ name: "aryk-compress-worker", writeBundle: () => compress("serviceworker.js") }],
  build: {
    target: TARGETS,
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: { entry: "src/sw/index.ts", formats: ["iife"], name: "worker", fileName: () => "serviceworker.js" },
  },
});
