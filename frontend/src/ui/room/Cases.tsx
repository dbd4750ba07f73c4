import type { JSX } from "preact";
import { cases, categoryOf, mediator, strays } from "../../actions";
import { logOut } from "../../actions/mediating";
import { named, t } from "../../i18n";
import { day } from "../../i18n/dates";
import type { Case } from "../../model";
import { ConnectionLine } from "../ConnectionLine";
import { awaited } from "../explain";
import { CategoryIcon, Icon } from "../icons";
import { go } from "../route";
import { Screen } from "../Screen";
import { Sure } from "../Sure";
import { FollowUps } from "./FollowUps";
import { inTurn, isClosed } from "./order";

export function Cases(): JSX.Element {
  const held = inTurn(cases.value);
  return (
    <Screen title={t("room.title")}>
      <ConnectionLine />
      <Access />
      {held.length === 0 && <p class="soft">{t("room.none")}</p>}
      <div class="stack">
        {inGroups(held).map((group, at, { length }) => (
          <ul key={length - at} class="stack group">
            {group.map((one) => (
              <li key={one.id}>
                <CaseRow held={one} />
              </li>
            ))}
          </ul>
        ))}
      </div>
      <Strays />
      <button type="button" class="button" onClick={() => go("/room/qr")}>
        <Icon sign="qr" />
        {t("qr.read")}
      </button>
      <button type="button" class="button" onClick={() => go("/room/keys")}>
        <Icon sign="lock" />
        {t("room.keys")}
      </button>
      <LogOut />
    </Screen>
  );
}

const A_GROUP = 8;

/** What is painted by itself, so that a phone which scrolls paints only what comes near. Counted from the end: a new case moves none behind it. */
function inGroups(held: Case[]): Case[][] {
  const first = held.length % A_GROUP;
  const groups = [held.slice(0, first)];
  for (let at = first; at < held.length; at += A_GROUP) groups.push(held.slice(at, at + A_GROUP));
  return groups.filter(({ length }) => length > 0);
}

/** Who goes where there is no network for a while logs in anew before the cases leave the phone. */
const SOON_MS = 10 * 24 * 60 * 60 * 1000;
const endsSoon = () => (mediator.value?.until_ms ?? 0) - Date.now() < SOON_MS;

/** Before the cases where it is time for that; else behind them, for whoever has come to another group or whose login was ended. */
function LogInAnew(): JSX.Element {
  return (
    <button type="button" class={endsSoon() ? "button" : "button plain"} onClick={() => go("/room/login")}>
      <Icon sign="people" />
      {t("room.login")}
    </button>
  );
}

function Access(): JSX.Element | null {
  const held = mediator.value;
  if (!held) return null;
  return (
    <div class="stack">
      <p>
        <strong>{held.name}</strong>
        <br />
        <span class="small soft">{held.offices.map(({ names }) => named(names)).join(", ")}</span>
      </p>
      <p class="small soft">{t("room.until", { date: day(new Date(held.until_ms)) })}</p>
      {endsSoon() && <LogInAnew />}
    </div>
  );
}

function CaseRow({ held }: { held: Case }): JSX.Element {
  const category = categoryOf(held.category);
  const closed = isClosed(held);
  const mark = closed ? "status" : "status alarm";
  return (
    <button type="button" class={held.danger && !closed ? "row alarm" : "row"} onClick={() => go(`/room/${held.id}`)}>
      <CategoryIcon icon={category?.icon ?? held.category} />
      <span class="grow">
        <strong>{named(category?.names) || held.category}</strong>
        <span class="small soft">
          {named(held.village.names)} · {t("detail.number", { n: held.number })}
        </span>
        {held.danger && <span class={mark}>{t("home.danger")}</span>}
        {held.urgent && <span class={mark}>{t("case.urgent")}</span>}
        <span class="status">{t(`status.${held.status}`)}</span>
        {held.due_ms !== null && awaited(held.status) && (
          <span class="small soft">{t("detail.due", { date: day(new Date(held.due_ms)) })}</span>
        )}
      </span>
    </button>
  );
}

/** Open while one of them is not on its case: the mediator must see what became of it. */
function Strays(): JSX.Element | null {
  if (strays.value.length === 0) return null;
  return (
    <details open={strays.value.some(({ waiting }) => waiting)}>
      <summary>{t("room.strays")}</summary>
      <div class="stack">
        <FollowUps followUps={strays.value} />
      </div>
    </details>
  );
}

function LogOut(): JSX.Element {
  return (
    <section class="stack leave">
      {!endsSoon() && <LogInAnew />}
      <Sure sign="close" open="room.logout" means="room.logout_sure" yes="room.logout" act={logOut} />
    </section>
  );
}
