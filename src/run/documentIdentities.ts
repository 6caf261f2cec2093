import { basename } from "node:path";
import type { ConnectorJobDefArgs } from "../connector/ConnectorJobDefArgs.js";
import type { DocumentIdentity } from "../sync/DocumentRecorder.js";

/** The source as the connector meets it. */
export interface Source {
  /** Path of the local file. */
  path: string;
  /** What the job is named after: the path, or the URL that the file was fetched from. */
  name: string;
}

/** What the document of a run is known by, where that is not its path; by the paths that a connector may use for it. */
export function documentIdentities(args: ConnectorJobDefArgs, source: Source): Map<string, DocumentIdentity> {
  const { dmsServerUrl, sourcePath = source.path } = args;
  const documentGuid = args.documentGuid?.toLowerCase(); // a GUID is the same in any case, an identifier is not
  if (documentGuid === undefined && dmsServerUrl === undefined) return new Map();
  const identity: DocumentIdentity = {
    identifier: documentGuid ?? source.name,
    url: dmsServerUrl === undefined ? undefined : source.name,
    properties: documentGuid === undefined ? undefined : { docGuid: documentGuid },
  };
  return new Map([source.path, sourcePath, basename(source.path)].map((id) => [id, identity]));
}
