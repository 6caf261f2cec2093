import type { ConnectionKind } from "./kinds.js";

/** What a route says of tokens and errors. */
export interface RouteConfig {
  scopes: string[];
  invalidCode: string;
  namesMissingBody?: boolean;
}

/** The configuration of a route that reads. */
export function reads(invalidCode: string): RouteConfig {
  return { scopes: ["synchronization:read", "synchronization:modify"], invalidCode };
}

/** The configuration of a route that changes something. */
export function modifies(invalidCode: string): RouteConfig {
  return { scopes: ["synchronization:modify"], invalidCode, namesMissingBody: true };
}

/** The codes of 422 answers to requests for connections of a kind, for their source files and for their runs. */
export const invalidCodes = {
  connection: ({ entity }: ConnectionKind) => `Invalid${entity}Request`,
  sourceFile: ({ entity }: ConnectionKind) => `Invalid${entity}SourceFileRequest`,
  run: ({ entity }: ConnectionKind) => `Invalid${entity}RunRequest`,
};

/** In the OpenAPI document. */
export const tags = ["Synchronization"];
