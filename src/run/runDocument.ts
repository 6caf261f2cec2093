import { basename } from "node:path";
import type { GuidString } from "@itwin/core-bentley";
import { findOtherFile, type FilePlace } from "../sync/documents/DocumentPlace.js";
import type { JobDocument } from "./jobDocuments.js";

/** The document of a run, as far as the run knows it before its connector does. */
export interface RunDocument {
  /** In lower case. */
  guid?: GuidString;
  /** What it is called, if that is not the path of a local file: a given name, or a URL. */
  name?: string;
  /** What the query of the URL says of it, if nothing else names it than the URL. */
  query?: string;
  /** What the job is named after: the name, or the path. */
  fullName: string;
  /** Where its file lies, if it is not a copy of something at a URL. */
  place?: FilePlace;
}

/** Whether a document that the iModel knows is certainly that of the run. */
export function isDocument(known: JobDocument, { guid, name }: RunDocument): boolean {
  if (guid !== undefined) return known.documentGuid === guid;
  return name !== undefined && known.documentGuid === undefined && known.name === name;
}

/**
 * Whether the document of a job of the same name is another one than that of the run, or may be. If both have a GUID, only
 * the GUIDs are compared. Otherwise they are the same if the job's name contains all that both are called. If it does not,
 * for instance because the job is named after the name of the file alone, their names and places are compared.
 */
export function isOtherDocument(known: JobDocument, document: RunDocument, jobName: string): boolean {
  const { guid, name, fullName } = document;
  if (known.documentGuid !== undefined && guid !== undefined) return known.documentGuid !== guid;
  if (jobName.includes(fullName) && jobName.includes(known.name ?? "")) return false;
  if (known.documentGuid !== undefined || hasOtherName(known, document)) return true;
  return !isFileName(known, name) && liesElsewhere(known, document);
}

/** A document with a name may get a GUID, and be given without the name from then on. */
function hasOtherName(known: JobDocument, { guid, name }: RunDocument): boolean {
  const needsName = guid === undefined || name !== undefined;
  return needsName && known.name !== undefined && known.name !== name;
}

/** Whether the run says that the document is the one of that file name. */
function isFileName({ place }: JobDocument, name: string | undefined): boolean {
  return place !== undefined && basename(place.path) === name;
}

/** A file of another name is one more document of the job, not the same one in another place. */
function liesElsewhere({ place: known }: JobDocument, { place }: RunDocument): boolean {
  if (known === undefined) return false;
  if (place !== undefined && basename(known.path) !== basename(place.path)) return false;
  return findOtherFile(known, place) !== undefined;
}
