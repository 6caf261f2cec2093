import { basename, resolve } from "node:path";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { DocumentIdentity } from "../sync/DocumentRecorder.js";
import { nameOfFetched, withoutQuery } from "./fetchSource.js";
import type { RunOptions } from "./RunOptions.js";

/** The source as the connector meets it. */
export interface Source {
  /** Path of the local file. */
  path: string;
  /** What the job is named after: what the document is called, the URL that the file was fetched from, or the path. */
  name: string;
}

/** The source where it is not read, and need not be there. It has no name where only a GUID tells the document. */
export function unreadSource({ sourcePath, dmsServerUrl }: ConnectorJobDefArgs, { documentName }: RunOptions): Source {
  const file = sourcePath ?? (dmsServerUrl === undefined ? documentName : nameOfFetched(dmsServerUrl));
  const path = file === undefined ? "" : resolve(file);
  return { path, name: documentName ?? (dmsServerUrl === undefined ? path : withoutQuery(new URL(dmsServerUrl))) };
}

/** What the document of a run is known by, where that is not its path; by the paths that a connector may use for it. */
export function documentIdentities(
  args: ConnectorJobDefArgs,
  { documentName }: RunOptions,
  source: Source,
): Map<string, DocumentIdentity> {
  const { dmsServerUrl, sourcePath = source.path } = args;
  const documentGuid = args.documentGuid?.toLowerCase(); // a GUID is the same in any case, an identifier is not
  const name = documentName ?? (dmsServerUrl === undefined ? undefined : source.name);
  const identifier = documentGuid ?? name;
  if (identifier === undefined) return new Map();
  const identity: DocumentIdentity = {
    identifier,
    earlierIdentifier: documentName,
    url: name,
    label: documentName && basename(documentName),
    properties: documentGuid === undefined ? undefined : { docGuid: documentGuid },
  };
  return new Map([source.path, sourcePath, basename(source.path)].map((id) => [id, identity]));
}
