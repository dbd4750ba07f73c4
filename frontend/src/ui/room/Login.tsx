import type { JSX } from "preact";
import { logIn, over } from "../../actions/mediating";
import { has, t } from "../../i18n";
import { useSignal } from "../../signals";
import { go, route } from "../route";
import { Note, Screen } from "../Screen";
import { Field } from "./Field";

/** Name and password; the code of the second factor only when the server asks for it. */
export function Login(): JSX.Element {
  const username = useSignal("");
  const password = useSignal("");
  const code = useSignal("");
  const asked = useSignal(false);
  const busy = useSignal(false);
  const trouble = useSignal<string | null>(null);

  const enter = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    trouble.value = null;
    const from = route.value;
    const outcome = await logIn(username.value, password.value, asked.value ? code.value : undefined);
    busy.value = false;
    if (outcome === "ok") go("/room", { replace: true, from });
    else if (outcome === "code_needed") asked.value = true;
    // That the phone is full stands on every screen.
    else if (outcome !== "full") trouble.value = has(`room.${outcome}`) ? `room.${outcome}` : "room.offline";
  };

  return (
    <Screen title={t("room.title")}>
      {over.value && <Note alarm>{t("room.expired")}</Note>}
      <form class="stack" onSubmit={enter}>
        <Field label={t("room.username")} value={username} />
        <Field label={t("room.password")} value={password} fill="new-password" secret />
        {asked.value && <Field label={t("room.code")} value={code} fill="one-time-code" numeric />}
        {trouble.value && <Note alarm>{t(trouble.value)}</Note>}
        <button type="submit" class="button main apart" disabled={busy.value || !username.value || !password.value}>
          {t(busy.value ? "room.logging_in" : "room.login")}
        </button>
      </form>
    </Screen>
  );
}
