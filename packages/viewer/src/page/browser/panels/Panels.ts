import { byId, h } from "../dom.js";

/** One of the panels beside the model. */
export interface Panel {
  title: string;
  content: HTMLElement;
  /** Needs the room of a table. */
  isWide?: boolean;
  /** Called when the panel is shown. */
  onShow?: () => void;
}

/** The tabs beside the model; the arrow keys move between them. */
export class Panels {
  private readonly _tabs: HTMLButtonElement[];

  public constructor(private readonly _panels: readonly Panel[]) {
    this._tabs = _panels.map((panel, number) => this._addPanel(panel, number));
    byId("tabs").addEventListener("keydown", (event) => this._move(event));
    this.show(0);
  }

  public show(number: number): void {
    for (const [place, { content, isWide, onShow }] of this._panels.entries()) {
      const isShown = place === number;
      content.hidden = !isShown;
      this._tabs[place]?.setAttribute("aria-selected", String(isShown));
      this._tabs[place]?.setAttribute("tabindex", isShown ? "0" : "-1");
      if (!isShown) continue;
      byId("panels").classList.toggle("wide", isWide === true);
      onShow?.();
    }
  }

  private _addPanel({ title, content }: Panel, number: number): HTMLButtonElement {
    const id = `panel-${number}`;
    const tab = h("button", { role: "tab", "aria-controls": id, onclick: () => this.show(number) }, title);
    for (const [name, value] of Object.entries({ id, role: "tabpanel", "aria-label": title }))
      content.setAttribute(name, value);
    byId("tabs").append(tab);
    byId("panels").append(content);
    return tab;
  }

  private _move({ key }: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step === undefined) return;
    const current = this._tabs.findIndex((tab) => tab === document.activeElement);
    const next = (current + step + this._tabs.length) % this._tabs.length;
    this._tabs[next]?.focus();
    this.show(next);
  }
}
