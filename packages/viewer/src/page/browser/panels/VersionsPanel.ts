import type { ServerApi } from "../Api.js";
import type { Step, Version, Versions } from "../apiTypes.js";
import { h } from "../dom.js";
import type { Panel } from "./Panels.js";

/** The versions of a bank, latest first: leads to each of them, to what it changed, and one step back or on. */
export function versionsPanel({ versions, step }: Versions, api: ServerApi, fail: (error: unknown) => void): Panel {
  const status = h("p", { role: "status", class: "faint" });
  const go = (next: Step) => {
    status.textContent = `Opening version ${next.to} …`;
    api.open(next).then(
      ({ url }) => location.assign(url),
      (error: unknown) => {
        status.textContent = "";
        fail(error);
      },
    );
  };
  const items = versions.map((version) => itemFor(version, step, go)).reverse();
  const content = h("div", {}, steps(versions, step, go), status, h("ul", { class: "list versions" }, ...items));
  return { title: "Versions", content };
}

/** From the changes of one version to those of the version before it or after it. */
function steps(versions: readonly Version[], { to }: Step, go: (step: Step) => void): HTMLElement {
  const latest = versions.at(-1)?.index ?? 0;
  const button = (label: string, index: number) =>
    h("button", { disabled: index < 1 || index > latest, onclick: () => go({ from: index - 1, to: index }) }, label);
  return h("div", { class: "row" }, button("← Step back", to - 1), button("Next step →", to + 1));
}

function itemFor({ index, names, description, pushed }: Version, shown: Step, go: (step: Step) => void): HTMLElement {
  const isFrom = index === shown.from;
  const isTo = index === shown.to;
  const mark = isTo ? "● " : isFrom ? "○ " : "";
  const title = `${mark}${[index, ...names].join(", ")}`;
  const when = pushed === undefined ? "" : new Date(pushed).toLocaleString();
  const changes = h("button", { class: "link", onclick: () => go({ from: index - 1, to: index }) }, "what it changed");
  const since = h("button", { class: "link", onclick: () => go({ from: index, to: shown.to }) }, "changes since");
  return h(
    "li",
    { "aria-current": isTo ? "true" : undefined },
    h("button", { class: "link", title: `Show version ${index}`, onclick: () => go({ to: index }) }, title),
    h("span", { class: "faint" }, ` ${when} ${description ?? ""} `),
    index > 0 ? changes : undefined,
    " ",
    index < shown.to && !isFrom ? since : undefined,
  );
}
