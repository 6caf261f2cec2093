import { basename, resolve } from "node:path";
import { folderOfBank } from "../bank/IModelBank.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { CheckedAttributes } from "../sync/documents/DocumentAttributes.js";
import type { DocumentIdentity } from "../sync/documents/DocumentIdentity.js";
import { placeOf } from "../sync/documents/DocumentPlace.js";
import { documentQuery } from "./documentQuery.js";
import { nameOfFetched, withoutQuery } from "./fetchSource.js";
import type { RunDocument } from "./runDocument.js";
import type { RunOptions } from "./RunOptions.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

/** The source of a run. */
export interface Source {
  /** Path of the local file. */
  path: string;
  /** What the query of its URL says of the document. */
  query?: string;
  /** What the job is named after: what the document is called, the URL that the file was fetched from, or the path. */
  name: string;
}

/** The source in a local file. */
export function localSource(path: string, { documentName }: RunOptions): Source {
  return { path, name: documentName ?? path };
}

/** The source that lies at a URL, and in a local file of this path. */
export function fetchedSource(path: string, dmsServerUrl: string, { documentName }: RunOptions): Source {
  const url = new URL(dmsServerUrl);
  return { path, name: documentName ?? withoutQuery(url), query: documentQuery(url) };
}

/** The source where it is not read, and need not be there. It has no name where only a GUID tells the document. */
export function unreadSource({ sourcePath, dmsServerUrl }: ConnectorJobDefArgs, { documentName }: RunOptions): Source {
  const file = sourcePath ?? (dmsServerUrl === undefined ? documentName : nameOfFetched(dmsServerUrl));
  const path = file === undefined ? "" : resolve(file);
  return dmsServerUrl === undefined
    ? { path, name: documentName ?? path }
    : fetchedSource(path, dmsServerUrl, { documentName });
}

/** What says which document the source of a run is. */
interface IdentifyingContext {
  args: ConnectorJobDefArgs;
  serverArgs: ServerArgs | IModelBankArgs | undefined;
  options: RunOptions;
}

/** The document of a run. */
export function runDocument({ args, serverArgs, options }: IdentifyingContext, source: Source): RunDocument {
  const isLocal = args.dmsServerUrl === undefined;
  const isNamed = options.documentName !== undefined || args.documentGuid !== undefined;
  return {
    query: isNamed ? undefined : source.query,
    guid: args.documentGuid?.toLowerCase(), // a GUID is the same in any case, an identifier is not
    name: options.documentName ?? (isLocal ? undefined : source.name),
    fullName: source.name,
    place: isLocal ? placeOf(source.path, folderOfIModel(args, serverArgs)) : undefined,
  };
}

/** The folder in which the iModel lies, or its bank: what a source moves along with. */
function folderOfIModel(
  { outputDir }: ConnectorJobDefArgs,
  serverArgs: ServerArgs | IModelBankArgs | undefined,
): string | undefined {
  if (serverArgs === undefined) return outputDir === undefined ? undefined : resolve(outputDir);
  return "url" in serverArgs ? folderOfBank(serverArgs.url) : undefined;
}

/**
 * What the run knows of its document, by the paths that a connector may use for it.
 * @param attributes - those of the options, once they are known to fit
 */
export function documentIdentities(
  context: IdentifyingContext,
  source: Source,
  attributes: CheckedAttributes | undefined,
): Map<string, DocumentIdentity> {
  const { documentName, documentProperties } = context.options;
  const { sourcePath = source.path } = context.args;
  const { guid, name, place, query } = runDocument(context, source);
  const fileName = basename(source.path);
  const known = {
    earlierIdentifier: documentName ?? (sourcePath === source.path ? undefined : sourcePath),
    url: name,
    label: documentName === undefined ? guid && fileName : basename(documentName),
    properties: guid === undefined ? documentProperties : { ...documentProperties, docGuid: guid },
    attributes,
    place,
    query,
  };
  const identityOf = (id: string): DocumentIdentity => {
    const isFileName = id === fileName && guid === undefined && name === undefined;
    const recordsPlace = isFileName || (guid !== undefined && name === undefined); // a name says that the file is a copy
    return { ...known, identifier: guid ?? name ?? id, isFileName, recordsPlace };
  };
  return new Map([source.path, sourcePath, fileName].map((id) => [id, identityOf(id)]));
}
