/** What a world stands on: the server, its offices, the codes that reports may name, and the mediators' logins. */
import { readFileSync } from "node:fs";
import type { Reference } from "../src/model";
import { fromBase64url } from "../src/model/bytes";
import type { Samples } from "./media";
import { Office } from "./office";
import { demand } from "./promises";

export interface Ground {
  origin: string;
  office: Office;
  categories: string[];
  reference: Reference;
  samples: Samples;
  /** allauth's session tokens of `MEDIATORS`. */
  mediators: string[];
  /** And of those who share their phones. */
  beside: (string | null)[];
  /** gunicorn's main process. */
  server: number;
}

const MOST_TRIES = 600;
const PASSWORD = "a-long-test-password";

export interface Mediator {
  name: string;
  office: string;
  /** Where they work besides: of what is about it they hear nothing either. */
  besides?: string;
  /** Where they may come to work too, and as what. */
  comes?: { office: string; role: "mediator" | "officer" }[];
  /** Which of the group's two keys this person holds. */
  place: number;
  /** Another mediator of the same office, who logs in on the same profile when the first one has logged out. */
  beside?: string;
}

/** Of the first phones, in this order; two of them can open together what is sealed to their group. */
export const MEDIATORS: Mediator[] = [
  { name: "dilnoza", office: "mediation", place: 1, beside: "nurlan" },
  {
    name: "meerim",
    office: "mediation-national",
    place: 1,
    comes: [
      { office: "okmotu", role: "officer" },
      { office: "mediation", role: "mediator" },
    ],
  },
  {
    name: "sanjar",
    office: "mediation",
    besides: "okmotu",
    place: 2,
    comes: [{ office: "mediation-national", role: "mediator" }],
  },
];

/** Their sessions are in the database, and a restore ends them all. */
export async function logInAll(origin: string): Promise<Pick<Ground, "mediators" | "beside">> {
  const mediators = Promise.all(MEDIATORS.map(({ name }) => logIn(origin, name)));
  const beside = Promise.all(MEDIATORS.map(({ beside }) => (beside ? logIn(origin, beside) : null)));
  return { mediators: await mediators, beside: await beside };
}

export async function prepare(origin: string, server: number): Promise<Ground> {
  const office = new Office(process.env.ARYK_PYTHON ?? "python3");
  const laid = await office.ask<Record<"category" | "other" | "photo" | "voice", string>>({ do: "open" });
  const sessions = await logInAll(origin);
  const reference = await referenceOf(origin);
  const categories = [laid.category, laid.other];
  const samples = { photo: fromBase64url(laid.photo), voice: fromBase64url(laid.voice) };
  return { origin, office, samples, categories, reference, ...sessions, server };
}

/** What phones know of the place, with the key that they are to seal to now. */
export async function referenceOf(origin: string): Promise<Reference> {
  return (await taken(() => fetch(`${origin}/api/v1/reference?rayon=05-B`))).json() as Promise<Reference>;
}

/** Asks until the server is there and not too busy. Throws Broken for any other answer than 200, and when it never comes. */
export async function taken(ask: () => Promise<Response>): Promise<Response> {
  for (let tries = 0; ; tries++) {
    const answered = await ask().catch(() => null);
    if (answered?.status === 200) return answered;
    const status = answered?.status ?? null;
    const later = status === null || status === 429 || status >= 500;
    demand(later && tries < MOST_TRIES, () => `${answered?.url ?? "the server"} answers ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Once more after a second where it is "later": a lock that the backup caught is held until it runs out. */
async function logIn(origin: string, username: string): Promise<string> {
  for (let left = 20; ; left--) {
    const response = await fetch(`${origin}/_allauth/app/v1/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password: PASSWORD }),
    });
    const told = (await response.json()) as { meta?: { session_token?: string } };
    if (told.meta?.session_token) return told.meta.session_token;
    if (response.status !== 429 || left === 0) throw new Error(`${username} cannot log in: ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** One of gunicorn's workers dies as by a power cut; its main process starts another. Whether one that was alive is gone. */
export async function killWorker(server: number, pick: (pids: number[]) => number): Promise<boolean> {
  const alive = workers(server);
  if (alive.length < 2) return false;
  const pid = pick(alive);
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return false; // It ended by itself meanwhile.
  }
  for (let looks = 0; looks < 100; looks++) {
    if (!workers(server).includes(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** The processes under gunicorn's main one that run: neither dead nor waiting to be buried. */
function workers(server: number): number[] {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ");
  return children.filter(Boolean).map(Number).filter(runs);
}

function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
