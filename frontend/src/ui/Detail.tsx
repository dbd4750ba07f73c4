import type { JSX } from "preact";
import { categoryOf, ownMediumUrl, reported } from "../actions";
import { named, t } from "../i18n";
import { day, instant } from "../i18n/dates";
import type { Answer, Card, Dispute, Medium } from "../model";
import { useSignal } from "../signals";
import { Appeal } from "./Appeal";
import { useAddress } from "./address";
import { awaited, isTakenBack, onWifiOnly, sentence, stillHere } from "./explain";
import { CategoryIcon } from "./icons";
import { Notify } from "./Notify";
import { Readers } from "./Readers";
import { ReceiptCode } from "./Receipt";
import { Note, Screen } from "./Screen";
import { Solved } from "./Solved";
import { Sounds } from "./Sound";
import { Heard, Stations } from "./Stations";
import { Reply, Talk, Words } from "./Talk";
import { Waiting } from "./Waiting";
import { Withdraw } from "./Withdraw";

/** One report of mine: how far it is, what was answered, and whether that solved it. */
export function Detail({ id }: { id: string }): JSX.Element {
  const card = reported(id);
  // One form at a time: what is begun in either is kept under the report.
  const refusing = useSignal(false);
  if (!card) {
    return (
      <Screen title={t("detail.title")}>
        <Note>{t("detail.gone")}</Note>
      </Screen>
    );
  }
  const category = categoryOf(card.category);
  // There is nothing of it that anybody could read, answer or make an appeal of.
  const refused = card.deletable === "refused" && card.number === null;
  return (
    <Screen title={named(category?.names) || t("detail.title")}>
      <p class="receipt">
        <span class="unseen">{t("receipt")}</span> {card.receipt}
      </p>
      <Heard card={card} />
      <ReceiptCode receipt={card.receipt} />
      {card.state === "needs_attention" && <Note alarm>{sentence(card.code)}</Note>}
      <Waiting card={card} />
      {!isTakenBack(card.state) && <Talk talk={card.talk} of={card.id} />}
      {!refusing.value && !refused && <Reply card={card} />}
      {card.answers.length > 0 && <Answers answers={card.answers} of={card.id} />}
      {!isTakenBack(card.state) && <Disputes disputes={card.disputes} of={card.id} title="solved.why" />}
      <Solved card={card} refusing={refusing} />
      <Stations card={card} />
      <Facts card={card} />
      {!isTakenBack(card.state) && (
        <>
          <Said card={card} icon={category?.icon ?? card.category} />
          {!refused && (
            <>
              <Readers card={card} />
              <Notify card={card} />
              <Appeal card={card} />
            </>
          )}
        </>
      )}
      <Withdraw card={card} />
    </Screen>
  );
}

function Facts({ card }: { card: Card }): JSX.Element | null {
  const facts = [
    card.number !== null && t("detail.number", { n: card.number }),
    card.dueMs !== null && awaited(card.state) && t("detail.due", { date: day(new Date(card.dueMs)) }),
    card.reason && `${t("detail.why")}: ${named(card.reason)}`,
    card.openedMs && t("protect.sealed"),
    ...(card.openedMs ?? []).map((at) => t("protect.opened", { date: instant(at) })),
    card.copies.length > 0 && t("detail.copies", { offices: card.copies.map(({ names }) => named(names)).join(", ") }),
  ].filter(Boolean);
  if (facts.length === 0) return null;
  return (
    <div class="stack tight">
      {facts.map((fact) => (
        <p key={fact} class="soft">
          {fact}
        </p>
      ))}
    </div>
  );
}

export function Answers({ answers, of }: { answers: Answer[]; of?: string }): JSX.Element {
  return (
    <section class="stack">
      <h2>{t("detail.answers")}</h2>
      {answers.map((answer) => (
        <div key={answer.id} class="card answer">
          <Words text={answer.text} language={answer.language} />
          <Sounds media={answer.media} of={of} />
          <p class="small soft">
            {named(answer.office.names)} · {instant(answer.at_ms)}
          </p>
        </div>
      ))}
    </section>
  );
}

/** Why the reporter says that it is not solved. */
export function Disputes({ disputes, of, title }: Disputed): JSX.Element {
  return (
    <>
      {disputes.map(({ id, text, at_ms: at, media }) => (
        <section key={id} class="stack">
          <h2>{t(title)}</h2>
          <div class="card">
            {text && <p class="words">{text}</p>}
            <Sounds media={media} of={of} />
            <p class="small soft">{instant(at)}</p>
          </div>
        </section>
      ))}
    </>
  );
}

interface Disputed {
  disputes: Dispute[];
  of?: string;
  /** The id of its heading. */
  title: string;
}

function Said({ card, icon }: { card: Card; icon: string }): JSX.Element {
  return (
    <section class="stack">
      <h2>{t("detail.yours")}</h2>
      <div class="card">
        <div class="said">
          <CategoryIcon icon={icon} />
          <p class="words">{card.text || (card.media.length === 0 && "–")}</p>
        </div>
        <p class="small soft">
          {[named(card.villageNames), t("detail.filed", { date: instant(card.savedAt) })].filter(Boolean).join(" · ")}
        </p>
        <p class="small soft">{`${t(`audience.${card.audience}`)} · ${t(`track.${card.track}`)}`}</p>
        {card.media.map((medium) => (
          <OwnMedium key={medium.id} medium={medium} />
        ))}
      </div>
    </section>
  );
}

/** What was sent, and how far it is. */
export function OwnMedium({ medium: { id, role, state } }: { medium: Medium }): JSX.Element {
  const sound = role === "voice";
  const url = useAddress(id, () => ownMediumUrl(id, sound ? "audio" : "image"));
  return (
    <>
      {url && !sound && <img class="evidence" src={url} alt={t("photos.own")} />}
      {/* biome-ignore lint/a11y/useMediaCaption: it is the person's own voice */}
      {url && sound && <audio class="sound" controls src={url} aria-label={t("voice.own")} />}
      <p class={state === "unusable" ? "status alarm" : "small soft"}>{ownWords(state, sound)}</p>
    </>
  );
}

function ownWords(state: Medium["state"], sound: boolean): string {
  if (state === "unusable") return t("medium.unusable");
  if (state !== "expected") return t("medium.sent");
  // What is said costs little, and waits for no Wi-Fi.
  return onWifiOnly() && !sound ? t("medium.wifi") : stillHere();
}
