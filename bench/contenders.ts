import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import type { BoxEntity, BoxPlace } from "./boxes.js";

/** A document of the source with its entities. */
export interface BoxDocument {
  name: string;
  checksum: string;
  boxes: BoxEntity[];
}

/** An iModel in which a contender works. */
export interface Site extends BoxPlace {
  imodel: IModelDb;
  /** The Subject below which the boxes lie. */
  subject: Id64String;
}

/** A way of bringing a source into an iModel. */
export interface Contender {
  /** Brings in what changed. */
  synchronize(site: Site, documents: BoxDocument[]): void;
  /** Deletes the elements of boxes that `synchronize` did not meet. */
  deleteVanished(site: Site): void;
}

/** The kind of the boxes in their provenance. */
export const boxKind = "Box";
