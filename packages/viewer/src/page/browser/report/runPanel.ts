import type { ElementChange } from "../apiTypes.js";
import { h } from "../dom.js";
import { changeMarks } from "../panels/ChangesPanel.js";
import type { Panel } from "../panels/Panels.js";
import type { RunReport } from "./reportTypes.js";

/** So many of the largest changes have a link. */
const largest = 10;

/** Where the links of the panel lead. Without a model they are texts. */
export interface RunLinks {
  /** Whether there is such an element to lead to. */
  knows(elementId: string): boolean;
  choose(elementId: string): void;
  chooseChange(change: ElementChange): void;
}

/** What ran, when, what came of it, and what the user should know. */
export function runPanel(run: RunReport, links: RunLinks, changes: readonly ElementChange[]): Panel {
  const content = h(
    "div",
    { class: "run" },
    outcome(run),
    ...section("Run", pairs(about(run))),
    ...section("Entities of the source", pairs(counts(run))),
    ...list(
      "Largest changes",
      changes.slice(0, largest).map((change) => changeLink(change, links)),
    ),
    ...list(
      "Read as",
      run.readAs.map((how) => h("span", {}, how)),
    ),
    ...list("Issues", issues(run, links)),
    ...list("Not imported", notImported(run, links)),
    ...section("Times", pairs(run.phases.map(({ phase, milliseconds }) => [phase, seconds(milliseconds)]))),
  );
  return { title: "Run", content };
}

function outcome({ error, dryRun, iModel, iModelIsNew }: RunReport): HTMLElement {
  if (error !== undefined)
    return h(
      "div",
      { class: "failure", role: "alert" },
      h("strong", {}, "The run failed. The iModel is as it was before."),
      h("p", {}, error.message),
      error.advice === undefined ? undefined : h("p", {}, error.advice),
      h("p", { class: "faint" }, [error.code, error.phase && `in the phase ${error.phase}`].filter(Boolean).join(" ")),
    );
  if (dryRun) return h("p", {}, "This was a dry run: the iModel is as it was before.");
  return h("p", {}, `The run ${iModelIsNew ? "created" : "synchronized"} ${iModel}.`);
}

type Pair = [name: string, value: string | undefined];

function about(run: RunReport): Pair[] {
  const took = new Date(run.ended).getTime() - new Date(run.started).getTime();
  return [
    ["Connector", [run.connector, run.connectorVersion].filter((part) => part !== undefined).join(" ")],
    ["Job", run.job],
    ["Source", run.source],
    ["iModel", run.iModelPath ?? run.iModel],
    ["Description", run.description],
    ["Began", new Date(run.started).toLocaleString()],
    ["Took", seconds(took)],
  ];
}

function counts({ counts: found, skipped, documents, elements }: RunReport): Pair[] {
  const three = (values: Record<string, number>) =>
    Object.entries(values)
      .map(([name, count]) => `${number(count)} ${name}`)
      .join(", ");
  return [
    ["New", number(found.new)],
    ["Changed", number(found.changed)],
    ["Unchanged", number(found.unchanged)],
    ["Deleted", number(found.deleted)],
    ["Skipped", skipped === 0 ? undefined : number(skipped)],
    ["Documents", three(documents)],
    ["Elements written", three(elements)],
  ];
}

function issues({ issues: all, unlistedIssues }: RunReport, links: RunLinks): HTMLElement[] {
  const items = all.map(({ code, message, elementId }) =>
    h("li", {}, linkOr(message, elementId, links), h("span", { class: "faint" }, ` ${code}`)),
  );
  return unlistedIssues === 0 ? items : [...items, rest(unlistedIssues)];
}

function notImported(run: RunReport, links: RunLinks): HTMLElement[] {
  const items = run.notImported.map(({ what, reason, example, count }) => {
    const shown = linkOr(example, run.examples?.[example], links);
    return h("li", {}, `${number(count)} ${what}: ${reason}`, h("span", { class: "faint" }, " such as "), shown);
  });
  return run.unlistedNotImported === 0 ? items : [...items, rest(run.unlistedNotImported)];
}

function linkOr(text: string, elementId: string | undefined, links: RunLinks): HTMLElement {
  if (elementId === undefined || !links.knows(elementId)) return h("span", {}, text);
  return h("button", { class: "link", onclick: () => links.choose(elementId) }, text);
}

function changeLink(change: ElementChange, links: RunLinks): HTMLElement {
  const { mark, label } = changeMarks[change.kind];
  const onclick = () => links.chooseChange(change);
  return h(
    "li",
    {},
    h("span", { class: `change ${change.kind}`, title: label }, mark),
    " ",
    h("button", { class: "link", onclick }, change.label || change.id),
    h("span", { class: "faint" }, ` ${change.className}`),
  );
}

function rest(count: number): HTMLElement {
  return h("li", { class: "faint" }, `and ${number(count)} more`);
}

function list(title: string, items: HTMLElement[]): HTMLElement[] {
  return items.length === 0 ? [] : section(title, h("ul", { class: "list changes" }, ...items));
}

function section(title: string, content: HTMLElement): HTMLElement[] {
  return [h("section", { "aria-label": title }, h("h3", {}, title), content)];
}

function pairs(all: Pair[]): HTMLElement {
  const given = all.filter(([, value]) => value !== undefined && value !== "");
  return h("dl", {}, ...given.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function number(count: number): string {
  return count.toLocaleString("en");
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
