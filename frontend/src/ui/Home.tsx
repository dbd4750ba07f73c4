import type { JSX } from "preact";
import { categoryOf, drafts, keeps, keptBefore, outbox, reference, storageTrouble } from "../actions";
import { named, t } from "../i18n";
import { instant } from "../i18n/dates";
import type { Card, Draft } from "../model";
import { Channel } from "./Channel";
import { ConnectionLine } from "./ConnectionLine";
import { QuickExit } from "./Days";
import { mood, signOf, stateWords, stillHere, waits } from "./explain";
import { CategoryIcon, Icon } from "./icons";
import { LanguageChoice } from "./LanguageChoice";
import { ToReceipt } from "./lock/Gate";
import { PhotosOnWifi } from "./PhotosOnWifi";
import { goOn, startReport } from "./report/draft";
import { RayonChoice } from "./report/Where";
import { go } from "./route";
import { Note, Title } from "./Screen";
import { asked } from "./Talk";

/** States that say themselves that it is still here. */
const SAYS_SO = new Set(["saved", "by_sms", "sending", "withdrawing"]);

export function Home(): JSX.Element {
  const cards = outbox.value;
  return (
    <div class="screen">
      <header class="top">
        <span class="brand">
          <Icon sign="mark" />
          {t("app.name")}
        </span>
        <LanguageChoice />
        <QuickExit />
      </header>
      <main class="body">
        <ConnectionLine />
        {/* It is there, and did not open this time. */}
        {!keeps() && keptBefore() && <Note alarm>{t("error.unexpected")}</Note>}
        {storageTrouble.value && <Note alarm>{t(`storage.${storageTrouble.value}`)}</Note>}
        {drafts.value.map((draft) => (
          <DraftRow key={draft.id} draft={draft} />
        ))}
        <Title>{t("home.mine")}</Title>
        {reference.value?.rayon === null && <RayonChoice />}
        {cards.length === 0 ? <Empty /> : <Cards cards={cards} />}
        <ToReceipt />
        {keeps() && (
          <button type="button" class="button plain" onClick={() => go("/carry")}>
            <Icon sign="carry" />
            {t("home.carry")}
          </button>
        )}
        <button type="button" class="button plain" onClick={() => go("/room")}>
          <Icon sign="people" />
          {t("home.room")}
        </button>
        <PhotosOnWifi />
        <button type="button" class="button plain" onClick={() => go("/phone")}>
          <Icon sign="phone" />
          {t("home.phone")}
        </button>
      </main>
      <div class="dock row-of-two">
        <button type="button" class="button alarm wide" onClick={() => go("/danger")}>
          <Icon sign="danger" />
          {t("home.danger")}
        </button>
        <button type="button" class="button main wide big" onClick={() => startReport({ danger: false })}>
          <Icon sign="add" />
          {t("home.report")}
        </button>
      </div>
    </div>
  );
}

function Empty(): JSX.Element {
  return (
    <div class="hero">
      <Channel />
      {keeps() && <p>{t("home.none")}</p>}
    </div>
  );
}

/** First those that wait for something of the reporter. */
function Cards({ cards }: { cards: Card[] }): JSX.Element {
  const calls = (card: Card) =>
    Number(asked(card) || card.state === "needs_attention" || (card.state === "answered" && !card.verdict));
  return (
    <ul class="stack">
      {[...cards]
        .sort((one, other) => calls(other) - calls(one))
        .map((card) => (
          <li key={card.id}>
            <ReportRow card={card} />
          </li>
        ))}
    </ul>
  );
}

function DraftRow({ draft }: { draft: Draft }): JSX.Element {
  const category = categoryOf(draft.category);
  return (
    <button type="button" class="row" onClick={() => goOn(draft)}>
      <CategoryIcon icon={category?.icon ?? ""} />
      <span class="grow">
        <strong>{t("home.draft")}</strong>
        <span class="small soft">{`${named(category?.names)} · ${instant(draft.editedAt)}`}</span>
      </span>
      <Icon sign="forward" />
    </button>
  );
}

function ReportRow({ card }: { card: Card }): JSX.Element {
  const category = categoryOf(card.category);
  return (
    <button type="button" class="row" onClick={() => go(`/mine/${card.id}`)}>
      <CategoryIcon icon={category?.icon ?? card.category} />
      <span class="grow">
        <strong>{named(category?.names) || card.category}</strong>
        <span class="small soft">{[named(card.villageNames), instant(card.savedAt)].filter(Boolean).join(" · ")}</span>
        <StateLine card={card} />
        {waits(card) && !SAYS_SO.has(card.state) && <span class="small soft">{stillHere()}</span>}
        {asked(card) && (
          <span class="status alarm">
            <Icon sign="answered" />
            {t("talk.asked")}
          </span>
        )}
        <span class="receipt small">{card.receipt}</span>
      </span>
    </button>
  );
}

export function StateLine({ card }: { card: Card }): JSX.Element {
  return (
    <span class={`status ${mood(card.state)}`}>
      <Icon sign={signOf(card.state, card.audience)} />
      {stateWords(card)}
    </span>
  );
}
