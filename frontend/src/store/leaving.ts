/** What leaves this phone is marked first: what never left is deleted without a trace, all else is taken back. */
import type { Outgoing } from "../model";
import { isUnsent } from "../model/cards";
import type { Database } from "./opening";

/**
 * From now on somebody else may have what is wanted of it; resolves to the ids of what is there. A disk too full to mark anything still
 * lets something go: the note that all is marked. Until there is room to mark all that waits, all of it counts as having left.
 */
export function leaving(
  db: Database,
  wanted: (one: Outgoing) => boolean,
  change?: Partial<Outgoing>,
): Promise<string[]> {
  const mark = async (room: boolean) => {
    // That it has left must outlast a power cut.
    const transaction = db.transaction(["operations", "facts"], "readwrite", { durability: "strict" });
    const [operations, facts] = [transaction.objectStore("operations"), transaction.objectStore("facts")];
    const all = await operations.getAll();
    const behind = !(await facts.get("marked"));
    for (const one of all) {
      const goes = wanted(one);
      if (room && (goes || (behind && isUnsent(one))))
        await operations.put({ ...one, left: true, ...(goes && change) });
    }
    await (room ? facts.put(true, "marked") : facts.delete("marked"));
    await transaction.done;
    return all.filter(wanted).map(({ opId }) => opId);
  };
  return mark(true).catch(() => mark(false));
}
