/** Where a place has no name in the person's language, they are shown one that they can read. */
import { expect, it } from "vitest";
import { named, speakWith } from "../../src/i18n";

it.each(["tg", "uz"] as const)(
  "in %s a place without a name of its own has its Russian one, else the Kyrgyz",
  (language) => {
    speakWith(language, {});
    const names = { ky: "Жаңы-Жер", ru: "Джаны-Джер", en: "Dzhany-Dzher" };
    expect(named({ ...names, [language]: "Yangi yer" })).toBe("Yangi yer");
    expect(named(names)).toBe("Джаны-Джер");
    expect(named({ ...names, ru: "" })).toBe("Жаңы-Жер");
    expect(named({ en: names.en })).toBe("Dzhany-Dzher");
  },
);
