/** What is to be done with a document: bring it in, or remove all that it brought. */
export type ManifestAction = "bridge" | "unmap";

/** The attributes of a document, of a class in the schema at `documentAttributeSchemaUrl`. */
export interface DocumentAttribute {
  /** `Schema:Class` */
  className: string;
  properties: Record<string, unknown>;
}

/** A reference file of a source file. */
export interface ManifestChild {
  id: string;
  parentId?: string;
  name: string;
  relativePath?: string | null;
  url: string;
  connectorType: string;
  documentMetadata?: Record<string, unknown> | null;
  documentAttribute?: DocumentAttribute;
}

/** A source file of a manifest, with its reference files. */
export interface ManifestSourceFile extends Omit<ManifestChild, "parentId"> {
  action: ManifestAction;
  children: ManifestChild[];
}

/** What a run of a manifest connection is to do: run-manifest-connection.md, with defaults filled in. */
export interface Manifest {
  documentAttributeSchemaUrl?: string;
  sourceFiles: ManifestSourceFile[];
}
