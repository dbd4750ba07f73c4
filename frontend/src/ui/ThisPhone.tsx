import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import {
  asCalendar,
  groupFingerprint,
  lookAtPhone,
  lookLikeCalendar,
  reference,
  serverFingerprint,
  storageStays,
  storageTrouble,
  storageUse,
  VERSION,
} from "../actions";
import { t } from "../i18n";
import { Check } from "./Check";
import { useFound } from "./found";
import { Sharing } from "./lock/Sharing";
import { go } from "./route";
import { Note, Screen } from "./Screen";

/** What this browser does with what is kept here, and which server it is sealed to. */
export function ThisPhone(): JSX.Element {
  useEffect(() => {
    void lookAtPhone();
  }, []);
  return (
    <Screen title={t("home.phone")}>
      {storageTrouble.value && storageTrouble.value !== "full" && (
        <Note alarm>{t(`storage.${storageTrouble.value}`)}</Note>
      )}
      <dl class="facts">
        <Fact label={t("phone.used")}>{used()}</Fact>
        <Fact label={t("phone.keeps")}>{stays()}</Fact>
        <Fact label={t("phone.key")}>
          <Signs of={serverFingerprint} />
        </Fact>
        {reference.value?.group_keys && (
          <Fact label={t("phone.group_key")}>
            <Signs of={groupFingerprint} />
          </Fact>
        )}
        <Fact label={t("phone.version")}>
          <span class="receipt small">{VERSION}</span>
        </Fact>
        <Fact label={t("exit")}>{t("exit.how")}</Fact>
      </dl>
      <button type="button" class="button plain" onClick={() => go("/consent")}>
        {t("consent.title")}
      </button>
      <Sharing />
      <Check label={t("look.calendar")} means={t("look.means")} checked={asCalendar.value} choose={lookLikeCalendar} />
    </Screen>
  );
}

/** A fingerprint to be compared with a poster. */
function Signs({ of }: { of: () => Promise<string | null> }): JSX.Element {
  const signs = useFound(of, reference.value?.version);
  if (!signs) return <span>{t("phone.no_key")}</span>;
  return (
    <>
      <span class="receipt">{signs}</span>
      <span class="small soft">{t("phone.compare")}</span>
    </>
  );
}

function used(): string {
  const use = storageUse.value;
  if (!use) return t("phone.unsaid");
  const used = Math.ceil(use.usedBytes / 1e6);
  if (use.shareUsed === null) return t("phone.used_only", { used });
  return t("phone.used_of", { used, share: Math.ceil(use.shareUsed * 100) });
}

function stays(): string {
  if (storageStays.value === null) return t("phone.unsaid");
  return t(storageStays.value ? "phone.promised" : "phone.not_promised");
}

function Fact({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="stack tight">{children}</dd>
    </div>
  );
}
