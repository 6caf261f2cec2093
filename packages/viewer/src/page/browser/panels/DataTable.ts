import type { TableRows } from "../apiTypes.js";
import { h } from "../dom.js";

/** How a {@link DataTable} is sorted. */
export interface Sorting {
  name: string;
  descending: boolean;
}

/** Called for a row with the id of its element. */
type Choose = (elementId: string) => void;

/** Renders rows; those whose first column is an element id lead to the element. */
export function dataTable(
  { columns, rows }: TableRows,
  choose: Choose,
  sorting?: Sorting,
  onSort?: (name: string) => void,
): HTMLElement {
  const head = columns.map(({ name, label, unit }) => {
    const text = unit === undefined ? label : `${label} (${unit})`;
    const sort = sorting?.name === name ? (sorting.descending ? "descending" : "ascending") : undefined;
    const content = onSort ? h("button", { onclick: () => onSort(name) }, text + markOf(sort)) : text;
    return h("th", { scope: "col", "aria-sort": sort }, content);
  });
  const body = rows.map((row) => rowOf(row, choose));
  return h("div", { class: "table" }, h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...body)));
}

function markOf(sort: string | undefined): string {
  return sort === undefined ? "" : sort === "descending" ? " ▼" : " ▲";
}

function rowOf(row: unknown[], choose: Choose): HTMLElement {
  const id = row[0];
  const cells = row.map((value) => h("td", { title: textOf(value) }, textOf(value)));
  if (typeof id !== "string" || !/^0x[0-9a-f]+$/.test(id)) return h("tr", {}, ...cells);
  const onkeydown = (event: Event) => {
    if ((event as KeyboardEvent).key === "Enter") choose(id);
  };
  return h("tr", { tabindex: 0, onclick: () => choose(id), onkeydown }, ...cells);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
