import type { Id64String } from "@itwin/core-bentley";
import type { SourceItem } from "../items/SourceItem.js";
import type { CheckedAttributes } from "./DocumentAttributes.js";
import type { FilePlace } from "./DocumentPlace.js";
import type { DocumentProperties } from "./DocumentProperties.js";

/**
 * What a run knows of a document before its connector records it: a document that came from a document management
 * system is known by its GUID or URL there, not by the path of the local copy that the connector reads.
 * @public
 */
export interface DocumentIdentity {
  /** The identifier that takes the place of the local path. */
  identifier: string;
  /** Where the file lies. */
  place?: FilePlace;
  /** Whether the identifier is only the name of the file, so that its place tells it from others of this name. */
  isFileName?: boolean;
  /** Whether the place is recorded, so that a later run notices that the file has moved. Default: false, as for a copy. */
  recordsPlace?: boolean;
  /** What the document may be known by from before it had this identifier, beside the local path. */
  earlierIdentifier?: string;
  /** What the query of its URL says of it, if nothing else names the document than the URL. */
  query?: string;
  /** The URL of the document, if the connector gives no better one. */
  url?: string;
  /** What a person calls it. Default: the end of the identifier. */
  label?: string;
  /** What else is known of it. */
  properties?: DocumentProperties;
  /** What is said of it in terms of a class of its own. */
  attributes?: CheckedAttributes;
}

/** A document as its connector gives it. */
export interface GivenDocument {
  scopeId: Id64String;
  /** The identifier that the connector uses, with version and checksum. */
  item: SourceItem;
  kind: string;
  /** Where it can be found. Empty if the connector does not know. */
  url: string;
  properties?: DocumentProperties;
}

/** A given document together with what the run knows of it: under the identifier by which the iModel knows it. */
export interface IdentifiedDocument extends GivenDocument {
  label?: string;
  attributes?: CheckedAttributes;
  place?: FilePlace;
  isFileName?: boolean;
  recordsPlace?: boolean;
  query?: string;
  /** The identifiers that it may have had before. */
  earlierIdentifiers: readonly string[];
}

/** Adds to a given document what the run knows of it. What the connector says takes precedence. */
export function identify(given: GivenDocument, identity: DocumentIdentity | undefined): IdentifiedDocument {
  const { id, version, checksum } = given.item;
  const {
    identifier = id,
    earlierIdentifier,
    label,
    attributes,
    place,
    isFileName,
    recordsPlace,
    query,
  } = identity ?? {};
  const properties = propertiesOf(given, identity);
  return {
    ...given,
    item: identity === undefined ? given.item : { id: identifier, version, checksum },
    url: given.url || properties?.desktopURN || (identity?.url ?? ""),
    properties,
    label,
    attributes,
    place,
    isFileName,
    recordsPlace,
    query,
    earlierIdentifiers: [id, earlierIdentifier].flatMap((earlier = identifier) =>
      earlier === identifier ? [] : earlier,
    ),
  };
}

function propertiesOf(given: GivenDocument, identity: DocumentIdentity | undefined): DocumentProperties | undefined {
  if (identity?.properties === undefined) return given.properties;
  return { ...identity.properties, ...given.properties };
}
