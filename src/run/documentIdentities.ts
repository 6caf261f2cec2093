import { basename, resolve } from "node:path";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { CheckedAttributes } from "../sync/documents/DocumentAttributes.js";
import type { DocumentIdentity } from "../sync/documents/DocumentIdentity.js";
import { nameOfFetched, withoutQuery } from "./fetchSource.js";
import type { RunOptions } from "./RunOptions.js";

/** The source of a run. */
export interface Source {
  /** Path of the local file. */
  path: string;
  /** What the job is named after: what the document is called, the URL that the file was fetched from, or the path. */
  name: string;
}

/** The source in a local file. */
export function localSource(path: string, { documentName }: RunOptions): Source {
  return { path, name: documentName ?? path };
}

/** The source where it is not read, and need not be there. It has no name where only a GUID tells the document. */
export function unreadSource({ sourcePath, dmsServerUrl }: ConnectorJobDefArgs, { documentName }: RunOptions): Source {
  const file = sourcePath ?? (dmsServerUrl === undefined ? documentName : nameOfFetched(dmsServerUrl));
  const path = file === undefined ? "" : resolve(file);
  return { path, name: documentName ?? (dmsServerUrl === undefined ? path : withoutQuery(new URL(dmsServerUrl))) };
}

/**
 * What the run knows of its document, by the paths that a connector may use for it.
 * @param attributes - those of the options, once they are known to fit
 */
export function documentIdentities(
  args: ConnectorJobDefArgs,
  { documentName, documentProperties }: RunOptions,
  source: Source,
  attributes: CheckedAttributes | undefined,
): Map<string, DocumentIdentity> {
  const { dmsServerUrl, sourcePath = source.path } = args;
  const documentGuid = args.documentGuid?.toLowerCase(); // a GUID is the same in any case, an identifier is not
  const name = documentName ?? (dmsServerUrl === undefined ? undefined : source.name);
  const known = {
    earlierIdentifier: documentName,
    url: name,
    label: documentName && basename(documentName),
    properties: documentGuid === undefined ? documentProperties : { ...documentProperties, docGuid: documentGuid },
    attributes,
  };
  if (Object.values(known).every((value) => value === undefined)) return new Map();
  const ids = [source.path, sourcePath, basename(source.path)];
  return new Map(ids.map((id) => [id, { identifier: documentGuid ?? name ?? id, ...known }]));
}
