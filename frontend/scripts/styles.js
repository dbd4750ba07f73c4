/**
 * What the styles in the built pages ask of a browser: nothing that the oldest one we serve lacks (`browserslist`), by MDN's tables. A line that
 * some do not know may stand behind another one for the same property that all do: then they take that.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import postcss from "postcss";

const load = createRequire(import.meta.url);
const { css } = load("@mdn/browser-compat-data");
const OLDEST = load("../package.json").browserslist.map((line) => line.split(" "));
const PAGES = ["index.html", "carry.html"];

/** Browsers without these lose nothing that anybody needs. */
const NOT_NEEDED = new Set([
  "font-family",
  "accent-color",
  "contain-intrinsic-size",
  "content-visibility",
  "resize",
  "text-wrap",
]);
const UNITS = { dvh: "viewport_percentage_units_dynamic", svh: "viewport_percentage_units_small" };

/** Which of the oldest browsers lack it; those of an unknown name are all of them. */
function lacking(feature) {
  const support = feature?.__compat?.support;
  return OLDEST.filter(([browser, version]) => ![support?.[browser]].flat().some((one) => knows(one, version)));
}

function knows(statement, version) {
  if (!statement?.version_added || statement.flags || statement.prefix || statement.alternative_name) return false;
  const [added, own] = [statement.version_added, version].map((text) => Number.parseFloat(text.replace("≤", "")));
  return added <= own && !(Number.parseFloat(statement.version_removed) <= own);
}

/** Everything that one line of a rule asks for, by name. */
function* asked({ prop, value }) {
  if (prop.startsWith("-")) return;
  const property = css.properties[prop];
  yield [prop, property];
  const plain = value.replace(/"[^"]*"|url\([^)]*\)/g, "");
  for (const [, word] of plain.matchAll(/(?<![\w-])([a-z][a-z-]*)(?![\w(-])/g)) {
    if (property?.[word]) yield [`${prop}: ${word}`, property[word]];
  }
  for (const [, name] of plain.matchAll(/([a-z][a-z-]*)\(/g)) {
    yield [`${name}()`, property?.[name] ?? inTypes(name)];
  }
  for (const [, unit] of plain.matchAll(/\d([a-z]+)/g)) if (UNITS[unit]) yield [unit, css.types.length[UNITS[unit]]];
}

function inTypes(name, types = css.types) {
  if (types[name]?.__compat) return types[name];
  const below = Object.entries(types).filter(([key]) => key !== "__compat");
  return below.map(([, inner]) => inTypes(name, inner)).find(Boolean);
}

function lineLacks(line) {
  return [...asked(line)].flatMap(([name, feature]) => fault(name, feature));
}

function fault(name, feature) {
  return lacking(feature).map((browser) => `${name}: ${browser.join(" ")}`);
}

/** A line before it, for the same property, that every browser knows. */
function isCovered(line) {
  return line.parent.nodes
    .slice(0, line.parent.index(line))
    .some((one) => one.prop === line.prop && !lineLacks(one).length);
}

function* faults(style) {
  const nodes = [];
  postcss.parse(style).walk((node) => void nodes.push(node));
  for (const node of nodes) {
    if (node.type === "decl" && !NOT_NEEDED.has(node.prop) && !isCovered(node)) yield* lineLacks(node);
    if (node.type === "atrule") {
      const rule = css["at-rules"][node.name];
      yield* fault(`@${node.name}`, rule);
      for (const [, name] of node.params.matchAll(/\(([a-z-]+)/g)) yield* fault(`@${node.name} ${name}`, rule?.[name]);
    }
    if (node.type === "rule" && node.parent.name !== "keyframes") {
      for (const [, name] of node.selector.matchAll(/:([a-z-]+)/g)) yield* fault(`:${name}`, css.selectors[name]);
    }
  }
}

const found = PAGES.flatMap((page) => {
  const styles = [...readFileSync(`dist/${page}`, "utf8").matchAll(/<style>(.*?)<\/style>/gs)];
  if (styles.length === 0) throw new Error(`${page} has no style.`);
  return styles.flatMap(([, style]) => [...faults(style)].map((fault) => `${page}: ${fault} does not know it`));
});
for (const fault of new Set(found)) console.error(fault);
process.exitCode = found.length > 0 ? 1 : 0;
