/** A tus server in memory, on a link of a certain speed, with the clock that both share. */
import { type Answered, type Clock, type Net, NoAnswer, type Request } from "../../src/sync/ports";

export class Tus implements Net {
  now = 1_000_000;
  /** What was asked, as `METHOD offset+bytes`. */
  asked: string[] = [];
  uploads = new Map<string, { length: number; bytes: number[] }>();
  bytesPerMs = 100;
  roundTripMs = 100;
  /** Nothing is answered after that many requests. */
  diesAfter = Number.POSITIVE_INFINITY;
  /** Something on the way that refuses larger bodies. */
  mostBody = Number.POSITIVE_INFINITY;

  /** The link goes down over the bytes of this one. */
  deadly = "";

  /** Of this one every byte comes, and then it is another. */
  spoils = "";

  /** What is said over the bytes of these. */
  bad = new Map<string, Answered>();

  /** What stands before our server answers everything with this. */
  before: Answered | null = null;

  /** Our own server's answer to everything. */
  refuses: number | null = null;

  readonly clock: Clock = { now: () => this.now, after: () => () => undefined };

  maybeOnline(): boolean {
    return true;
  }

  async ask(request: Request): Promise<Answered> {
    const body = new Uint8Array((request.body as ArrayBuffer | undefined) ?? new ArrayBuffer(0));
    this.asked.push(`${request.method} ${request.headers["Upload-Offset"] ?? ""}+${body.length}`);
    if (this.asked.length > this.diesAfter) throw new NoAnswer("offline");
    if (request.method === "PATCH" && idOf(request) === this.deadly) throw new NoAnswer("offline");
    if (this.before) return this.before;
    const bad = request.method === "PATCH" && this.bad.get(idOf(request));
    if (bad) return bad;
    const takes = this.roundTripMs + body.length / this.bytesPerMs;
    if (takes > request.timeoutMs) {
      this.now += request.timeoutMs;
      const arrived = Math.max(0, (request.timeoutMs - this.roundTripMs) * this.bytesPerMs);
      this.append(request, body.slice(0, Math.floor(arrived)));
      throw new NoAnswer("timeout");
    }
    this.now += takes;
    return this.answer(request, body);
  }

  private answer(request: Request, body: Uint8Array): Answered {
    if (body.length > this.mostBody) return answered(413);
    if (this.refuses !== null) return answered(this.refuses, { "Tus-Resumable": "1.0.0" });
    if (request.method === "POST") return this.announce(request);
    const upload = this.uploads.get(idOf(request));
    if (!upload) return answered(404);
    if (request.method === "PATCH" && upload.bytes.length + body.length > upload.length)
      return answered(413, { "Tus-Resumable": "1.0.0" });
    if (request.method === "PATCH" && !this.append(request, body)) return answered(409);
    const done = upload.bytes.length === upload.length;
    if (done && idOf(request) === this.spoils) {
      upload.bytes = [];
      return answered(460, { "Tus-Resumable": "1.0.0" });
    }
    const state = done ? "received" : "expected";
    const stands = { "Upload-Offset": String(upload.bytes.length), "Upload-Length": String(upload.length) };
    return answered(200, { ...stands, "Aryk-Medium-State": state });
  }

  private announce({ headers }: Request): Answered {
    const id = atob(/id (\S+?)(,|$)/.exec(headers["Upload-Metadata"] ?? "")?.[1] ?? "");
    const known = this.uploads.get(id) ?? { length: Number(headers["Upload-Length"]), bytes: [] };
    this.uploads.set(id, known);
    return answered(201, { "Upload-Offset": String(known.bytes.length), "Aryk-Medium-State": "expected" });
  }

  private append(request: Request, body: Uint8Array): boolean {
    const upload = this.uploads.get(idOf(request));
    if (!upload || Number(request.headers["Upload-Offset"]) !== upload.bytes.length) return false;
    for (const byte of body) upload.bytes.push(byte);
    return true;
  }
}

function idOf({ path }: Request): string {
  return path.split("/").at(-1) ?? "";
}

function answered(status: number, headers: Record<string, string> = {}): Answered {
  return { status, header: (name) => headers[name] ?? null, json: async () => undefined };
}
