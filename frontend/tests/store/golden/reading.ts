/** The dumps as they lie here, and the phones that they are. */
import { readdirSync, readFileSync } from "node:fs";
import { type Opened, openedOf } from "../../../src/store/keys";
import { unlock } from "../../../src/store/locking";
import { type Database, openProfile, profiles } from "../../../src/store/opening";
import { type Dump, load } from "./dump.js";
import { CODE } from "./mediator";

export const FOLDER = new URL("./", import.meta.url);
export const read = (file: string | URL) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));

export async function databaseFrom(file: string): Promise<Database> {
  for (const dumped of read(file) as Dump[]) await load(dumped);
  const [profile] = await profiles();
  if (!profile) throw new Error("There is no profile.");
  return openProfile(profile.id);
}

export async function phoneFrom(file: string): Promise<Opened & { db: Database }> {
  const db = await databaseFrom(file);
  const opened = await openedOf(db);
  if (!opened) throw new Error("It has a lock.");
  return { db, ...opened };
}

export async function opening(db: Database, code = CODE): Promise<Opened> {
  const opened = await unlock(db, code, Number.MAX_SAFE_INTEGER);
  if (typeof opened === "string") throw new Error(opened);
  return opened;
}

export const filesOf = (what: string) =>
  readdirSync(FOLDER).filter((name) => name.startsWith(what) && name.endsWith(".json"));
