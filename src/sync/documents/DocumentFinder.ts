import { isAbsolute, basename } from "node:path";
import { RepositoryLink } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { IModel } from "@itwin/core-common";
import { ConnectorError } from "../../ConnectorError.js";
import { foldCase } from "../../imodel/foldCase.js";
import { idOrUndefined, queryIds, queryRows } from "../../imodel/queries.js";
import { documentKind, partKind, type ItemKey } from "../provenance/provenanceQueries.js";
import { ProvenanceRecord } from "../provenance/ProvenanceRecord.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";
import type { LinkJson } from "./DocumentElements.js";
import type { IdentifiedDocument } from "./DocumentIdentity.js";
import { findOtherFile, type DocumentPlace } from "./DocumentPlace.js";

/** What the iModel has of a document. */
export interface FoundDocument {
  linkId: Id64String;
  /** The provenance of this connector, or one that no connector claims. */
  record?: ProvenanceRecord;
  /** Under what the record is known, where that is not what it is known by from now on. */
  formerKey?: ItemKey;
}

/** An ExternalSourceAspect of a RepositoryLink. */
interface LinkAspect extends ItemKey {
  record: ProvenanceRecord;
  scopeId: Id64String;
  /** Undefined where no ExternalSource is named. */
  sourceId: Id64String | undefined;
  /** The connector of that source. */
  connectorName: string | undefined;
  /** Whether the source is one of the link itself, as for a document. */
  isOfLink: boolean;
}

/**
 * Finds what the iModel has of a document: what this connector has recorded, else the RepositoryLink that another connector
 * or another framework has made for the same document.
 */
export class DocumentFinder {
  public constructor(private readonly _context: SynchronizationContext) {}

  /**
   * @param isRecorded - whether a link is that of a document that was recorded in this run
   * @throws ConnectorError `source/same-name` where the document may be another one than the one of this name
   */
  public find(document: IdentifiedDocument, isRecorded: (linkId: Id64String) => boolean): FoundDocument | undefined {
    return this._findOwn(document) ?? this._findOther(document, isRecorded);
  }

  /** A document that was known by its path or name before it got its own identity is the same document. */
  private _findOwn(document: IdentifiedDocument): FoundDocument | undefined {
    const { scopeId, kind, item, isFileName } = document;
    const known = this._context.index.find(scopeId, kind, item.id);
    if (known !== undefined) {
      if (isFileName) this._refuseOtherFile(document, known.elementId);
      return { linkId: known.elementId, record: known };
    }
    for (const identifier of document.earlierIdentifiers) {
      const record = this._context.index.find(scopeId, kind, identifier);
      if (record === undefined || this._otherFileOf(document, record.elementId) !== undefined) continue;
      return { linkId: record.elementId, record, formerKey: { kind, identifier } };
    }
    return undefined;
  }

  private _findOther(
    document: IdentifiedDocument,
    isRecorded: (linkId: Id64String) => boolean,
  ): FoundDocument | undefined {
    for (const linkId of this._candidates(document)) {
      const found = isRecorded(linkId) ? undefined : this._match(document, linkId);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Links that are known by any of the document's identifiers, or have one of them as their code. */
  private _candidates(document: IdentifiedDocument): Set<Id64String> {
    const { imodel } = this._context;
    const { scopeId, place } = document;
    const names = new Set([...namesOf(document), ...(place === undefined ? [] : [basename(place.path)])]);
    const ecsql = `
      SELECT a.Element.Id FROM bis.ExternalSourceAspect a JOIN bis.RepositoryLink l ON l.ECInstanceId=a.Element.Id
      WHERE a.Scope.Id=? AND a.Identifier=? ORDER BY a.ECInstanceId`;
    const found = new Set([...names].flatMap((name) => queryIds(imodel, ecsql, [scopeId, { text: name }])));
    for (const name of names) {
      const code = RepositoryLink.createCode(imodel, IModel.repositoryModelId, name);
      const id = imodel.elements.queryElementIdByCode(code);
      if (id !== undefined && imodel.elements.tryGetElement(id, RepositoryLink) !== undefined) found.add(id);
    }
    return found;
  }

  /** What a link has of a document, if it is the same document. */
  private _match(document: IdentifiedDocument, linkId: Id64String): FoundDocument | undefined {
    if (this._otherFileOf(document, linkId) !== undefined) return undefined;
    const aspects = this._readAspects(linkId);
    if (aspects.length === 0) return this._isCodeOf(document, linkId) ? { linkId } : undefined;
    const known = aspects.find((aspect) => aspect.sourceId === undefined && isUnclaimed(document, aspect));
    const own = known ?? aspects.find((aspect) => this._isOwnInOtherCase(document, aspect));
    if (own !== undefined) return { linkId, record: own.record, formerKey: own };
    return aspects.some((aspect) => this._isOfOther(document, aspect, linkId)) ? { linkId } : undefined;
  }

  /** On some systems a path in another case leads to the same file. */
  private _isOwnInOtherCase({ scopeId, kind, item }: IdentifiedDocument, aspect: LinkAspect): boolean {
    const { identifier, isOfLink, connectorName } = aspect;
    if (!isOfLink || connectorName !== this._context.connectorName) return false;
    if (aspect.scopeId !== scopeId || aspect.kind !== kind || !isAbsolute(item.id)) return false;
    return isSameText(identifier, item.id) && findOtherFile({ path: identifier }, { path: item.id }) === undefined;
  }

  /** Another connector may know the document by its path where this one knows it by its name, and the other way round. */
  private _isOfOther(document: IdentifiedDocument, aspect: LinkAspect, linkId: Id64String): boolean {
    const { scopeId, place } = document;
    if (!aspect.isOfLink || aspect.connectorName === this._context.connectorName || aspect.scopeId !== scopeId)
      return false;
    if (namesOf(document).includes(aspect.identifier)) return true;
    return place !== undefined && readPlace(this._context, linkId)?.path === place.path;
  }

  /** A link that stands for nothing yet, but has the code that other frameworks give a document. */
  private _isCodeOf(document: IdentifiedDocument, linkId: Id64String): boolean {
    const { value } = this._context.imodel.elements.getElementProps(linkId).code;
    return value !== undefined && namesOf(document).some((name) => foldCase(name) === foldCase(value));
  }

  private _refuseOtherFile(document: IdentifiedDocument, linkId: Id64String): void {
    const other = this._otherFileOf(document, linkId);
    if (other !== undefined) throw sameName(document.item.id, { known: other, path: document.place?.path ?? "" });
  }

  private _otherFileOf({ place }: IdentifiedDocument, linkId: Id64String): string | undefined {
    const known = readPlace(this._context, linkId);
    return known && findOtherFile(known, place);
  }

  private _readAspects(linkId: Id64String): LinkAspect[] {
    const ecsql = `
      SELECT a.ECInstanceId, a.Version, a.Checksum, a.Scope.Id, a.Kind, a.Identifier, a.Source.Id, s.ConnectorName,
        s.Repository.Id
      FROM bis.ExternalSourceAspect a LEFT JOIN bis.ExternalSource s ON s.ECInstanceId=a.Source.Id
      WHERE a.Element.Id=? AND a.Kind<>'${partKind}' ORDER BY a.ECInstanceId`;
    return queryRows(this._context.imodel, ecsql, [linkId], (row) => ({
      record: new ProvenanceRecord(row.getValueId(0), linkId, row.getValueStringMaybe(1), row.getValueStringMaybe(2)),
      scopeId: row.getValueId(3),
      kind: row.getValueString(4),
      identifier: row.getValueString(5),
      sourceId: idOrUndefined(row, 6),
      connectorName: row.getValueStringMaybe(7),
      isOfLink: idOrUndefined(row, 8) === linkId,
    }));
  }
}

/** A document of another framework, which names no source and may have another kind and its identifier in another case. */
function isUnclaimed(document: IdentifiedDocument, { scopeId, kind, identifier }: LinkAspect): boolean {
  if (scopeId !== document.scopeId || ![documentKind, document.kind].includes(kind)) return false;
  return namesOf(document).some((name) => isSameText(name, identifier));
}

/** What a document may be known by. */
function namesOf({ item, earlierIdentifiers, place }: IdentifiedDocument): string[] {
  return [item.id, ...earlierIdentifiers, ...(place === undefined ? [] : [place.path])];
}

function isSameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function readPlace({ imodel }: SynchronizationContext, linkId: Id64String): DocumentPlace | undefined {
  const json = imodel.elements.getElementProps(linkId).jsonProperties as LinkJson | undefined;
  return json?.DocumentPlace;
}

function sameName(name: string, { known, path }: { known: string; path: string }): ConnectorError {
  return new ConnectorError(
    "source/same-name",
    `The iModel knows a document "${name}" that was read from ${known}, where it still is; ${path} may be another one.`,
    {
      advice:
        `If it is another document, give it a documentName or a documentGuid of its own, or an iModel of its own. ` +
        `If it is the same one, say so with the documentName "${name}".`,
    },
  );
}
