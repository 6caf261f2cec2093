import type { Id64String } from "@itwin/core-bentley";
import { GeometryClass } from "@itwin/core-common";

/** How some graphics look. Graphics that look the same are drawn together. */
export interface Appearance {
  /** Its place among the appearances. */
  readonly index: number;
  readonly kind: "mesh" | "lines" | "points";
  /** Red, green and blue from 0 to 255, and alpha from 0 to 1. */
  readonly color: readonly [red: number, green: number, blue: number, alpha: number];
  readonly materialId?: Id64String;
  readonly textureId?: Id64String;
  /** Whether back faces are seen. */
  readonly isTwoSided: boolean;
  /** What the graphics are there for: construction, dimensions or a pattern; undefined for the shape itself. */
  readonly purpose?: string;
}

/** What `exportGraphics` tells of how graphics look. */
export interface Look {
  readonly color: number;
  readonly geometryClass: GeometryClass;
  readonly materialId?: Id64String;
  readonly textureId?: Id64String;
}

/** All appearances of an export. */
export class Appearances {
  public readonly list: Appearance[] = [];
  private readonly _byKey = new Map<string, Appearance>();
  private _last?: {
    readonly kind: Appearance["kind"];
    readonly isTwoSided: boolean;
    readonly look: Look;
    readonly appearance: Appearance;
  };

  /** The appearance of some graphics. */
  public of(kind: Appearance["kind"], look: Look, isTwoSided = false): Appearance {
    const last = this._last;
    // Most elements look the same as the one before.
    if (last?.kind === kind && last.isTwoSided === isTwoSided && areEqual(last.look, look)) return last.appearance;
    const appearance = this._find(kind, look, isTwoSided);
    this._last = { kind, isTwoSided, look, appearance };
    return appearance;
  }

  private _find(kind: Appearance["kind"], look: Look, isTwoSided: boolean): Appearance {
    const { color, geometryClass, materialId = "", textureId = "" } = look;
    const key = `${kind} ${color} ${geometryClass} ${materialId} ${textureId} ${isTwoSided}`;
    let appearance = this._byKey.get(key);
    if (appearance === undefined) {
      appearance = { index: this.list.length, kind, isTwoSided, ...appearanceOf(look) };
      this.list.push(appearance);
      this._byKey.set(key, appearance);
    }
    return appearance;
  }
}

function areEqual(left: Look, right: Look): boolean {
  return (
    left.color === right.color &&
    left.geometryClass === right.geometryClass &&
    left.materialId === right.materialId &&
    left.textureId === right.textureId
  );
}

/** A colour of the platform has 8 bits each of transparency, blue, green and red. What lies beyond is ignored. */
function appearanceOf({
  color,
  geometryClass,
  materialId,
  textureId,
}: Look): Omit<Appearance, "index" | "kind" | "isTwoSided"> {
  const byte = (shift: number) => (color >>> shift) & 255;
  return {
    color: [byte(0), byte(8), byte(16), 1 - byte(24) / 255],
    materialId,
    textureId,
    purpose: geometryClass === GeometryClass.Primary ? undefined : GeometryClass[geometryClass],
  };
}
