/** The valley's offices: a Python process with the real domain code, spoken to in lines of JSON. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { SealedHalf } from "../src/model";

export interface ReportEffects {
  text: string;
  withdrawn: boolean;
  audience: string;
  track: string;
  /** The office that it is about, by its code. */
  about: string | null;
  /** About one that no list has. */
  unlisted: boolean;
  answers: Record<string, string | number>;
  consent: number | null;
  /** Whose appeal it is, opened. */
  identity: string | null;
  /** Who makes a signal, as it was sealed. */
  protected: { first: SealedHalf; second: SealedHalf } | null;
  /** Where notices go, opened. */
  notify: string | null;
  /** How many events of each kind its case has. */
  events: Record<string, number>;
  /** Texts by operation. */
  replies: Record<string, string>;
  /** Reasons by operation, those that came too late too. */
  disputes: Record<string, string>;
  /** In which operation after the report it was said, and how often its stream says that it was received, and that it is ready. */
  media: Record<string, { state: string; sha256: string; said_in: string | null; received: number; ready: number }>;
}

/** What took effect for one profile, by PostgreSQL. */
export interface Effects {
  operations: Record<string, { status: string; code: string; type: string; entity: string | null }>;
  quarantined: string[];
  reports: Record<string, ReportEffects>;
  /** `by`: whose it is, as logins say it. */
  follow_ups: Record<string, { text: string; by: string; events: number }>;
}

/** `by` is a name; `asker` and `decider` are whose words they are, as logins say it. */
export interface OpeningEffects {
  by: string;
  asker: string;
  decider: string | null;
  reason: string;
  passed: string | null;
  asked: number;
  decided: number;
}

export interface AllEffects {
  profiles: Record<string, Effects>;
  /** Which cases each office has, by its code, as their histories say. */
  held: Record<string, string[]>;
  /** Which cases are about each office, by its code, as their reports say. */
  accused: Record<string, string[]>;
  /** Where everybody works, and as what: by name and by office's code. */
  works: Record<string, Record<string, string>>;
  /** How the case of each receipt stands. */
  receipts: Record<string, string>;
  /** Requests to open who made a signal, with how often histories say that they were made, and decided. */
  openings: Record<string, OpeningEffects>;
  /** Of groups of mediators, those that others replaced too. */
  keys: { public: string; by: string; where: string; made: number; now: boolean }[];
  faults: string[];
}

export class Office {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve: (value: unknown) => void; reject: (trouble: Error) => void }[] = [];
  /** What came last without an end, which only a death in the middle of a line leaves behind. */
  private cut = "";

  constructor(python: string) {
    this.process = spawn(python, ["-m", "tests.chaos.office"], {
      cwd: process.env.ARYK_ROOT,
      env: { ...process.env, LOG_LEVEL: "CRITICAL" },
    });
    this.process.stderr.pipe(process.stderr);
    createInterface({ input: this.process.stdout }).on("line", (line) => this.answered(line));
    this.process.on("close", (code, signal) => {
      const ended = new Error(`The office ended (${code ?? signal}) ${this.cut.length} letters into its answer.`);
      for (const { reject } of this.waiting) reject(ended);
    });
  }

  private answered(line: string): void {
    if (line.endsWith("}")) this.waiting.shift()?.resolve(JSON.parse(line));
    else this.cut = line;
  }

  ask<Told>(said: { do: string } & Record<string, unknown>): Promise<Told> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve: resolve as (value: unknown) => void, reject });
      this.process.stdin.write(`${JSON.stringify(said)}\n`);
    });
  }

  /** Of the links of SMS that were taken in, those of which the server has nothing. */
  async nowhere(links: string[]): Promise<string[]> {
    return (await this.ask<{ nowhere: string[] }>({ do: "nowhere", links })).nowhere;
  }

  close(): void {
    this.process.stdin.end();
  }
}
