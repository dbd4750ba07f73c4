/** A carrier who knows what it should not: another's ids. It says things in their name and announces other bytes as theirs. */
import type { KeptMedium, Operation, Outgoing } from "../src/model";
import { base64url } from "../src/model/bytes";
import { envelopeOf, openedOf } from "../src/model/envelopes";
import { type Tokens, tokensOf } from "../src/model/secrets";
import { netAt } from "../src/net/asking";
import { NoAnswer, type Request } from "../src/sync/ports";
import type { Dice } from "./dice";
import { type Account, operationsOf, type World } from "./phone";
import { demand } from "./promises";

const OF_ANOTHER = [
  { type: "report.withdraw", body: {} },
  { type: "report.confirm", body: {} },
  { type: "report.audience", body: { audience: "border" } },
  { type: "report.notify", body: { notify: "hostile@example.org" } },
] as const;

export class Hostile {
  private tokens: Promise<Tokens>;

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
  ) {
    this.tokens = tokensOf(Uint8Array.from({ length: 16 }, () => dice.whole(0, 255)));
  }

  async meddle(account: Account): Promise<void> {
    const { dice, world } = this;
    const operations = await operationsOf(account);
    if (operations.length > 0 && world.weather.strikes("anothers_words", 0.5, dice))
      await this.speakAs(dice.pick(operations));
    const media = await account.raw.getAllFromIndex("media", "state", "pending");
    if (media.length > 0 && world.weather.strikes("false_medium", 1, dice)) await this.occupy(dice.pick(media));
  }

  /** The author's op_id about the author's report, sealed with a token of its own. */
  private async speakAs({ opId, entityId, savedAt }: Outgoing): Promise<void> {
    const tokens = await this.tokens;
    const said = { ...this.dice.pick(OF_ANOTHER), op_id: opId, entity_id: entityId, wall_ms: savedAt, media: [] };
    const operation: Operation = {
      ...said,
      seq: 1_000,
      schema: 1,
      parent_op: null,
      base_version: null,
      last_server_ms: null,
    };
    const { bytes } = await envelopeOf(openedOf(operation, tokens), this.world.reference.sync_key);
    const body = JSON.stringify({ proto: 1, cursor: null, envelopes: [base64url(bytes)] });
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${tokens.read}` };
    const reply = await this.ask({ method: "POST", path: "/api/v1/sync", headers, body }, [200]);
    if (reply) learnsOfItsOwn(reply as Reply, opId);
  }

  /** Other bytes under the medium's id: announced with their own size and hash, or slipped in between the author's. */
  private async occupy({ id }: KeptMedium): Promise<void> {
    this.world.occupied.add(id);
    const rubbish = Uint8Array.from({ length: this.dice.whole(1, 400) }, () => this.dice.whole(0, 255));
    const sum = "0".repeat(63) + String(this.dice.whole(0, 9));
    const metadata = `id ${btoa(id)},sha256 ${btoa(sum)},mime ${btoa("image/jpeg")}`;
    const announcing = { "Upload-Length": String(rubbish.length + this.dice.whole(0, 9)), "Upload-Metadata": metadata };
    const path = "/api/v1/media";
    if (this.dice.happens(0.7)) await this.ask({ method: "POST", path, headers: announcing }, [200, 201, 409]);
    const chunk = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
    const sent = { method: "PATCH", path: `${path}/${id}`, headers: chunk, body: rubbish.buffer } as const;
    await this.ask(sent, [204, 404, 409, 413, 460]);
  }

  /** What was answered with 200, in one of the ways that docs/sync.md names, or with "later". */
  private async ask(request: Omit<Request, "timeoutMs">, expected: number[]): Promise<unknown> {
    const headers = { "Tus-Resumable": "1.0.0", ...request.headers };
    try {
      const answered = await netAt(this.world.origin).ask({ ...request, headers, timeoutMs: 60_000 });
      const { status } = answered;
      const known = expected.includes(status) || status === 429 || status >= 500;
      demand(known, () => `${request.method} by somebody hostile was answered ${status}`);
      return status === 200 ? await answered.json() : undefined;
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) throw trouble;
      return undefined;
    }
  }
}

interface Reply {
  results: { status: string; op_id: string | null; code: string | null }[];
  changes: unknown[];
}

const STATES = ["applied", "duplicate", "waiting", "rejected"];
const CODES = [null, "not_yours", "changed", "unknown_key"];

/** What became of what it said itself, as its own profile; of the other's report that it is not its own, or not here. */
function learnsOfItsOwn({ results, changes }: Reply, opId: string): void {
  demand(changes.length === 0, () => "somebody hostile was shown changes of another's");
  for (const { status, op_id, code } of results) {
    const own = op_id === opId || (op_id === null && code === "unknown_key");
    const told = `${status}/${code}`;
    demand(own && STATES.includes(status) && CODES.includes(code), () => `somebody hostile was told ${told}`);
  }
}
