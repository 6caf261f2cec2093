import type { ServerApi } from "../Api.js";
import type { ClassEntry } from "../apiTypes.js";
import { debounced, h } from "../dom.js";
import { dataTable, type Sorting } from "./DataTable.js";
import type { Panel } from "./Panels.js";

const pageSize = 100;

/** The elements of a class as a table with sort, filter and pages. */
export class TablePanel implements Panel {
  public readonly title = "Table";
  public readonly isWide = true;
  public readonly content = h("div", {});
  private readonly _class: HTMLSelectElement;
  private readonly _filter = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the rows" });
  private readonly _rows = h("div", { class: "table" });
  private _sorting: Sorting | undefined;
  private _offset = 0;

  public constructor(
    private readonly _api: ServerApi,
    classes: ClassEntry[],
    private readonly _choose: (elementId: string) => void,
    private readonly _fail: (error: unknown) => void,
  ) {
    const options = classes
      .filter(({ total }) => total > 0)
      .map(({ name, label, total }) => h("option", { value: name }, `${label} (${total})`));
    this._class = h("select", { "aria-label": "Class", onchange: () => this._restart() }, ...options);
    const firstOwn = classes.findIndex(({ name, count }) => count > 0 && !name.startsWith("BisCore:"));
    if (firstOwn >= 0) this._class.value = classes[firstOwn]?.name ?? "";
    this._filter.addEventListener(
      "input",
      debounced(300, () => this._load(0)),
    );
    this.content.append(h("div", { class: "row" }, this._class, this._filter), this._rows);
  }

  public onShow = (): void => this._load(this._offset);

  private _restart(): void {
    this._sorting = undefined;
    this._load(0);
  }

  private _sortBy(name: string): void {
    const isSame = this._sorting?.name === name;
    this._sorting = { name, descending: isSame && this._sorting?.descending === false };
    this._load(0);
  }

  private _load(offset: number): void {
    this._offset = offset;
    void this._show(offset).catch(this._fail);
  }

  private async _show(offset: number): Promise<void> {
    if (this._class.value === "") {
      this._rows.replaceChildren("The iModel has no elements.");
      return;
    }
    const table = await this._api.table({
      class: this._class.value,
      sort: this._sorting?.name,
      descending: this._sorting?.descending ? 1 : undefined,
      filter: this._filter.value,
      offset,
      limit: pageSize,
    });
    const rows = dataTable(table, this._choose, this._sorting, (name) => this._sortBy(name));
    this._rows.replaceChildren(rows, this._pages(offset, table.rows.length, table.total ?? table.rows.length));
  }

  private _pages(offset: number, count: number, total: number): HTMLElement {
    const go = (to: number, text: string, isPossible: boolean) =>
      h("button", { disabled: !isPossible, onclick: () => this._load(to) }, text);
    const range = total === 0 ? "No rows" : `${offset + 1} to ${offset + count} of ${total}`;
    return h(
      "div",
      { class: "row" },
      go(Math.max(0, offset - pageSize), "Previous", offset > 0),
      h("span", {}, range),
      go(offset + pageSize, "Next", offset + count < total),
    );
  }
}
