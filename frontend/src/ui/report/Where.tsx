import type { JSX } from "preact";
import { chooseRayon, isPlaced, outbox, placeNames, reference, storageTrouble } from "../../actions";
import { named, t } from "../../i18n";
import type { Village } from "../../model";
import { computed, useSignal } from "../../signals";
import { Icon } from "../icons";
import { Note } from "../Screen";
import { draft, edit } from "./draft";
import { next, StepScreen } from "./Flow";
import { Gps } from "./Gps";
import { kilometres, matching, nearestFirst } from "./search";

export function Where(): JSX.Element {
  const typed = useSignal("");
  const villages = reference.value?.villages ?? [];
  const found = typed.value.trim() ? matching(villages, typed.value) : likelyFirst(villages);
  const none = villages.length > 0 && found.length === 0 && typed.value;
  return (
    <StepScreen step="where" title={t("where.title")}>
      <label>
        <span class="unseen">{t("where.search")}</span>
        <input
          type="search"
          autocomplete="off"
          placeholder={t("where.search")}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      {villages.length === 0 && <Note>{t(reference.value?.rayons.length ? "where.no_rayon" : "what.nolist")}</Note>}
      {none && (
        <div role="status">
          <Note>{t("where.none")}</Note>
        </div>
      )}
      {none && reference.value?.rayon && <Instead village={reference.value.rayon} />}
      {reference.value && <Gps />}
      <RayonChoice instead />
      {found.length > 0 && <Found villages={found} />}
    </StepScreen>
  );
}

/** A village, a rayon instead of one, or none where the phone's place will do. */
function choose(village: string | null): void {
  edit({ village, villageNames: placeNames(village) });
  next("where");
}

function Found({ villages }: { villages: Village[] }): JSX.Element {
  return (
    <ul class="found">
      {villages.map((village) => (
        <li key={village.code}>
          <button
            type="button"
            aria-pressed={village.code === draft.value.village}
            onClick={() => choose(village.code)}
          >
            <span>
              {named(village.names)}
              <span class="small soft aimak">{about(village).filter(Boolean).join(" · ")}</span>
            </span>
            <Icon sign="forward" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Goes on with a rayon, or with where the phone is. */
export function Instead({ village }: { village: string | null }): JSX.Element {
  return (
    <button type="button" class="button" onClick={() => choose(village)}>
      {t("where.instead", { place: named(placeNames(village)) || t("where.gps") })}
      <Icon sign="forward" />
    </button>
  );
}

/** `instead`: a rayon whose villages cannot be fetched now may be taken itself. */
export function RayonChoice({ instead }: { instead?: boolean }): JSX.Element | null {
  const failed = useSignal("");
  const busy = useSignal("");
  const { rayon, rayons } = reference.value ?? { rayon: null, rayons: [] };
  if (rayons.length < 2) return null;
  const fetchThose = async (code: string) => {
    failed.value = "";
    busy.value = code;
    try {
      await chooseRayon(code);
    } catch {
      failed.value = code;
    }
    if (busy.value === code) busy.value = "";
  };
  return (
    <div class="stack">
      <label class="stack">
        <span>{t("where.rayon")}</span>
        <select value={busy.value || (rayon ?? "")} onChange={(event) => fetchThose(event.currentTarget.value)}>
          {rayon === null && <option value="">{t("about.choose")}</option>}
          {rayons.map(({ code, names }) => (
            <option key={code} value={code}>
              {named(names)}
            </option>
          ))}
        </select>
      </label>
      {busy.value && <p role="status">{t("loading")}</p>}
      {failed.value && storageTrouble.value !== "full" && <Note alarm>{t("where.rayon_failed")}</Note>}
      {failed.value && instead && <Instead village={failed.value} />}
    </div>
  );
}

/** Farther than anybody's neighbours: the place itself tells more than the first of these, which who cannot read would take. */
const NEAR_KM = 20;

/**
 * The nearest ones where the phone knows where it is, none where that is far from all; else the one that most reports name:
 * people report from where they live.
 */
function likelyFirst(villages: readonly Village[]): Village[] {
  const { village, position } = draft.value;
  if (position) {
    const nearest = nearestFirst(villages, position);
    const far = nearest[0] && kilometres(nearest[0], position);
    return isPlaced({ village: null, position }) && (far ?? 0) > NEAR_KM ? [] : nearest;
  }
  const usual = village ?? usualVillage.value;
  return [...villages].sort((one, other) => Number(other.code === usual) - Number(one.code === usual));
}

/** A single report from elsewhere does not displace it, nor does a clock that says 1970 put it last. */
const usualVillage = computed(() => {
  const villages = reference.value?.villages ?? [];
  const late = outbox.value
    .slice(0, 30)
    .flatMap(({ village }) => villages.find(({ code }) => code === village)?.code ?? []);
  const often = (code: string) => late.filter((one) => one === code).length;
  return late.sort((one, other) => often(other) - often(one))[0];
});

/** What tells villages of the same name apart. */
function about(village: Village): (string | false | null)[] {
  const { position } = draft.value;
  const far = position && kilometres(village, position);
  return [
    aimakOf(village),
    far != null && t("where.km", { n: Math.ceil(far) }),
    village.code === usualVillage.value && t("where.usual"),
  ];
}

function aimakOf(village: Village): string {
  return named(reference.value?.aimaks.find(({ code }) => code === village.aimak)?.names);
}
