import { expect, it, vi } from "vitest";
import { refresh, setSession } from "../../src/actions/session";
import { outbox, photosOnWifi } from "../../src/actions/signals";
import { awaken, presentOf } from "../../src/actions/turns";
import type { OwnReport, ReportBody } from "../../src/model";
import { uuid7 } from "../../src/model/uuid7";
import { keep } from "../../src/store/saving";
import { Loop } from "../../src/sync/loop";
import { Link, round } from "../../src/sync/rounds";
import { NOW, phone, reply } from "../sync/phone";

const hearOffices = vi.hoisted(() => vi.fn());
vi.mock(import("../../src/actions/showing"), () => ({ hearOffices }) as never);

it("hears of what somebody sent for an open profile without its bearer that it was refused, with its next turn", async () => {
  let mine = false;
  const told = await phone((envelopes) => reply(envelopes, mine ? "rejected" : "accepted"));
  const { db, vault, tokens, parts } = told;
  const profile = { id: parts.profileId, createdAt: 1 };
  setSession({ db, vault, tokens, profile, wake: async () => undefined });
  const id = uuid7();
  const said = { type: "report.create", body: { text: "The gate was closed." } as ReportBody } as const;
  const own = { receipt: "0000000001", category: "water-gate", village: "1", text: "The gate was closed." } as const;
  const chosen = { audience: "office", track: "signal", danger: false, savedAt: 1, verdict: null } as const;
  const report: OwnReport = { id, ...own, ...chosen, withdrawn: false };
  await keep(db, vault, { said, entityId: id, now: 1, tokens, report });
  await round({ ...parts, bearer: null }, new Link());
  await refresh();
  expect(outbox.value[0]?.state).toBe("arrived");
  mine = true;
  const loop = new Loop(parts, { changed: () => undefined, pollMs: () => null });
  await awaken({ profile, db, parts, loop });
  await refresh();
  expect(outbox.value[0]?.state).toBe("needs_attention");
});

it("fetches what offices said also where photos wait for Wi-Fi: a voice costs little", async () => {
  const told = await phone((envelopes) => reply(envelopes));
  const { db, vault, tokens, parts } = told;
  const profile = { id: parts.profileId, createdAt: 1 };
  const fetched = { proto: 1, server_time_ms: NOW, cursor: "c", more: false, results: [], changes: [] };
  vi.stubGlobal("fetch", async () => Response.json(fetched));
  vi.stubGlobal("location", { origin: "https://aryk.example" });
  vi.stubGlobal("document", { visibilityState: "hidden" });
  vi.stubGlobal("navigator", { connection: { type: "cellular" } });
  setSession({ db, vault, tokens, profile, wake: async () => undefined });
  photosOnWifi.value = true;
  const present = await presentOf(profile);
  await present.loop.wake();
  await vi.waitFor(() => expect(hearOffices).toHaveBeenCalled());
  vi.unstubAllGlobals();
});
