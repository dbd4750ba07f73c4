/** The simulator as one script for Node: the phone's own code and what plays with it. */
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: "chaos/main.ts",
    outDir: "../.local/chaos",
    emptyOutDir: true,
    target: "node20",
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: { output: { entryFileNames: "chaos.mjs" } },
  },
});
