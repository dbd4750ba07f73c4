/** The page for desks, built apart from the app: the app shares no file with it, so that it needs no request more. */
import { defineConfig } from "vite";
import { catalogues } from "./scripts/catalogues.ts";
import { inlineStyle, OUTPUT } from "./vite.config.ts";

export default defineConfig({
  publicDir: false,
  plugins: [catalogues(), inlineStyle("carry.html")],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { ...OUTPUT, emptyOutDir: false, rolldownOptions: { ...OUTPUT.rolldownOptions, input: "carry.html" } },
});
