import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { gate, hush, isOpen, keeps, storageTrouble } from "../actions";
import { t } from "../i18n";
import { signal } from "../signals";
import { Boundary } from "./Boundary";
import { Consent } from "./Consent";
import { Carry } from "./carry/Carry";
import { Hand } from "./carry/Hand";
import { ShowQr } from "./carry/ShowQr";
import { Texting } from "./carry/Texting";
import { Danger } from "./Danger";
import { Days } from "./Days";
import { Detail } from "./Detail";
import { Home } from "./Home";
import { LanguageChoice } from "./LanguageChoice";
import { LookUp } from "./LookUp";
import { Gate, InDanger, ToReceipt } from "./lock/Gate";
import { SetLock } from "./lock/SetLock";
import { Flow } from "./report/Flow";
import { route } from "./route";
import { Saved } from "./Saved";
import { Note, Screen } from "./Screen";
import { ThisPhone } from "./ThisPhone";

export function App(): JSX.Element {
  return (
    <Boundary>
      <KeepsNothing />
      <Place />
    </Boundary>
  );
}

function Place(): JSX.Element {
  const [place, id] = route.value;
  useEffect(() => hush, [route.value]);
  if (place === "days") return <Days />;
  if (place === "receipt") return <LookUp key={id} of={id} />;
  if (place === "danger") return <Danger pressed={!!id} />;
  if (!isOpen() && !gate.value) return <Nowhere />;
  if (gate.value) return <Gate gate={gate.value} />;
  if (place === "report") return <Flow step={id} />;
  if (place === "consent") return <Consent of={id} />;
  if (place === "saved" && id) return <Saved id={id} />;
  if (place === "mine" && id) return <Detail id={id} />;
  if (place === "hand" && id) return <Hand id={id} />;
  if (place === "qr" && id) return <ShowQr id={id} />;
  if (place === "sms" && id) return <Texting id={id} />;
  if (place === "carry") return <Carry />;
  if (place === "room") return <RoomDoor />;
  if (place === "phone") return <ThisPhone />;
  if (place === "lock" && id) return <SetLock to={id} />;
  return <Home />;
}

/** Said before the first word is written and over every screen, but those that say it themselves and the one that must say nothing. */
function KeepsNothing(): JSX.Element | null {
  const [place] = route.value;
  if (keeps() || !place || place === "phone" || place === "days") return null;
  return <Note alarm>{t("storage.unavailable")}</Note>;
}

/** Nothing can be written: a newer app changed what is kept, or not even the memory could be used. Numbers and receipts need neither. */
function Nowhere(): JSX.Element {
  const newer = storageTrouble.value === "newer";
  return (
    <Screen title={t(newer ? "storage.newer_title" : "storage.title")} top={<LanguageChoice />} dock={<InDanger />}>
      <Note alarm={!newer}>{t(newer ? "storage.newer" : "storage.unavailable")}</Note>
      <ToReceipt />
    </Screen>
  );
}

const room = signal<ComponentType | "failed" | null>(null);

/** The mediators' room is the one part that a resident's phone never fetches. */
function RoomDoor(): JSX.Element {
  useEffect(() => {
    if (typeof room.value === "function") return;
    room.value = null;
    import("./room/Room").then(
      (chunk) => {
        room.value = chunk.Room;
      },
      () => {
        room.value = "failed";
      },
    );
  }, []);
  const Room = room.value;
  if (typeof Room === "function") return <Room />;
  return (
    <Screen title={t("room.title")}>
      {Room === "failed" ? <Note alarm>{t("room.failed")}</Note> : <p role="status">{t("loading")}</p>}
    </Screen>
  );
}
