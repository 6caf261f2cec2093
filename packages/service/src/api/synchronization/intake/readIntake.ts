import { planJobs } from "../../../runs/planRun.js";
import type { Manifest, ManifestSourceFile } from "../../../platform/database/columns/Manifest.js";
import type { ErrorDetail } from "../../../platform/errors.js";
import type { ManifestBody } from "../manifestSchemas.js";
import { findTooMany, countFiles, plannedFilesOf, readManifest } from "../readManifest.js";

/** What a manifest may hold. */
export interface IntakeRules {
  /** The connector types that are known. */
  connectorTypes: string[];
  maxItems: number;
}

/** What decides about the run of a manifest beside the manifest. */
export interface PlanRules {
  /** The caller's ids of documents that the manifest names by the ids of their rows. */
  ownIds: ReadonlyMap<string, string>;
  /** Whether the files that others refer to are left out. */
  ignoresAttachments: boolean;
}

/** The columns of a run of a manifest, as JSON. */
export interface ManifestPlan {
  jobs: string;
  manifest: string;
}

/** What is wrong with a manifest, or the ids of its master documents, as a list in JSON. */
export type IntakeFindings = { details: ErrorDetail[] } | { ids: string };

/** An answer with all that is wrong with a large manifest would be large itself. */
const maxDetails = 1000;

/** A manifest that is taken in: read first, and planned when the ids of its documents are known. */
export class ReadIntake {
  private constructor(
    private readonly _manifest: Manifest,
    public readonly findings: IntakeFindings,
  ) {}

  public static of(body: ManifestBody, { connectorTypes, maxItems }: IntakeRules): ReadIntake {
    const types = new Set(connectorTypes);
    const details = findTooMany(countFiles(body), maxItems);
    const manifest: Manifest =
      details.length > 0 ? { sourceFiles: [] } : readManifest(body, (type) => types.has(type), details);
    const ids = JSON.stringify(manifest.sourceFiles.map(({ id }) => id));
    return new ReadIntake(manifest, details.length > 0 ? { details: details.slice(0, maxDetails) } : { ids });
  }

  /** The run of the manifest. */
  public plan({ ownIds, ignoresAttachments }: PlanRules): ManifestPlan {
    const { sourceFiles: given } = this._manifest;
    const sourceFiles = ignoresAttachments ? given.map(withoutAttachments) : given;
    const mapped = ownIds.size === 0 ? sourceFiles : sourceFiles.map((file) => withOwnId(file, ownIds));
    const manifest = { ...this._manifest, sourceFiles: mapped };
    return { jobs: JSON.stringify(planJobs(plannedFilesOf(manifest))), manifest: JSON.stringify(manifest) };
  }
}

/** What a file brought that is removed goes together with that of the files that it refers to. */
function withoutAttachments(file: ManifestSourceFile): ManifestSourceFile {
  return file.action === "unmap" ? file : { ...file, children: [] };
}

function withOwnId(file: ManifestSourceFile, ownIds: ReadonlyMap<string, string>): ManifestSourceFile {
  const id = ownIds.get(file.id);
  return id === undefined
    ? file
    : { ...file, id, children: file.children.map((child) => ({ ...child, parentId: id })) };
}
