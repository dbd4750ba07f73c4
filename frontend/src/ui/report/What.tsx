import type { JSX } from "preact";
import { reference } from "../../actions";
import { named, t } from "../../i18n";
import { CategoryIcon } from "../icons";
import { Note } from "../Screen";
import { draft, edit } from "./draft";
import { next, StepScreen } from "./Flow";

export function What(): JSX.Element {
  const categories = reference.value?.categories ?? [];
  const choose = (category: string) => {
    if (category !== draft.value.category) edit({ category, answers: {} });
    next("what");
  };
  return (
    <StepScreen step="what" title={t("what.title")}>
      {categories.length === 0 && <Note>{t("what.nolist")}</Note>}
      <div class="tiles">
        {categories.map(({ code, icon, names }) => (
          <button
            key={code}
            type="button"
            class="tile"
            aria-pressed={code === draft.value.category}
            onClick={() => choose(code)}
          >
            <CategoryIcon icon={icon} />
            {named(names)}
          </button>
        ))}
      </div>
    </StepScreen>
  );
}
