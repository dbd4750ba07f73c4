/** Who may read and how it is taken, as choices with a picture and a sentence each. */
import { t } from "../i18n";
import type { Audience, Track } from "../model";
import { CategoryIcon, Icon } from "./icons";
import type { Option } from "./Options";

/** From few to many. */
export const AUDIENCES: Audience[] = ["mediator", "office", "border"];

const PICTURES = {
  signal: <Icon sign="unnamed" />,
  appeal: <Icon sign="file" />,
  mediator: <Icon sign="people" />,
  office: <Icon sign="with_office" />,
  border: <CategoryIcon icon="crossing" />,
};

export function tracked(value: Track): Option<Track> {
  return { value, label: t(`track.${value}`), means: t(`track.${value}_means`), picture: PICTURES[value] };
}

export function readable(value: Audience): Option<Audience> {
  return { value, label: t(`audience.${value}`), means: t(`audience.${value}_means`), picture: PICTURES[value] };
}
