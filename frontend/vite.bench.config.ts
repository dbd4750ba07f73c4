/** The phone that `make bench` measures, as one script for Node: the phone's own code. */
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: "bench/phone.ts",
    outDir: "../.local/bench",
    emptyOutDir: true,
    target: "node20",
    reportCompressedSize: false,
    rolldownOptions: { output: { entryFileNames: "phone.mjs" } },
  },
});
