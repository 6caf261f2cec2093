import { basename, resolve } from "node:path";
import { folderOfBank } from "../bank/IModelBank.js";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { CheckedAttributes } from "../sync/documents/DocumentAttributes.js";
import type { DocumentIdentity } from "../sync/documents/DocumentIdentity.js";
import { placeOf } from "../sync/documents/DocumentPlace.js";
import { nameOfFetched, withoutQuery } from "./fetchSource.js";
import type { RunOptions } from "./RunOptions.js";
import type { IModelBankArgs, ServerArgs } from "./ServerArgs.js";

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

/** The folder in which the iModel lies, or its bank: what a source moves along with. */
export function folderOfIModel(
  { outputDir }: ConnectorJobDefArgs,
  serverArgs: ServerArgs | IModelBankArgs | undefined,
): string | undefined {
  if (serverArgs === undefined) return outputDir === undefined ? undefined : resolve(outputDir);
  return "url" in serverArgs ? folderOfBank(serverArgs.url) : undefined;
}

/** What is known of a run that says which document its source is. */
export interface IdentifyingArgs {
  args: ConnectorJobDefArgs;
  options: RunOptions;
  iModelFolder: string | undefined;
}

/**
 * What the run knows of its document, by the paths that a connector may use for it.
 * @param attributes - those of the options, once they are known to fit
 */
export function documentIdentities(
  { args, options, iModelFolder }: IdentifyingArgs,
  source: Source,
  attributes: CheckedAttributes | undefined,
): Map<string, DocumentIdentity> {
  const { documentName, documentProperties } = options;
  const { dmsServerUrl, sourcePath = source.path } = args;
  const documentGuid = args.documentGuid?.toLowerCase(); // a GUID is the same in any case, an identifier is not
  const name = nameOfDocument(args, options, source);
  const fileName = basename(source.path);
  const known = {
    earlierIdentifier: documentName ?? (sourcePath === source.path ? undefined : sourcePath),
    url: name,
    label: documentName === undefined ? documentGuid && fileName : basename(documentName),
    properties: documentGuid === undefined ? documentProperties : { ...documentProperties, docGuid: documentGuid },
    attributes,
    place: dmsServerUrl === undefined ? placeOf(source.path, iModelFolder) : undefined,
  };
  const identityOf = (id: string): DocumentIdentity => ({
    ...known,
    identifier: documentGuid ?? name ?? id,
    isFileName: id === fileName && documentGuid === undefined && name === undefined,
  });
  return new Map([source.path, sourcePath, fileName].map((id) => [id, identityOf(id)]));
}

/** What a document is called that does not go by the path of its file. */
export function nameOfDocument(
  { dmsServerUrl }: ConnectorJobDefArgs,
  { documentName }: RunOptions,
  source: Source,
): string | undefined {
  return documentName ?? (dmsServerUrl === undefined ? undefined : source.name);
}
