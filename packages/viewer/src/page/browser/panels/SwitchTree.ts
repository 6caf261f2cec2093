import { h } from "../dom.js";

/** An entry of a {@link SwitchTree}: a category, a model or a class. */
export interface SwitchEntry {
  label: string;
  /** Elements of the entry and of those below it. */
  count: number;
  /** Its positions in the index of the server; without any, the entry cannot be switched. */
  positions: number[];
  children: SwitchEntry[];
}

/** What a {@link SwitchTree} does to the picture. */
export interface SwitchActions {
  isOn(position: number): boolean;
  set(positions: number[], isOn: boolean): void;
}

/** A tree with counts, and a switch for each entry that has elements with graphics. */
export class SwitchTree {
  public readonly element: HTMLElement;
  private readonly _boxes: { box: HTMLInputElement; positions: number[] }[] = [];

  public constructor(
    title: string,
    entries: SwitchEntry[],
    private readonly _actions: SwitchActions,
  ) {
    const all = entries.flatMap(positionsOf);
    this.element = h(
      "section",
      { "aria-label": title },
      h("h3", {}, title),
      h(
        "div",
        { class: "row" },
        h("button", { onclick: () => this._set(all, true) }, "All"),
        h("button", { onclick: () => this._set(all, false) }, "None"),
      ),
      this._list(entries),
    );
    this.refresh();
  }

  /** Shows what the switches are now. */
  public refresh(): void {
    for (const { box, positions } of this._boxes) {
      const on = positions.filter((position) => this._actions.isOn(position)).length;
      box.checked = on > 0;
      box.indeterminate = on > 0 && on < positions.length;
    }
  }

  private _list(entries: SwitchEntry[]): HTMLElement {
    return h(
      "ul",
      { class: "list" },
      ...entries.map((entry) => h("li", {}, this._entry(entry), this._children(entry))),
    );
  }

  private _children({ children }: SwitchEntry): HTMLElement | undefined {
    return children.length === 0 ? undefined : this._list(children);
  }

  private _entry(entry: SwitchEntry): HTMLElement {
    const positions = positionsOf(entry);
    const box = h("input", {
      type: "checkbox",
      disabled: positions.length === 0,
      onchange: () => this._set(positions, box.checked),
    });
    this._boxes.push({ box, positions });
    const name = h("label", {}, box, h("span", {}, entry.label));
    return h("div", { class: "entry" }, name, h("span", { class: "count" }, entry.count.toLocaleString("en")));
  }

  private _set(positions: number[], isOn: boolean): void {
    this._actions.set(positions, isOn);
    this.refresh();
  }
}

function positionsOf({ positions, children }: SwitchEntry): number[] {
  return [...positions, ...children.flatMap(positionsOf)];
}
