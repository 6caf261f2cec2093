/** What the two kinds of connections are called in paths and errors. */
export interface ConnectionKind {
  kind: "storage" | "manifest";
  /** In codes of errors, and in their messages. */
  entity: "StorageConnection" | "ManifestConnection";
  /** In paths, below `/synchronization/imodels`. */
  segment: "storageconnections" | "manifestconnections";
  /** The name of a connection that was given none. */
  defaultName: string;
}

export const storageKind: ConnectionKind = {
  kind: "storage",
  entity: "StorageConnection",
  segment: "storageconnections",
  defaultName: "Storage connection",
};

export const manifestKind: ConnectionKind = {
  kind: "manifest",
  entity: "ManifestConnection",
  segment: "manifestconnections",
  defaultName: "Manifest connection",
};

/** Everything of the part lies below this path. */
export const basePath = "/synchronization/imodels";

/** The description of a kind. */
export function kindOf(kind: ConnectionKind["kind"]): ConnectionKind {
  return kind === "storage" ? storageKind : manifestKind;
}
