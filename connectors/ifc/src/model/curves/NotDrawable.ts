import type { IfcFile } from "../IfcFile.js";
import { entityName } from "../entityName.js";

/** An instance that no line, point or place can be made of. */
export class NotDrawable extends Error {
  /** @param reason - goes on from the name of the instance, such as `has no ends` */
  public constructor(file: IfcFile, id: number, reason: string) {
    super(`${entityName(file, id)} ${reason}`);
  }
}
