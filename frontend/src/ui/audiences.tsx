/** Who may read and who may know whose it is, as choices with a picture and a sentence each. */
import { t } from "../i18n";
import type { Audience, Draft } from "../model";
import { CategoryIcon, Icon } from "./icons";
import type { Option } from "./Options";

/** From few to many. */
export const AUDIENCES: Audience[] = ["mediator", "office", "border"];

const PICTURES = {
  mediator: <Icon sign="people" />,
  office: <Icon sign="with_office" />,
  border: <CategoryIcon icon="crossing" />,
};

export function readable(value: Audience): Option<Audience> {
  return { value, label: t(`audience.${value}`), means: t(`audience.${value}_means`), picture: PICTURES[value] };
}

/** Who learns the reporter's name: in a signal nobody, or two mediators together; in an appeal the office that must answer. */
export const NAMED_TO = ["nobody", "mediator", "office"] as const;
type NamedTo = (typeof NAMED_TO)[number];

export function namedTo({ track, protect }: Pick<Draft, "track" | "protect">): NamedTo {
  return track === "appeal" ? "office" : protect ? "mediator" : "nobody";
}

/** The picture, how it is taken then, and what that means. */
const NAMINGS = {
  nobody: [<Icon sign="unnamed" />, "track.signal", "track.signal_means"],
  mediator: [<Icon sign="people" />, "track.signal", "protect.means"],
  office: [<Icon sign="file" />, "track.appeal", "track.appeal_means"],
} as const;

export function naming(value: NamedTo): Option<NamedTo> {
  const [picture, track, means] = NAMINGS[value];
  return { value, label: t(`named.${value}`), means: `${t(track)}. ${t(means)}`, picture };
}
