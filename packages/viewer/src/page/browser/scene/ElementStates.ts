import type { ElementIndex, SwitchList } from "../apiTypes.js";

/** What the fourth byte of an element's state says; the others are a colour. The shader in `featureShader.ts` reads it. */
export const stateFlags = { visible: 1, faded: 2, colored: 4, selected: 8, striped: 16, dotted: 32 } as const;

const bytesPerElement = 4;

/** How elements of one kind of change look: a colour, and a pattern for those who cannot tell the colours apart. */
export interface Emphasis {
  /** 0xrrggbb */
  color: number;
  pattern?: "striped" | "dotted";
}

/** Which elements are shown, and how. The arrays are parallel to the index that the server gave. */
export class ElementStates {
  /** Called after each change. */
  public onChange: () => void = () => undefined;
  private readonly _positions: ReadonlyMap<string, number>;
  private readonly _off: Record<SwitchList, Set<number>> = {
    categories: new Set(),
    models: new Set(),
    classes: new Set(),
  };
  private readonly _hidden = new Set<number>();
  private readonly _emphasized = new Map<number, Emphasis>();
  private _isolated: ReadonlySet<number> | undefined;
  private _focused: ReadonlySet<number> | undefined;
  private _selected = -1;
  private _showsEmphasis = true;

  /** @param _showsOthers - whether elements are shown that the index does not have */
  public constructor(
    private readonly _index: ElementIndex,
    private readonly _showsOthers = true,
  ) {
    this._positions = new Map(_index.ids.map((id, position) => [id, position]));
  }

  public positionOf(id: string): number | undefined {
    return this._positions.get(id);
  }

  public idAt(position: number): string | undefined {
    return this._index.ids[position];
  }

  /** The element that is selected. */
  public get selected(): string | undefined {
    return this.idAt(this._selected);
  }

  /** How many elements are not shown. */
  public get hiddenCount(): number {
    return this._index.ids.reduce((count, _, position) => count + (this.isVisible(position) ? 0 : 1), 0);
  }

  /** Shows or hides all elements of categories, models or classes, given by their position in the index. */
  public switch(list: SwitchList, entries: Iterable<number>, isOn: boolean): void {
    for (const entry of entries)
      if (isOn) this._off[list].delete(entry);
      else this._off[list].add(entry);
    this.onChange();
  }

  public isOn(list: SwitchList, entry: number): boolean {
    return !this._off[list].has(entry);
  }

  public select(id: string | undefined): void {
    this._selected = (id === undefined ? undefined : this.positionOf(id)) ?? -1;
    this.onChange();
  }

  public hide(ids: Iterable<string>): void {
    for (const position of this._positionsOf(ids)) this._hidden.add(position);
    this.onChange();
  }

  /** Shows these elements only. */
  public isolate(ids: Iterable<string>): void {
    this._isolated = this._positionsOf(ids);
    this.onChange();
  }

  /** Draws all other elements transparent; undefined ends that. */
  public focus(ids: Iterable<string> | undefined): void {
    this._focused = ids && this._positionsOf(ids);
    this.onChange();
  }

  public get isFocused(): boolean {
    return this._focused !== undefined;
  }

  /** Gives elements a colour and a pattern. */
  public emphasize(ids: Iterable<string>, emphasis: Emphasis): void {
    for (const position of this._positionsOf(ids)) this._emphasized.set(position, emphasis);
    this.onChange();
  }

  /** Whether the colours and patterns of {@link emphasize} are drawn. */
  public get showsEmphasis(): boolean {
    return this._showsEmphasis;
  }

  public set showsEmphasis(value: boolean) {
    this._showsEmphasis = value;
    this.onChange();
  }

  /** Ends {@link hide}, {@link isolate} and {@link focus}, and turns on every switch. */
  public showAll(): void {
    this._hidden.clear();
    for (const list of Object.values(this._off)) list.clear();
    this._isolated = undefined;
    this._focused = undefined;
    this.onChange();
  }

  public isVisible(position: number): boolean {
    const { categories, models, classes } = this._index;
    return (
      !this._hidden.has(position) &&
      (this._isolated === undefined || this._isolated.has(position)) &&
      !this._off.categories.has(categories[position] ?? -1) &&
      !this._off.models.has(models[position] ?? -1) &&
      !this._off.classes.has(classes[position] ?? -1)
    );
  }

  /** Whether a click takes the element: it is visible, and not drawn transparent. */
  public isPickable(position: number): boolean {
    if (position < 0 && !this._showsOthers) return false;
    return this.isVisible(position) && (this._focused === undefined || this._focused.has(position));
  }

  /** Writes the states of elements, four bytes each. */
  public write(positions: Int32Array, target: Uint8Array): void {
    for (const [place, position] of positions.entries()) this._writeOne(position, target, place * bytesPerElement);
  }

  private _writeOne(position: number, target: Uint8Array, offset: number): void {
    const emphasis = this._showsEmphasis ? this._emphasized.get(position) : undefined;
    const color = emphasis?.color ?? 0;
    target[offset] = color >> 16;
    target[offset + 1] = (color >> 8) & 255;
    target[offset + 2] = color & 255;
    target[offset + 3] = this._visibilityOf(position) | flagsOf(emphasis);
  }

  private _visibilityOf(position: number): number {
    const isKnown = position >= 0;
    return (
      ((isKnown ? this.isVisible(position) : this._showsOthers) ? stateFlags.visible : 0) |
      (this._focused?.has(position) === false ? stateFlags.faded : 0) |
      (isKnown && position === this._selected ? stateFlags.selected : 0)
    );
  }

  private _positionsOf(ids: Iterable<string>): Set<number> {
    const positions = [...ids].map((id) => this._positions.get(id));
    return new Set(positions.filter((position) => position !== undefined));
  }
}

function flagsOf(emphasis: Emphasis | undefined): number {
  if (emphasis === undefined) return 0;
  return stateFlags.colored | (emphasis.pattern === undefined ? 0 : stateFlags[emphasis.pattern]);
}
