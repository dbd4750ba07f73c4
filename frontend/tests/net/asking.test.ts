import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { netAt } from "../../src/net/asking";
import type { Request } from "../../src/sync/ports";

const PATIENCE_MS = 2_000;
const asked: Request = { method: "POST", path: "/", headers: {}, body: "{}", timeoutMs: PATIENCE_MS };
let server: Server;

async function served(answer: (response: ServerResponse) => void): Promise<ReturnType<typeof netAt>> {
  server = createServer((_, response) => answer(response)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  return netAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** Pieces of a JSON string, one every so often; without an end where `most` is not reached. */
function inPieces(response: ServerResponse, size: number, everyMs: number, most: number): void {
  response.write('"');
  let sent = 0;
  const timer = setInterval(() => {
    response.write("a".repeat(size));
    if (++sent === most) response.end('"', () => clearInterval(timer));
  }, everyMs);
  response.on("close", () => clearInterval(timer));
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe("an answer", () => {
  it("may take longer than the patience while it keeps coming", async () => {
    const net = await served((response) => inPieces(response, 1_000, 200, 25));
    const began = performance.now();
    expect(String(await (await net.ask(asked)).json())).toHaveLength(25_000);
    expect(performance.now() - began).toBeGreaterThan(PATIENCE_MS * 2);
  }, 30_000);

  it("that never begins is given up on", async () => {
    const net = await served(() => undefined);
    await expect(net.ask(asked)).rejects.toMatchObject({ kind: "timeout" });
  }, 30_000);

  it("that stands still in the middle is given up on", async () => {
    const net = await served((response) => response.write('"a'));
    await expect(net.ask(asked)).rejects.toMatchObject({ kind: "timeout" });
  }, 30_000);

  it("that only drips is given up on", async () => {
    const net = await served((response) => inPieces(response, 1, 100, 100_000));
    await expect(net.ask(asked)).rejects.toMatchObject({ kind: "timeout" });
  }, 30_000);

  it("that does not end is nobody's of ours", async () => {
    const net = await served((response) => inPieces(response, 4_000_000, 1, 100_000));
    await expect(net.ask(asked)).rejects.toMatchObject({ kind: "offline" });
  }, 30_000);

  it("that breaks off in the middle is none", async () => {
    const net = await served((response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("{}", () => response.destroy());
    });
    await expect(net.ask(asked)).rejects.toMatchObject({ kind: "offline" });
  }, 30_000);
});
