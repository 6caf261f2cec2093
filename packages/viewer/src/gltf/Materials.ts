import type { Document, Material, Texture } from "@gltf-transform/core";
import { KHRMaterialsUnlit } from "@gltf-transform/extensions";
import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { readLabel } from "itwin-connector-framework/internal";
import type { Appearance } from "../graphics/Appearances.js";
import type { GraphicsIssue } from "../graphics/GraphicsReader.js";
import { readTexture } from "../graphics/readTexture.js";

/** Writes appearances as materials. */
export class Materials {
  private readonly _materials = new Map<Appearance, Material>();
  private readonly _textures = new Map<Id64String, Texture | undefined>();

  public constructor(
    private readonly _document: Document,
    private readonly _imodel: IModelDb,
    private readonly _onIssue: (issue: GraphicsIssue) => void,
  ) {}

  /** The material of an appearance. */
  public of(appearance: Appearance): Material {
    let material = this._materials.get(appearance);
    if (material === undefined) this._materials.set(appearance, (material = this._create(appearance)));
    return material;
  }

  private _create({
    kind,
    color: [red, green, blue, alpha],
    isTwoSided,
    materialId,
    textureId,
    purpose,
  }: Appearance): Material {
    const material = this._document
      .createMaterial()
      .setDoubleSided(isTwoSided)
      .setMetallicFactor(0)
      .setRoughnessFactor(1);
    const texture = textureId === undefined ? undefined : this._textureOf(textureId);
    if (texture === undefined) material.setBaseColorFactor([linear(red), linear(green), linear(blue), alpha]);
    else material.setBaseColorTexture(texture).setBaseColorFactor([1, 1, 1, alpha]);
    if (alpha < 1) material.setAlphaMode("BLEND");
    const name = materialId === undefined ? undefined : readLabel(this._imodel, materialId);
    if (name !== undefined) material.setName(name);
    if (purpose !== undefined) material.setExtras({ geometryClass: purpose });
    if (kind !== "mesh")
      material.setExtension("KHR_materials_unlit", this._document.createExtension(KHRMaterialsUnlit).createUnlit());
    return material;
  }

  private _textureOf(id: Id64String): Texture | undefined {
    if (this._textures.has(id)) return this._textures.get(id);
    const image = readTexture(this._imodel, id);
    const texture =
      image &&
      this._document.createTexture(image.name).setMimeType(image.mimeType).setImage(new Uint8Array(image.bytes));
    this._textures.set(id, texture);
    const message = "this texture is not in the export: glTF takes PNG and JPEG images only";
    if (texture === undefined) this._onIssue({ elementId: id, message, isMissing: false });
    return texture;
  }
}

/** The colours of the platform are in sRGB, those of glTF are linear. */
function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
