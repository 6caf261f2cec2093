import type { ChangeKind, ElementChange, ModelChanges } from "../apiTypes.js";
import { h } from "../dom.js";
import type { Panel } from "./Panels.js";

/** So many changes are listed; the filter finds the others. */
const listed = 300;

/** A filter of the panel: an element of a kind of change, or one that did not change. */
export type ChangeFilter = ChangeKind | "unchanged";

/** How each kind is named and marked. The marks tell them apart without colours. */
export const changeMarks: Record<ChangeFilter, { mark: string; label: string }> = {
  new: { mark: "+", label: "New" },
  changed: { mark: "~", label: "Changed" },
  deleted: { mark: "−", label: "Deleted" },
  unchanged: { mark: "=", label: "Unchanged" },
};

/** What changed, with counts as filters, and the properties before and after. */
export class ChangesPanel implements Panel {
  public readonly title = "Changes";
  public readonly content = h("div", {});
  private readonly _shown = new Set<ChangeFilter>(["new", "changed", "deleted", "unchanged"]);
  private readonly _list = h("ul", { class: "list changes" });

  /** @param _show - shows the elements of these kinds in the model */
  public constructor(
    private readonly _changes: ModelChanges,
    public readonly choose: (change: ElementChange) => void,
    private readonly _show: (kinds: ReadonlySet<ChangeFilter>) => void,
  ) {
    const { before, after, counts } = _changes;
    const filters = Object.entries(changeMarks).map(([kind, { mark, label }]) =>
      this._filter(kind as ChangeFilter, `${mark} ${label} ${counts[kind as ChangeFilter].toLocaleString("en")}`),
    );
    this.content.append(
      h("p", { class: "faint" }, `From ${before} to ${after}`),
      h("div", { class: "row", role: "group", "aria-label": "Kinds of change" }, ...filters),
      this._list,
    );
    this._fill();
  }

  private _filter(kind: ChangeFilter, text: string): HTMLElement {
    const button = h(
      "button",
      { class: `change ${kind}`, "aria-pressed": "true", onclick: () => this._toggle(kind, button) },
      text,
    );
    return button;
  }

  private _toggle(kind: ChangeFilter, button: HTMLElement): void {
    if (!this._shown.delete(kind)) this._shown.add(kind);
    button.setAttribute("aria-pressed", String(this._shown.has(kind)));
    this._show(this._shown);
    this._fill();
  }

  private _fill(): void {
    const shown = this._changes.elements.filter(({ kind }) => this._shown.has(kind));
    const items = shown.slice(0, listed).map((change) => this._item(change));
    const rest = shown.length - items.length;
    this._list.replaceChildren(...items);
    if (rest > 0) this._list.append(h("li", { class: "faint" }, `and ${rest.toLocaleString("en")} more`));
  }

  private _item(change: ElementChange): HTMLElement {
    const { kind, label, id, className, properties } = change;
    const pairs = properties
      .filter(({ property }) => !isGeometry(property) && !isBookkeeping(property))
      .flatMap(({ property, a, b }) => [
        h("dt", {}, property),
        h("dd", {}, h("del", {}, textOf(a)), " → ", h("ins", {}, textOf(b))),
      ]);
    if (properties.some(({ property }) => isGeometry(property)))
      pairs.push(h("dt", {}, "Geometry"), h("dd", {}, "changed"));
    return h(
      "li",
      {},
      h("span", { class: `change ${kind}`, title: changeMarks[kind].label }, changeMarks[kind].mark),
      " ",
      h("button", { class: "link", onclick: () => this.choose(change) }, label || id),
      h("span", { class: "faint" }, ` ${className}`),
      pairs.length === 0 ? undefined : h("dl", {}, ...pairs),
    );
  }
}

/** Of the geometry, coordinates and the like differ, which say nothing to a reader. */
function isGeometry(property: string): boolean {
  return /^geometry\b|^BBox(Low|High)\b/.test(property);
}

/** The checksum of a source item changes whenever anything does. */
function isBookkeeping(property: string): boolean {
  return /^BisCore:ExternalSourceAspect\[.*\]\.Checksum$/s.test(property);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
