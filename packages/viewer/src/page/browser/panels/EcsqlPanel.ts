import type { ServerApi } from "../Api.js";
import { debounced, h } from "../dom.js";
import { dataTable } from "./DataTable.js";
import type { Panel } from "./Panels.js";

const example = "SELECT ECInstanceId, UserLabel FROM BisCore.GeometricElement3d";

/** Runs ECSQL; rows that begin with an element id lead to the element. */
export function ecsqlPanel(
  api: ServerApi,
  choose: (elementId: string) => void,
  isolate: (ids: string[]) => void,
  fail: (error: unknown) => void,
): Panel {
  const box = h("textarea", { "aria-label": "ECSQL", spellcheck: "false" });
  box.value = example;
  const names = h("div", { class: "row", "aria-label": "Names that begin like this" });
  const results = h("div", { class: "table", "aria-live": "polite" });
  const run = async () => {
    const table = await api.ecsql(box.value);
    const ids = table.rows
      .map(([id]) => id)
      .filter((id): id is string => typeof id === "string" && id.startsWith("0x"));
    const count = `${table.rows.length}${table.more ? " or more" : ""} rows`;
    const only = h("button", { disabled: ids.length === 0, onclick: () => isolate(ids) }, "Show only these");
    results.replaceChildren(h("div", { class: "row" }, h("span", {}, count), only), dataTable(table, choose));
  };
  const suggest = async () => {
    const prefix = wordBefore(box);
    const found = prefix.length < 2 ? [] : await api.names(prefix);
    const buttons = found
      .slice(0, 12)
      .map(({ name, detail }) => h("button", { title: detail, onclick: () => complete(box, prefix, name) }, name));
    names.replaceChildren(...buttons);
  };
  const report = (error: unknown) => results.replaceChildren(h("p", { role: "alert" }, (error as Error).message));
  box.addEventListener(
    "input",
    debounced(150, () => void suggest().catch(fail)),
  );
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void run().catch(report);
    if (event.key === "Tab" && names.firstElementChild !== null && wordBefore(box).length > 1) {
      event.preventDefault();
      (names.firstElementChild as HTMLButtonElement).click();
    }
  });
  const button = h("button", { onclick: () => void run().catch(report) }, "Run (Ctrl+Enter)");
  return {
    title: "ECSQL",
    isWide: true,
    content: h("div", {}, box, names, h("div", { class: "row" }, button), results),
  };
}

/** The beginning of a name before the cursor. */
function wordBefore({ value, selectionStart }: HTMLTextAreaElement): string {
  return /[\w.:]*$/.exec(value.slice(0, selectionStart))?.[0] ?? "";
}

function complete(box: HTMLTextAreaElement, prefix: string, name: string): void {
  box.setRangeText(name, box.selectionStart - prefix.length, box.selectionStart, "end");
  box.focus();
  box.dispatchEvent(new Event("input"));
}
