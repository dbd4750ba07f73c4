/** A phone with the app's own store and sync, a clock that stands, and a network that says what the test says. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import vector from "../../../tests/vectors/sealed.json";
import type { KeptMedium, Reference } from "../../src/model";
import type { Tokens } from "../../src/model/secrets";
import type { Vault } from "../../src/model/vault";
import { keepFact } from "../../src/store/facts";
import { openedOf } from "../../src/store/keys";
import { type Database, openProfile, ownProfile } from "../../src/store/opening";
import { keep } from "../../src/store/saving";
import { storageOf } from "../../src/store/syncing";
import { type Answered, NoAnswer, type Parts, type Request } from "../../src/sync/ports";
import { reported } from "../store/opened";

export const NOW = Date.UTC(2026, 10, 23);

/** What the server does with one request; `envelopes` as they were sent. */
export type Server = (envelopes: string[], request: Request) => Answered | Promise<Answered>;

export interface Told {
  parts: Parts;
  db: Database;
  vault: Vault;
  tokens: Tokens;
  clock: { ms: number };
  /** The envelopes of each request. */
  sent: string[][];
  say(): Promise<string>;
}

export async function phone(server: Server): Promise<Told> {
  globalThis.indexedDB = new IDBFactory();
  const profile = await ownProfile(NOW);
  const db = await openProfile(profile.id);
  await keepFact(db, "reference", { sync_key: { id: vector.key_id, public: vector.public } } as Reference);
  const opened = await openedOf(db);
  if (!opened) throw new Error("A new profile has no lock.");
  const { vault, tokens } = opened;
  const clock = { ms: NOW };
  const sent: string[][] = [];
  const parts: Parts = {
    clock: { now: () => clock.ms, after: () => () => undefined },
    net: {
      maybeOnline: () => true,
      ask: async (request) => {
        if (typeof request.body !== "string") return server([], request);
        const { envelopes } = JSON.parse(request.body) as { envelopes: string[] };
        sent.push(envelopes);
        return server(envelopes, request);
      },
    },
    storage: storageOf(db, vault),
    chance: () => 0.5,
    locks: { alone: async (_, run) => run() },
    bearer: tokens.read,
    profileId: profile.id,
  };
  const say = async () => {
    const entityId = await reported(db, vault);
    await keep(db, vault, { said: { type: "report.confirm", body: {} }, entityId, now: clock.ms, tokens });
    return entityId;
  };
  return { parts, db, vault, tokens, clock, sent, say };
}

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Answered {
  return { status, header: (name) => headers[name] ?? null, json: async () => body };
}

/** A refusal as our server says it. */
export function refusal(status: number, headers: Record<string, string> = {}): Answered {
  return answer(status, { code: "throttled" }, { "Tus-Resumable": "1.0.0", ...headers });
}

/** An answer as our server gives it, with one status for every envelope. */
export async function reply(envelopes: string[], status = "applied", more: object = {}): Promise<Answered> {
  const results = await Promise.all(envelopes.map(async (one) => ({ digest: await digestOf(one), status })));
  return answer(200, { proto: 1, server_time_ms: NOW, cursor: "c", more: false, results, changes: [], ...more });
}

export async function digestOf(envelope: string): Promise<string> {
  const bytes = new Uint8Array(Buffer.from(envelope, "base64url"));
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

export function silence(kind: "offline" | "timeout"): never {
  throw new NoAnswer(kind);
}

/** How often each state stands in the outbox. */
export async function states(db: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await db.getAll("operations")) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

const named = { id: "m", entityId: "e", opId: "o", role: "photo", mime: "image/jpeg", sha256: "00", size: 3 } as const;
const fresh = { state: "pending", receivedAt: null, announced: false, attempts: 0, notBefore: 0 } as const;
export const PHOTO: KeptMedium = { ...named, ...fresh, key: new Uint8Array(1) };

/** A phone on which so much was said. */
export async function said(server: Server, count: number): Promise<Told> {
  const told = await phone(server);
  for (let left = count; left > 0; left--) await told.say();
  return told;
}

/** A server that answers `spoilt` for every batch with a certain operation in it; which one is chosen with the first batch. */
export function poisoned(spoilt: () => Answered, at = 0): Server {
  let poison: string | undefined;
  return (envelopes) => {
    poison ??= envelopes[at];
    return envelopes.includes(poison ?? "") ? spoilt() : reply(envelopes);
  };
}
