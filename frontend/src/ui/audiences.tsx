/** Who may read and who may know whose it is, as choices with a picture and a sentence each. */
import { t } from "../i18n";
import type { Audience, Draft } from "../model";
import { CategoryIcon, Icon } from "./icons";
import type { Option } from "./Options";

/** From few to many. */
export const AUDIENCES: Audience[] = ["mediator", "office", "border"];

export function readable(value: Audience): Option<Audience> {
  const picture = {
    mediator: <Icon sign="people" />,
    office: <Icon sign="with_office" />,
    border: <CategoryIcon icon="crossing" />,
  }[value];
  return { value, label: t(`audience.${value}`), means: t(`audience.${value}_means`), picture };
}

/** Who learns the reporter's name: in a signal nobody, or two mediators together; in an appeal the office that must answer. */
export const NAMED_TO = ["nobody", "mediator", "office"] as const;
type NamedTo = (typeof NAMED_TO)[number];

export function namedTo({ track, protect }: Pick<Draft, "track" | "protect">): NamedTo {
  return track === "appeal" ? "office" : protect ? "mediator" : "nobody";
}

export function naming(value: NamedTo): Option<NamedTo> {
  const sign = { nobody: "unnamed", mediator: "people", office: "file" } as const;
  const means = { nobody: "track.signal_means", mediator: "protect.means", office: "track.appeal_means" };
  const track = t(value === "office" ? "track.appeal" : "track.signal");
  return {
    value,
    label: t(`named.${value}`),
    means: `${track}. ${t(means[value])}`,
    picture: <Icon sign={sign[value]} />,
  };
}
