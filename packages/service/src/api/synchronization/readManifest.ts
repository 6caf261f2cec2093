import { posix } from "node:path";
import type { Manifest, ManifestChild, ManifestSourceFile } from "../../platform/database/columns/Manifest.js";
import { invalidValue, type ErrorDetail } from "../../platform/errors.js";
import type { PlannedFile } from "../../runs/planRun.js";
import type { ManifestBody, ManifestChildBody, ManifestFileBody } from "./manifestSchemas.js";

type FileBody = ManifestChildBody & { action?: "bridge" | "unmap" };

/**
 * Reads a manifest, with defaults filled in. What is wrong with it is added to `details`; such a manifest is not to be used.
 * @param isConnectorType - whether a type is known
 */
export function readManifest(
  body: ManifestBody,
  isConnectorType: (type: string) => boolean,
  details: ErrorDetail[],
): Manifest {
  const reader = new ManifestReader(isConnectorType, details);
  return {
    documentAttributeSchemaUrl: reader.url(body.documentAttributeSchemaUrl, "documentAttributeSchemaUrl"),
    sourceFiles: (body.sourceFiles ?? []).flatMap((file, index) =>
      file === null ? [] : [reader.sourceFile(file, `sourceFiles[${index}]`)],
    ),
  };
}

/** What is wrong with a list of more files than the service takes. */
export function findTooMany(count: number, maxItems: number): ErrorDetail[] {
  if (count <= maxItems) return [];
  const message = `${count} files are named, and at most ${maxItems} can be: divide them.`;
  return [{ code: "TooManyItems", message, target: "sourceFiles" }];
}

/** How many files a manifest names, those that others refer to included. */
export function countFiles({ sourceFiles = [] }: ManifestBody): number {
  return sourceFiles.reduce((sum, file) => sum + 1 + (file?.children?.length ?? 0), 0);
}

class ManifestReader {
  private readonly _ids = new Set<string>();

  public constructor(
    private readonly _isConnectorType: (type: string) => boolean,
    private readonly _details: ErrorDetail[],
  ) {}

  public sourceFile(body: ManifestFileBody, target: string): ManifestSourceFile {
    const { action = "bridge", children = [] } = body;
    return {
      ...this._file({ ...body, action }, target),
      action,
      children: children.map((child, index) =>
        this._child({ ...child, action }, body.id, `${target}.children[${index}]`),
      ),
    };
  }

  public url(given: string | undefined, target: string): string | undefined {
    if (given !== undefined && !isWebUrl(given))
      this._details.push(invalidValue(target, `${target} should be a valid URL.`));
    return given;
  }

  private _child(body: FileBody, masterId: string, target: string): ManifestChild {
    const { parentId = masterId } = body;
    if (parentId !== masterId) this._details.push(invalidValue(`${target}.parentId`));
    return { ...this._file(body, target), parentId };
  }

  private _file(body: FileBody, target: string): Omit<ManifestChild, "parentId"> {
    const { id, name = id, url, documentAttribute, documentMetadata } = body;
    this._ensureUnique(id, `${target}.id`);
    if (body.action !== "unmap") this._ensureFetchable(body, target);
    if (!isFileName(name)) this._details.push(invalidValue(`${target}.name`));
    return {
      id,
      name,
      relativePath: this._relativePath(body.relativePath, `${target}.relativePath`),
      url: this.url(url, `${target}.url`) ?? "",
      connectorType: this._connectorType(body, target),
      documentMetadata,
      documentAttribute: documentAttribute && { properties: {}, ...documentAttribute },
    };
  }

  /** What is unmapped is not fetched; everything else must say from where, and how it is called and read. */
  private _ensureFetchable({ name, url, connectorType, connector }: FileBody, target: string): void {
    for (const [property, value] of Object.entries({ name, url, connectorType: connectorType ?? connector }))
      this._ensureThere(value, `${target}.${property}`);
  }

  private _connectorType({ connectorType, connector }: FileBody, target: string): string {
    const type = connectorType ?? connector ?? "";
    if (type !== "" && !this._isConnectorType(type)) this._details.push(invalidValue(`${target}.connectorType`));
    return type;
  }

  private _ensureUnique(id: string, target: string): void {
    if (this._ids.has(id)) this._details.push(invalidValue(target, `The id ${id} is given twice.`));
    this._ids.add(id);
  }

  private _ensureThere(value: string | undefined, target: string): void {
    if (value !== undefined && value !== "") return;
    this._details.push({ code: "MissingRequiredProperty", message: `Required property ${target} is missing.`, target });
  }

  private _relativePath(given: string | null | undefined, target: string): string | null {
    if (given === undefined || given === null || given === "") return null;
    if (!isWithin(given)) this._details.push(invalidValue(target));
    return given;
  }
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
}

// eslint-disable-next-line no-control-regex -- names with control characters are what is looked for
const notInNames = /[\u0000-\u001f\u007f/\\]/;

function isFileName(name: string): boolean {
  return !notInNames.test(name) && name !== "." && name !== "..";
}

/** Whether a relative path stays below the folder that it starts from, on every operating system. */
function isWithin(path: string): boolean {
  const slashed = path.replaceAll("\\", "/");
  if (slashed.startsWith("/") || /^[a-z]:/i.test(slashed) || slashed.includes("\0")) return false;
  const normal = posix.normalize(slashed);
  return normal !== ".." && !normal.startsWith("../");
}

/** The files of a manifest in the order in which they are synchronized: each master, then those that it refers to. */
export function plannedFilesOf({ sourceFiles }: Manifest): PlannedFile[] {
  const planned = (file: Omit<ManifestChild, "parentId">, phase: PlannedFile["phase"]): PlannedFile => ({
    connectorType: file.connectorType,
    fileName: file.name,
    sourceFileId: file.id,
    phase,
  });
  return sourceFiles.flatMap((file) => [
    planned(file, "MasterFile"),
    ...file.children.map((child) => planned(child, "ReferenceFile")),
  ]);
}
