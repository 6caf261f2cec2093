import { ConnectorError } from "itwin-connector-framework";
import type { ManifestsConfig } from "../../platform/config/ServiceConfig.js";
import type { Manifest, ManifestChild, ManifestSourceFile } from "../../platform/database/columns/Manifest.js";
import type { RunTask } from "../../platform/database/columns/RunState.js";
import { documentGuidOf } from "./documentGuid.js";
import type { DocumentOptions } from "../process/messages.js";
import type { TaskSource, TaskSources } from "./TaskSources.js";
import { UrlFetcher } from "./UrlFetcher.js";
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
  private readonly _fetcher: UrlFetcher;
  private _schema?: Promise<object>;

  public constructor(
    private readonly _manifest: Manifest,
    private readonly _iModelId: string,
    config: ManifestsConfig,
  ) {
    this._entries = new Map(_manifest.sourceFiles.flatMap(entriesOf));
    this._fetcher = new UrlFetcher(config);
  }

  public async bring(task: RunTask, folder: WorkFolder, signal: AbortSignal): Promise<TaskSource> {
    const entry = this._entries.get(task.sourceFileId ?? "");
    if (entry === undefined)
      throw new ConnectorError("service/not-in-manifest", `The manifest has no file ${task.sourceFileId}.`);
    const documentName = pathOf(entry.file);
    const path = folder.pathOf(documentName); // refused before anything is fetched
    const document = await this._describe(entry, documentName, signal);
    if (!entry.unmap) await folder.write(documentName, await this._fetcher.open(entry.file.url, signal), signal);
    return { sourcePath: path, documentGuid: documentGuidOf(this._iModelId, entry.file.id), document };
  }

  public async close(): Promise<void> {
    await this._fetcher.close();
  }

  private async _describe(entry: ManifestEntry, documentName: string, signal: AbortSignal): Promise<DocumentOptions> {
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
      documentAttributes: documentAttribute && { ...documentAttribute, schema: await this._readSchema(signal) },
    };
  }

  /** Fetched once for all documents that have attributes; after a failure, anew. */
  private async _readSchema(signal: AbortSignal): Promise<object | undefined> {
    const { documentAttributeSchemaUrl: url } = this._manifest;
    if (url === undefined) return undefined;
    this._schema ??= this._fetcher.readJson(url, signal);
    return this._schema.catch((error: unknown) => {
      this._schema = undefined;
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

/** The relative path of a file is that of its folder, or of itself. */
function pathOf({ name, relativePath }: ManifestChild): string {
  const path = relativePath ?? "";
  if (path === "") return name;
  return path.split(/[/\\]/).at(-1) === name ? path : `${path}/${name}`;
}
