import { randomUUID } from "node:crypto";
import { ConnectorError } from "itwin-connector-framework";
import type { Manifest, ManifestChild, ManifestSourceFile } from "../../platform/database/columns/Manifest.js";
import type { RunTask } from "../../platform/database/columns/RunState.js";
import { documentGuidOf } from "./documentGuid.js";
import type { DocumentOptions } from "../process/messages.js";
import type { FetchProcess } from "./FetchProcess.js";
import type { TaskSource, TaskSources } from "./TaskSources.js";
import type { WorkFolder } from "./WorkFolder.js";

/** A file of a manifest, with what its place there means for it. */
interface ManifestEntry {
  file: ManifestChild;
  /** Whether all that it brought is to be removed; so for the reference files of a file that is. */
  unmap: boolean;
  /** The id of the file that refers to it. */
  parentId?: string;
}

/** The files that a manifest names. A document is known by the id that its owner gives it. */
export class ManifestSources implements TaskSources {
  private readonly _entries: Map<string, ManifestEntry>;
  private _schemaPath?: Promise<string>;

  public constructor(
    private readonly _manifest: Manifest,
    private readonly _iModelId: string,
    private readonly _fetcher: FetchProcess,
  ) {
    this._entries = new Map(_manifest.sourceFiles.flatMap(entriesOf));
  }

  public async bring(task: RunTask, folder: WorkFolder, signal: AbortSignal): Promise<TaskSource> {
    const entry = this._entries.get(task.sourceFileId ?? "");
    if (entry === undefined)
      throw new ConnectorError("service/not-in-manifest", `The manifest has no file ${task.sourceFileId}.`);
    const documentName = pathOf(entry.file);
    const { url, documentAttribute } = entry.file;
    const source: TaskSource = {
      sourcePath: folder.pathOf(documentName), // refused before anything is fetched
      documentGuid: documentGuidOf(this._iModelId, entry.file.id),
      document: this._describe(entry, documentName),
    };
    if (entry.unmap) return source;
    const attributeSchemaPath = documentAttribute && (await this._bringSchema(folder, signal));
    await folder.put(documentName, (path) => this._fetcher.fetch({ url, path }, signal));
    return { ...source, attributeSchemaPath };
  }

  public async close(): Promise<void> {
    this._fetcher.close();
  }

  private _describe(entry: ManifestEntry, documentName: string): DocumentOptions {
    if (entry.unmap) return { documentName, unmap: true };
    const { documentMetadata, documentAttribute } = entry.file;
    const { parentId } = entry;
    const properties = {
      attributesJson: documentMetadata ? JSON.stringify(documentMetadata) : undefined,
      parentGuid: parentId === undefined ? undefined : documentGuidOf(this._iModelId, parentId),
    };
    const hasProperties = Object.values(properties).some((value) => value !== undefined);
    return {
      documentName,
      documentProperties: hasProperties ? properties : undefined,
      documentAttributes: documentAttribute,
    };
  }

  /** Fetched once for all documents that have attributes; after a failure, again. The connector's process reads it. */
  private async _bringSchema(folder: WorkFolder, signal: AbortSignal): Promise<string | undefined> {
    const { documentAttributeSchemaUrl: url } = this._manifest;
    if (url === undefined) return undefined;
    const fetch = (path: string) => this._fetcher.fetch({ url, path, isJson: true }, signal);
    this._schemaPath ??= folder.put(`${randomUUID()}.json`, fetch); // no file of the manifest has this name
    return this._schemaPath.catch((error: unknown) => {
      this._schemaPath = undefined;
      throw error;
    });
  }
}

function entriesOf(file: ManifestSourceFile): [string, ManifestEntry][] {
  const unmap = file.action === "unmap";
  const children = file.children.map((child): [string, ManifestEntry] => [
    child.id,
    { file: child, unmap, parentId: child.parentId ?? file.id },
  ]);
  return [[file.id, { file, unmap }], ...children];
}

/** The path of a file below the folder of the run. Its relative path is that of its folder, or of itself. */
export function pathOf({ name, relativePath }: Pick<ManifestChild, "name" | "relativePath">): string {
  const path = relativePath ?? "";
  if (path === "") return name;
  return path.split(/[/\\]/).at(-1) === name ? path : `${path}/${name}`;
}
