import type { JSX } from "preact";
import { categoryOf, reference } from "../../actions";
import { named, t } from "../../i18n";
import type { Category } from "../../model";
import { CategoryIcon, Icon } from "../icons";
import { go, route } from "../route";
import { Note } from "../Screen";
import { draft, edit } from "./draft";
import { changing, next, StepScreen } from "./Flow";

/** What it is about, by picture: groups first, then what is in the one that was touched. */
export function What(): JSX.Element {
  const categories = reference.value?.categories ?? [];
  const inside = (code: string | undefined) => categories.filter(({ parent }) => parent === code);
  const group = categories.find(({ code }) => route.value.slice(2).includes(code));
  const choose = ({ code, questions }: Category) => {
    if (inside(code).length > 0) {
      go(`/${[...route.value, code].join("/")}`);
      return;
    }
    const other = code !== draft.value.category;
    if (other) edit({ category: code, answers: {} });
    // What is asked about the one chosen first was answered for that; in danger nobody is asked.
    if (other && changing() && questions.length > 0 && !draft.value.danger) go("/report/details");
    else next("what");
  };
  return (
    <StepScreen key={group?.code} step="what" title={named(group?.names) || t("what.title")}>
      {categories.length === 0 && <Note>{t("what.nolist")}</Note>}
      <div class="tiles">
        {inside(group?.code).map((category) => {
          const { code, icon, names } = category;
          const own = categoryOf(draft.value.category);
          return (
            <button
              key={code}
              type="button"
              class="tile"
              aria-pressed={code === own?.code || code === own?.parent}
              onClick={() => choose(category)}
            >
              <CategoryIcon icon={icon} />
              <span>
                {named(names)}
                {inside(code).length > 0 && <Icon sign="forward" />}
              </span>
            </button>
          );
        })}
      </div>
    </StepScreen>
  );
}
