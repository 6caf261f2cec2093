/**
 * What is known of a document beside its content. It is kept on the document's RepositoryLink, whole in
 * `jsonProperties.DocumentProperties`, and the parts that BIS has a place for in that place as well.
 * @public
 */
export interface DocumentProperties {
  /** The GUID of the document in its document management system. Becomes `repositoryGuid`. */
  docGuid?: string;
  /** The GUID of the document that refers to this one. */
  parentGuid?: string;
  /** Where a desktop program finds the document. Becomes `url`, unless the caller knows a better one. */
  desktopURN?: string;
  /** Where a browser finds the document. */
  webURN?: string;
  /** Attributes of the document, as a JSON string. */
  attributesJson?: string;
  /** The change history of the document, as a JSON string. */
  changeHistoryJson?: string;
  /** The transform from the document's to the iModel's coordinates, as a JSON string. */
  spatialRootTransformJson?: string;
}
