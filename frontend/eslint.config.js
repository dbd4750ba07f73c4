/** What the built scripts, ours and those of others in them, ask of a browser: nothing that the oldest one we serve lacks (`browserslist`). */
import compat from "eslint-plugin-compat";

/** Asked for only where it is there; each has another way. */
const NOT_EVERYWHERE = [
  // Without it an operation goes out as it is (model/sealing.ts), and words travel uncompressed.
  "CompressionStream",
  // Without it the room and the page for desks bring a decoder, and elsewhere the button is not there.
  "BarcodeDetector",
  // Without it the phone counts as not paying for its bytes.
  "navigator.connection",
];

export default [
  { ...compat.configs["flat/recommended"], settings: { lintAllEsApis: true, polyfills: NOT_EVERYWHERE } },
  // Chrome before 91 takes `a?.(...b)` wrongly.
  { rules: { "no-restricted-syntax": ["error", "ChainExpression CallExpression > SpreadElement"] } },
];
