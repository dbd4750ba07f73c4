/** What the server shows and what the types here say are one: the server's own tests render the same file. */
import { expect, it } from "vitest";
import vector from "../../../tests/vectors/shown.json";
import type { Audience, CaseData, CaseReport, Medium, ReportData, ReportState, Track } from "../../src/model";
import { INSTEAD as PICTURE } from "../../src/ui/room/Picture";
import { INSTEAD as SOUND } from "../../src/ui/Sound";

/** Of a type that says which words there are, that there are words. */
type Wide<Shown> = Shown extends string
  ? string
  : Shown extends object
    ? { [Name in keyof Shown]: Wide<Shown[Name]> }
    : Shown;

/** TypeScript looks at the names and at what they hold; which words there are it must be told. */
const report: Wide<ReportData> = vector.report;
const held: Wide<CaseData> = vector.case;
const takenBack: Wide<CaseReport> = vector.withdrawn;

const WORDS: {
  audience: Record<Audience, 1>;
  medium_role: Record<Medium["role"], 1>;
  medium_state: Record<Medium["state"], 1>;
  report_state: Record<ReportState, 1>;
  track: Record<Track, 1>;
} = {
  audience: { mediator: 1, office: 1, border: 1 },
  medium_role: { photo: 1, voice: 1, preview: 1 },
  medium_state: { expected: 1, received: 1, ready: 1, unusable: 1, erased: 1 },
  report_state: { arrived: 1, with_office: 1, answered: 1, solved: 1, disputed: 1, unconfirmed: 1, withdrawn: 1 },
  track: { signal: 1, appeal: 1 },
};

it.each(Object.entries(WORDS))("has the server's words for %s, and no others", (of, words) => {
  expect(Object.keys(words).sort()).toEqual(vector.words[of as keyof typeof WORDS]);
});

it.each([PICTURE, SOUND])("says something of a medium in whatever state it is", (instead) => {
  expect(Object.keys(instead).sort()).toEqual(vector.words.medium_state);
});

it("has the number that is spoken at the office", () => {
  expect(String(report.number)).toMatch(/^\d{8}$/);
  expect(held.number).toBe(report.number);
});

it("knows what was taken back by that alone: nothing else of it says anything", () => {
  expect(takenBack).toMatchObject({ withdrawn: true, text: "", answers: {}, happened: { when: "", date: null } });
});
