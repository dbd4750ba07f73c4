import "fake-indexeddb/auto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { giveBack } from "../../src/actions/giving-back";
import { setSession } from "../../src/actions/session";
import { fact } from "../../src/store/facts";
import { forgetCases } from "../../src/store/granting";
import type { Database } from "../../src/store/opening";
import { openNew } from "../store/opened";

let server: Server;
let db: Database;
let asked: string[];

/** A mediator has logged out, and whoever answers under our name says this. */
async function answered(status: number, body = "", headers: Record<string, string> = {}): Promise<boolean> {
  asked = [];
  server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    if (url === "/elsewhere") response.writeHead(204).end();
    else response.writeHead(status, headers).end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  globalThis.location = { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } as Location;
  await giveBack();
  return (await fact(db, "givingBack")) === undefined;
}

beforeEach(async () => {
  const own = await openNew();
  ({ db } = own);
  setSession({ ...own, profile: { id: own.id, createdAt: 1 }, wake: async () => undefined });
  await forgetCases(db);
});

afterEach(() => void server.close());

describe("a log-out that the server has not heard of", () => {
  it("is over once the server has taken the login back", async () => {
    expect(await answered(204)).toBe(true);
    expect(asked).toEqual(["DELETE /api/v1/grant"]);
  });

  it.each([
    ["the page of a captive portal", 200, "<html>"],
    ["somebody else's 401", 401, "<html>"],
    ["somebody else's 403", 403, "{}"],
    ["another server", 404, JSON.stringify({ code: "not_found" })],
    ["a limit", 429, JSON.stringify({ code: "later" })],
    ["a server that fell", 500, ""],
  ])("is told again after %s", async (_name, status, body) => {
    expect(await answered(status, body)).toBe(false);
    expect(asked).toHaveLength(1);
  });

  it("follows nobody elsewhere", async () => {
    expect(await answered(307, "", { Location: "/elsewhere" })).toBe(false);
    expect(asked).toHaveLength(1);
  });
});
