/**
 * The stock tus client, as anybody would use it: node tus_client.mjs ENDPOINT FILE ID SHA256 [CHUNK]
 * Uploads, is cut off after the first chunk, and goes on in a new upload from the address the first one got.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Upload } = createRequire(new URL("../../frontend/package.json", import.meta.url))("tus-js-client");
const [endpoint, path, id, sha256, chunk] = process.argv.slice(2);
const content = readFileSync(path);
const asked = [];

function upload(more) {
  return new Promise((done, failed) => {
    const one = new Upload(content, {
      endpoint,
      chunkSize: Number(chunk),
      metadata: { id, sha256, mime: "image/jpeg", filename: "photo.jpg" },
      retryDelays: [100, 200],
      onBeforeRequest: (request) => asked.push(`${request.getMethod()} ${request.getHeader("Upload-Offset") ?? ""}`.trim()),
      onSuccess: () => done(one.url),
      onError: failed,
      ...more(() => done(one.url), () => one),
    });
    one.start();
  });
}

const address = await upload((stop, one) => ({
  onChunkComplete: async () => {
    await one().abort();
    stop();
  },
}));
const cut = asked.length;
const same = await upload(() => ({ uploadUrl: address }));
console.log(JSON.stringify({ address, same, first: asked.slice(0, cut), second: asked.slice(cut) }));
