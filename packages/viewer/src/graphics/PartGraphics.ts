import type { ExportPartInfo, ExportPartInstanceInfo, ExportPartLinesInfo, IModelDb } from "@itwin/core-backend";
import type { Appearance, Appearances } from "./Appearances.js";
import type { MeshData, Shape } from "./BatchGraphics.js";

/** What a GeometryPart looks like, with the symbology of the element that shows it. */
export interface PartLook {
  readonly meshes: readonly { readonly appearance: Appearance; readonly shape: Shape }[];
  readonly lines: readonly {
    readonly appearance: Appearance;
    readonly points: Float64Array;
    readonly indices: Int32Array;
  }[];
}

/** The graphics of GeometryParts. They are made once for all that look the same. */
export class PartGraphics {
  private readonly _looks = new Map<string, PartLook>();

  public constructor(
    private readonly _imodel: IModelDb,
    private readonly _appearances: Appearances,
  ) {}

  /** What an element shows of a part. */
  public of({ partId, displayProps }: ExportPartInstanceInfo): PartLook {
    const key = `${partId} ${Object.values(displayProps).join(" ")}`;
    let look = this._looks.get(key);
    if (look === undefined) this._looks.set(key, (look = this._read(key, partId, displayProps)));
    return look;
  }

  private _read(key: string, elementId: string, displayProps: ExportPartInstanceInfo["displayProps"]): PartLook {
    const meshes: { appearance: Appearance; shape: Shape }[] = [];
    const lines: { appearance: Appearance; points: Float64Array; indices: Int32Array }[] = [];
    this._imodel.exportPartGraphics({
      elementId,
      displayProps,
      onPartGraphics: ({ mesh, ...look }: ExportPartInfo) => {
        const appearance = this._appearances.of("mesh", look, mesh.isTwoSided);
        meshes.push({
          appearance,
          shape: { key: `${key} ${meshes.length}`, isPart: true, mesh: meshData(mesh, appearance) },
        });
      },
      onPartLineGraphics: ({ lines: { points, indices }, ...look }: ExportPartLinesInfo) => {
        lines.push({ appearance: this._appearances.of("lines", look), points, indices });
      },
    });
    return { meshes, lines };
  }
}

const noParams = new Float32Array();

/** The triangles that `exportGraphics` gives. Positions on a texture are kept where there is a texture. */
export function meshData({ points, normals, params, indices }: MeshData, { textureId }: Appearance): MeshData {
  return { points, normals, indices, params: textureId === undefined ? noParams : params };
}
