import type { Id64String } from "@itwin/core-bentley";
import { labelOf, type ElementTable } from "./ElementTable.js";
import { isIdText } from "./whatCounts.js";

/**
 * What stands for the ids of one iModel in a comparison: the same on both sides for elements that were matched, so that
 * two references are the same when they lead to the same element.
 */
export class References {
  /**
   * @param _table - the elements of the iModel
   * @param _numberOf - the number of an element, given its place in the table: of matched ones the same on both sides
   */
  public constructor(
    private readonly _table: ElementTable,
    private readonly _numberOf: (index: number) => string,
  ) {}

  /** What stands for an element, or undefined for an id that leads nowhere. */
  public find(id: Id64String): string | undefined {
    const index = this._table.indexOf(id);
    return index === undefined ? undefined : `#${this._numberOf(index)}`;
  }

  /** What stands for an element, also where it is missing. */
  public of(id: Id64String): string {
    return this.find(id) ?? "#missing";
  }

  /** The name of a CodeSpec. */
  public codeSpec(id: Id64String): string {
    return this._table.codeSpecName(id);
  }

  /** The name of a font, or undefined if there is none with the number. */
  public font(id: number): string | undefined {
    return this._table.fontName(id);
  }

  /** The element as a person recognizes it. */
  public labelOf(id: Id64String): string {
    const element = this._table.find(id);
    return element === undefined ? `nothing (${id})` : labelOf(element);
  }

  /** The identifier of an item without the ids that it may have in it, see {@link splitCodeIdentifier}. */
  public identifier(identifier: string): string {
    const code = splitCodeIdentifier(identifier);
    return code === undefined ? identifier : `${this.codeSpec(code.specId)}/${this.of(code.scopeId)}/${code.value}`;
  }
}

/** Takes apart the identifier that version 0.1 gave a part with a code: `<id of CodeSpec>/<id of scope>/<value>`. */
export function splitCodeIdentifier(
  identifier: string,
): { specId: Id64String; scopeId: Id64String; value: string } | undefined {
  if (!identifier.startsWith("0x")) return undefined;
  const [specId = "", scopeId = "", ...value] = identifier.split("/");
  if (value.length === 0 || !isIdText(specId) || !isIdText(scopeId)) return undefined;
  return { specId, scopeId, value: value.join("/") };
}
