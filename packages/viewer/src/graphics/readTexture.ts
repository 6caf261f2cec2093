import { Texture, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ImageSourceFormat } from "@itwin/core-common";

/** The image of a texture. */
export interface TextureImage {
  readonly name: string;
  readonly mimeType: "image/jpeg" | "image/png";
  readonly bytes: Uint8Array;
}

/** The formats that glTF takes. */
const mimeTypes = new Map<ImageSourceFormat, TextureImage["mimeType"]>([
  [ImageSourceFormat.Jpeg, "image/jpeg"],
  [ImageSourceFormat.Png, "image/png"],
]);

/** Reads the image of a Texture element; undefined where there is none in a format that glTF takes. */
export function readTexture(imodel: IModelDb, id: Id64String): TextureImage | undefined {
  const texture = imodel.elements.tryGetElement<Texture>(id, Texture);
  const mimeType = texture && mimeTypes.get(texture.format);
  if (texture === undefined || mimeType === undefined || !isImage(texture.data)) return undefined;
  return { name: texture.code.value, mimeType, bytes: texture.data };
}

/** Whether bytes begin as a JPEG or PNG file does. */
function isImage(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xd8) || (first === 0x89 && second === 0x50);
}
