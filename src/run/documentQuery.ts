import type { IModelDb } from "@itwin/core-backend";
import { ConnectorError } from "../ConnectorError.js";
import { readJobDocuments } from "./jobDocuments.js";
import type { RunDocument } from "./runDocument.js";

/** Parameters that sign a URL, say until when and for whom, or ask for one version: they differ from time to time. */
const signing = [
  /^x-(amz|goog|oss|ms|cos|obs|bce|tos)-/,
  /^q-(ak|sign|key-time|header-list|url-param-list)/,
  /^(awsaccesskeyid|googleaccessid|ossaccesskeyid|key-pair-id|policy|hdnea|x-id|versionid)$/,
  /^(sig|hmac|jwt|sid|nonce|ts|timestamp|_)$/,
  /^exp(ires?|iry|iration)?(on|at|in|[-_].*)?$/,
  /token|signature|secret|passw|credential|tempauth|session|api[-_]?key|access[-_]?key/,
  /^auth(?!or)/,
];

/** Parameters of a shared access signature of Azure, which mean something else where there is no `sig`. */
const signedAccess = /^(s[eprvstki]|spr|sip|srt|sdd|skoid|sktid|skt|ske|sks|skv|saoid|suoid|scid|rsc[cdelt]|snapshot)$/;

/** What the query of a URL says of the document: its parameters without those of a signature, in order. */
export function documentQuery({ searchParams }: URL): string {
  const names = [...searchParams.keys()].map((name) => name.toLowerCase());
  const patterns = names.includes("sig") ? [...signing, signedAccess] : signing;
  const telling = new URLSearchParams(
    [...searchParams].filter(([name]) => !patterns.some((pattern) => pattern.test(name.toLowerCase()))),
  );
  telling.sort();
  return telling.toString();
}

/**
 * Refuses a URL that differs only in its query from that of a document that the iModel knows: one URL may lead to several
 * documents.
 * @throws ConnectorError `source/other-query`
 */
export function refuseOtherQuery(imodel: IModelDb, { name, query }: RunDocument): void {
  if (query === undefined) return;
  const roots = readJobDocuments(imodel, "SynchronizationConfigSpecifiesRootSources");
  const known = roots.find((root) => root.name === name && root.query !== undefined && root.query !== query);
  if (known === undefined) return;
  throw new ConnectorError(
    "source/other-query",
    `The iModel knows the document ${name} with ${described(known.query)}; the one with ${described(query)} may be another one.`,
    {
      advice:
        "If it is another document, give it a documentName or a documentGuid of its own, or an iModel of its own. " +
        `If it is the same one, say so with the documentName "${name}".`,
    },
  );
}

function described(query: string | undefined): string {
  return query ? `the query "${query}"` : "no query";
}
