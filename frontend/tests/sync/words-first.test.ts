/** What a person writes while photos are on their way waits for no photo. */
import { beforeEach, expect, it } from "vitest";
import type { Request } from "../../src/sync/ports";
import { Link, round } from "../../src/sync/rounds";
import { type answer, PHOTO, phone, reply, silence, type Told } from "./phone";
import { Tus } from "./tus";

let tus: Tus;
let told: Told;
/** Each request as its method, and how many envelopes it carried. */
let asked: string[];
/** What happens before the answer to the so manieth chunk of this test. */
let meanwhile: (chunk: number) => Promise<unknown> | undefined;
let says: (envelopes: string[]) => ReturnType<typeof answer> | ReturnType<typeof reply>;

beforeEach(async () => {
  [tus, asked, meanwhile, says] = [new Tus(), [], () => undefined, (envelopes) => reply(envelopes)];
  const uploading = async (request: Request) => {
    asked.push(request.method);
    if (request.method === "PATCH") await meanwhile(asked.filter((one) => one === "PATCH").length);
    return tus.ask(request);
  };
  told = await phone((envelopes, request) => {
    if (request.path !== "/api/v1/sync") return uploading(request);
    asked.push(`sync ${envelopes.length}`);
    return says(envelopes);
  });
  told.parts.clock = tus.clock;
  for (const [number, id] of ["m", "n"].entries()) {
    await told.db.add("media", { ...PHOTO, id, opId: `o${number}`, size: 200_000 });
    await told.db.add("mediaBytes", new ArrayBuffer(200_000), id);
  }
});

it("goes before the next chunk, and the upload goes on where it was", async () => {
  meanwhile = (chunk) => (chunk === 1 ? told.say() : undefined);
  expect((await round(told.parts, new Link())).outcome).toBe("done");
  expect(asked.slice(0, 5)).toEqual(["sync 0", "POST", "PATCH", "sync 1", "HEAD"]);
  expect([...tus.uploads.values()].map(({ bytes }) => bytes.length)).toEqual([200_000, 200_000]);
  const resent = asked.filter((one) => one === "POST").length;
  expect([resent, asked.filter((one) => one.startsWith("sync")).length]).toEqual([2, 2]);
});

it("goes before the next photo where one chunk was all of the last", async () => {
  const link = new Link();
  link.chunk.size = 262_144;
  meanwhile = (chunk) => (chunk === 1 ? told.say() : undefined);
  await round(told.parts, link);
  expect(asked.slice(0, 5)).toEqual(["sync 0", "POST", "PATCH", "sync 1", "POST"]);
});

it("goes also while the server falls over something else, which holds up no photo", async () => {
  let poison = "";
  says = (envelopes) => {
    poison ||= envelopes[0] ?? "";
    return envelopes.includes(poison) ? silence("offline") : reply(envelopes);
  };
  await told.say();
  meanwhile = (chunk) => (chunk === 1 ? told.say() : undefined);
  const link = new Link();
  for (let rounds = 0; rounds < 4; rounds++) await round(told.parts, link);
  expect([...tus.uploads.values()].map(({ bytes }) => bytes.length)).toEqual([200_000, 200_000]);
  expect((await told.db.getAll("operations")).filter(({ state }) => state === "done")).toHaveLength(1);
});

it("is followed by at least one chunk, whatever the server says of it", async () => {
  says = (envelopes) => reply(envelopes, "waiting");
  meanwhile = () => told.say();
  tus.diesAfter = 12;
  await round(told.parts, new Link());
  expect(asked.join()).not.toMatch(/sync \d+,HEAD,sync/);
  expect([...tus.uploads.values()].some(({ bytes }) => bytes.length === 200_000)).toBe(true);
});

it("goes after one chunk also where it was written during the exchange before", async () => {
  let written = false;
  says = async (envelopes) => {
    if (!written) await told.say();
    written = true;
    return reply(envelopes);
  };
  told.parts.bearer = null;
  await round(told.parts, new Link());
  expect(asked.slice(0, 4)).toEqual(["sync 0", "POST", "PATCH", "sync 1"]);
});

it("and what became of it is told before the photos are there", async () => {
  meanwhile = (chunk) => (chunk === 1 ? told.say() : undefined);
  const between: (string | undefined)[] = [];
  await round(told.parts, new Link(), () => void between.push(asked.at(-1)));
  expect(between).toEqual(["PATCH"]);
});

it("does not let a photo begin again and again that the server never takes", async () => {
  tus.bytesPerMs = 2;
  tus.diesAfter = 60;
  tus.spoils = "m";
  expect((await round(told.parts, new Link())).outcome).toBe("done");
  const [first, second] = await told.db.getAll("media");
  expect([first?.state, second?.state]).toEqual(["refused", "received"]);
});

it("lets each photo have its turn where none gets on, though others are asked for meanwhile", async () => {
  tus.bytesPerMs = 0.000_001;
  tus.diesAfter = 60;
  await round(told.parts, new Link());
  const all = await told.db.getAll("media");
  expect(all.map(({ attempts }) => attempts > 0)).toEqual([true, true]);
});

it("that others write is asked for once a minute, but not by a locked profile", async () => {
  tus.bytesPerMs = 1;
  const asks = async () => {
    asked = [];
    await round(told.parts, new Link());
    return asked.filter((one) => one === "sync 0").length;
  };
  expect(await asks()).toBeGreaterThan(3);
  for (const medium of await told.db.getAll("media")) await told.db.put("media", { ...medium, state: "pending" });
  tus.uploads.clear();
  told.parts.bearer = null;
  expect(await asks()).toBe(1);
});
