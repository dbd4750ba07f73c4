import type { JSX } from "preact";
import { type Handed, handOver, keeps, reference, reported } from "../../actions";
import { t } from "../../i18n";
import type { Card } from "../../model";
import { useSignal } from "../../signals";
import { waits } from "../explain";
import { Icon, type Sign } from "../icons";
import { go } from "../route";
import { Note, Screen } from "../Screen";

/** Shown only while the network has not brought it there. */
export function AnotherRoad({ card }: { card: Card }): JSX.Element | null {
  if (!waits(card)) return null;
  return (
    <button type="button" class="button" onClick={() => go(`/hand/${card.id}`)}>
      <Icon sign="carry" />
      {t("hand.title")}
    </button>
  );
}

/** The other roads, without a network on this phone. Whichever is taken, it stays here until it has arrived, and arrives once. */
export function Hand({ id }: { id: string }): JSX.Element {
  const handed = useSignal<Handed | null>(null);
  const card = reported(id);
  const give = async () => {
    handed.value = await handOver(id);
  };
  return (
    <Screen title={t("hand.title")} parent={`/mine/${id}`}>
      {keeps() && <p>{t("hand.what")}</p>}
      {card && !waits(card) && <Note>{t("hand.nothing")}</Note>}
      <Road sign="file" name="file" take={give} />
      {/* Photos are too much for codes. */}
      {card?.unsent[0] && <Road sign="qr" name="qr" take={() => go(`/qr/${id}`)} />}
      {reference.value?.sms_number && card?.unsent[0] === "report.create" && (
        <Road sign="by_sms" name="sms" take={() => go(`/sms/${id}`)} />
      )}
      {handed.value && (
        <div role="status">
          <Note>{t(`hand.${handed.value}`)}</Note>
        </div>
      )}
    </Screen>
  );
}

function Road({ sign, name, take }: { sign: Sign; name: string; take: () => void }): JSX.Element {
  return (
    <button type="button" class="row road" onClick={take}>
      <Icon sign={sign} />
      <span class="grow">
        <strong>{t(`hand.by_${name}`)}</strong>
        <span class="small soft">{t(`hand.by_${name}_hint`)}</span>
      </span>
    </button>
  );
}
