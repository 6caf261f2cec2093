import type { EcefLocationProps } from "@itwin/core-common";
import type { Id64String } from "@itwin/core-bentley";
import type { ModelContents } from "./ModelContents.js";
import type { DocumentDescription } from "./Provenance.js";
import { readRows } from "./rows.js";

/** What an iModel is, in short. */
export interface ModelDescription {
  /** The name of the root Subject. */
  readonly name: string;
  readonly path: string;
  readonly iModelId: string;
  /** How many elements it has. */
  readonly elements: number;
  /** Whether any element has geometry. */
  readonly graphics: boolean;
  /** The extents of the project, in metres. */
  readonly extents: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly ecefLocation?: EcefLocationProps;
  readonly jobs: readonly JobDescription[];
}

/** A job with its documents. */
export interface JobDescription {
  readonly id: Id64String;
  readonly name: string;
  readonly connector?: string;
  readonly version?: string;
  readonly documents: readonly DocumentDescription[];
}

/** Reads what an iModel is. @param path - of its file, as the user knows it */
export async function describeModel(contents: ModelContents, path: string): Promise<ModelDescription> {
  const { imodel } = contents;
  const { low, high } = imodel.projectExtents;
  const counts = [...(await contents.counts()).values()];
  return {
    name: imodel.rootSubject.name,
    path,
    iModelId: imodel.iModelId,
    elements: counts.reduce((sum, count) => sum + count, 0),
    graphics: await hasGraphics(contents),
    extents: { low: low.toArray(), high: high.toArray() },
    ecefLocation: imodel.ecefLocation?.toJSON(),
    jobs: await contents.provenance.jobs(),
  };
}

async function hasGraphics({ imodel }: ModelContents): Promise<boolean> {
  for (const className of ["bis.GeometricElement3d", "bis.GeometricElement2d"]) {
    const ecsql = `SELECT 1 FROM ${className} WHERE GeometryStream IS NOT NULL LIMIT 1`;
    if ((await readRows(imodel, ecsql)).length > 0) return true;
  }
  return false;
}
