import { Box3, Vector3 } from "three";
import type { Api } from "./Api.js";
import type { Box, ElementChange, ElementDescription } from "./apiTypes.js";
import { byId, counted, h, showFailure } from "./dom.js";
import { elementDetails, type Links } from "./panels/elementDetails.js";
import { ElementStates } from "./scene/ElementStates.js";
import { Measure, type Measured } from "./scene/Measure.js";
import { Scene } from "./scene/Scene.js";
import type { Tiles } from "./scene/Tiles.js";

const noGraphics = "The iModel has no graphics. The tables and the search show its elements.";

/** What the user does with the model: what is shown, selected and measured. */
export class Viewer {
  public readonly scene: Scene;
  /** Called when elements are shown or hidden. */
  public onSwitched: () => void = () => undefined;
  /** Called when an element of the earlier iModel is clicked. */
  public onEarlierElement: (idBefore: string) => void = () => undefined;
  private readonly _measure = new Measure();
  private readonly _tiles: Tiles | undefined;
  private _isMeasuring = false;
  private _isPrepared = false;
  private _selection: ElementDescription | undefined;

  public constructor(
    private readonly _api: Api,
    public readonly states: ElementStates,
    private readonly _hasGraphics: boolean,
  ) {
    const canvas = byId("canvas") as HTMLCanvasElement;
    this.scene = new Scene(canvas, (isComplete) => this._showState(isComplete), this.fail);
    this.scene.add(this._measure.group);
    if (_hasGraphics) this._tiles = this.scene.addTiles(_api.tiles("now"), states);
    states.onChange = () => this._applyStates();
    listenToClicks(canvas, (x, y) => this._click(x, y));
  }

  /** Shows that something failed. */
  public readonly fail = showFailure;

  public get isMeasuring(): boolean {
    return this._isMeasuring;
  }

  public set isMeasuring(value: boolean) {
    this._isMeasuring = value;
    this._measure.clear();
    this.scene.requestFrame();
    this._say(value ? "Click two points to measure the distance between them." : "");
  }

  public get selection(): ElementDescription | undefined {
    return this._selection;
  }

  /** Selects an element, shows what is known of it, and leads the camera to it. */
  public choose = (elementId: string): void => {
    void this.select(elementId, true).catch(this.fail);
  };

  public async select(elementId: string | undefined, isFitted: boolean): Promise<void> {
    this.states.select(elementId);
    const details = byId("details");
    if (elementId === undefined) {
      this._selection = undefined;
      details.hidden = true;
      return;
    }
    const element = await this._api.element(elementId);
    if (this.states.selected !== undefined && this.states.selected !== elementId) return; // the user went on meanwhile
    this._selection = element;
    this._showDetails(elementDetails(element, this._links));
    if (isFitted) this.fitSelection();
  }

  /** Shows an element that is gone: where it was, and what is known of it. */
  public chooseDeleted = ({ id, idBefore = id, label, boxBefore }: ElementChange): void => {
    const show = async () => {
      await this.select(undefined, false);
      const known = await this._api.deleted(idBefore);
      const links = { choose: this.choose, knows: () => false };
      const content = known === undefined ? [h("h2", {}, label || id)] : elementDetails(known, links);
      this._showDetails([h("p", { class: "change deleted" }, "Deleted"), ...content]);
      this.fitBox(boxBefore);
    };
    void show().catch(this.fail);
  };

  public fitSelection(): void {
    this.fitBox(this._selection?.box);
  }

  /** Leads the camera to a range of the iModel. */
  public fitBox(box: Box | undefined): void {
    if (box !== undefined) this.scene.fit(boxOf(box));
  }

  /** Says that all that the page shows at first has been asked for: the next complete picture is the final one. */
  public showPrepared(): void {
    this._isPrepared = true;
    this.scene.requestFrame();
  }

  private get _links(): Links {
    return { choose: this.choose, knows: (id) => this._api.knows(id) };
  }

  private _showDetails(content: HTMLElement[]): void {
    const close = h("button", { "aria-label": "Close", onclick: () => void this.select(undefined, false) }, "×");
    const details = byId("details");
    details.replaceChildren(close, ...content);
    details.hidden = false;
  }

  private _applyStates(): void {
    this._tiles?.applyStates();
    this.scene.requestFrame();
    const hidden = this.states.hiddenCount;
    this._say(hidden === 0 ? "" : `${counted(hidden, "element")} ${hidden === 1 ? "is" : "are"} hidden.`);
    this.onSwitched();
  }

  private _click(x: number, y: number): void {
    const hit = this.scene.pick(x, y);
    if (this._isMeasuring) {
      const measured = hit && this._measure.take(hit.point);
      if (measured !== undefined) this._say(textOf(measured));
      this.scene.requestFrame();
    } else if (hit !== undefined && hit.states !== this.states) this.onEarlierElement(hit.elementId);
    else void this.select(hit?.elementId, false).catch(this.fail);
  }

  private _say(text: string): void {
    const status = byId("status");
    status.textContent = text === "" && !this._hasGraphics ? noGraphics : text;
    status.hidden = status.textContent === "";
  }

  /** `data-state` of the body tells programs whether the picture is complete, and `data-calls` how many draw calls it took. */
  private _showState(isComplete: boolean): void {
    const isReady = this._isPrepared && (isComplete || !this._hasGraphics);
    if (!isReady || document.body.dataset.state === "ready") return;
    document.body.dataset.calls = String(this.scene.drawCalls);
    document.body.dataset.state = "ready";
    this._say("");
  }
}

export function boxOf({ low, high }: Box): Box3 {
  return new Box3(new Vector3(...low), new Vector3(...high));
}

function textOf({ distance, along }: Measured): string {
  const [x, y, z] = along.map((length) => length.toFixed(3));
  return `${distance.toFixed(3)} m (x ${x}, y ${y}, z ${z})`;
}

/** A click is a press and a release at nearly the same place: everything else moves the camera. */
function listenToClicks(canvas: HTMLCanvasElement, onClick: (x: number, y: number) => void): void {
  let pressed: PointerEvent | undefined;
  canvas.addEventListener("pointerdown", (event) => (pressed = event));
  canvas.addEventListener("pointerup", (event) => {
    const moved = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY);
    if (event.button === 0 && moved !== undefined && moved < 5) onClick(event.offsetX, event.offsetY);
  });
}
