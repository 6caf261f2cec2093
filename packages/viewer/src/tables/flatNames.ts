import type { ItemProvenance } from "../elements/Provenance.js";
import type { ElementBase } from "./ElementRows.js";

/** The names of the columns that all elements have. Properties cannot have these names. */
export const baseNames = [
  "ECInstanceId",
  "ECClassName",
  "UserLabel",
  "CodeValue",
  "FederationGuid",
  "Model",
  "Category",
  "Parent",
  "LastMod",
] as const;

/** The values of the columns that all elements have. */
export function baseValues(base: ElementBase, className: string): string[] {
  const { id, label, code, federationGuid, model, category, parent, lastModified } = base;
  return [id, className, label, code, federationGuid, model, category, parent, lastModified].map((text) => text ?? "");
}

/** The names of the columns that tell where an element came from. */
export const sourceNames = [
  "Source.Connector",
  "Source.Job",
  "Source.Document",
  "Source.Kind",
  "Source.Identifier",
  "Source.Version",
  "Source.Checksum",
] as const;

/** Where an element came from. What several items differ in stands in one cell, with semicolons between. */
export function sourceValues(items: readonly ItemProvenance[]): string[] {
  const columns = items.map(({ connector, job, document, kind, identifier, version, checksum }) =>
    [connector, job, document?.name, kind, identifier, version, checksum].map((text) => text ?? ""),
  );
  return sourceNames.map((_, index) => [...new Set(columns.map((column) => column[index] ?? ""))].join("; "));
}
