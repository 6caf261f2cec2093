import { definedOf } from "./definedOf.js";
import { basename } from "node:path";
import { RepositoryLink, type IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, IModel, type RepositoryLinkProps } from "@itwin/core-common";
import type { CheckedAttributes } from "./DocumentAttributes.js";
import type { IdentifiedDocument } from "./DocumentIdentity.js";
import { hasMoved, type DocumentPlace } from "./DocumentPlace.js";
import type { DocumentProperties } from "./DocumentProperties.js";
import type { ElementReplacer } from "../elements/ElementReplacer.js";
import type { SynchronizationContext } from "../provenance/SynchronizationContext.js";

/** The JSON properties of a RepositoryLink that the framework writes. */
export interface LinkJson {
  DocumentProperties?: DocumentProperties;
  /** Where the file lay, for a document that is known by the name of its file or by its GUID alone. */
  DocumentPlace?: DocumentPlace;
  /** What the query of its URL says of a document that is known by the URL, which is recorded without query. */
  DocumentQuery?: string;
  /** The attributes as they were given last, so that they are written only when they change. */
  DocumentAttributes?: CheckedAttributes["given"];
}

type LinkProps = Pick<RepositoryLinkProps, "url" | "userLabel" | "repositoryGuid"> & { jsonProperties?: LinkJson };

/** What the caller knows of a document that has an element. */
export interface KnownState {
  /** The provenance that the caller looks after; that of others moves with the element. */
  ownAspectId: Id64String | undefined;
  isUnchanged: boolean;
}

/** Writes the elements that stand for documents: RepositoryLinks, or ones of a class of their own. */
export class DocumentElements {
  public constructor(
    private readonly _context: SynchronizationContext,
    private readonly _replacer: ElementReplacer,
  ) {}

  private get _imodel(): IModelDb {
    return this._context.imodel;
  }

  /** Inserts the element of a document. */
  public insert(document: IdentifiedDocument): RepositoryLink {
    const { item, attributes } = document;
    const { code = this._findCode(item.id) ?? Code.createEmpty() } = this._codeProps(undefined, attributes);
    const id = this._imodel.elements.insertElement({
      classFullName: attributes?.element?.classFullName ?? RepositoryLink.classFullName,
      model: IModel.repositoryModelId,
      code,
      userLabel: basename(item.id),
      ...linkProps(document),
    });
    this._writeAspect(id, attributes);
    return this._read(id);
  }

  /**
   * Brings the element of a document up to date. An element of another class takes its place where its attributes say so.
   * While a document is unchanged, nothing is written only because its file has moved together with the iModel.
   */
  public update(
    linkId: Id64String,
    document: IdentifiedDocument,
    { ownAspectId, isUnchanged }: KnownState,
  ): RepositoryLink {
    const link = this._read(linkId);
    const classFullName = document.attributes?.element?.classFullName ?? link.classFullName;
    const { DocumentPlace: known } = link.jsonProperties as LinkJson;
    this._reportMove(linkId, known, document);
    const keepsPlace = isUnchanged && known !== undefined && known.fromIModel === document.place?.fromIModel;
    const wanted = linkProps(document, keepsPlace);
    if (isCurrent(link, wanted) && link.classFullName === classFullName) return link;
    const props = {
      ...wanted,
      ...this._codeProps(linkId, document.attributes),
      jsonProperties: { ...(link.jsonProperties as LinkJson), ...wanted.jsonProperties },
    };
    this._deleteFormerAspect(link, document.attributes);
    const newId =
      link.classFullName === classFullName
        ? this._update(link, props, document.attributes)
        : this._replace(link, { ...keptProps(link), ...props, classFullName }, ownAspectId);
    this._writeAspect(newId, document.attributes, (link.jsonProperties as LinkJson).DocumentAttributes);
    return this._read(newId);
  }

  /** The file may be another one, even where the former one is gone, as on a share that is not mounted. */
  private _reportMove(
    elementId: Id64String,
    known: DocumentPlace | undefined,
    { place, item, label, ...document }: IdentifiedDocument,
  ): void {
    if (!document.recordsPlace || place === undefined || known === undefined || !hasMoved(known, place)) return;
    const message = `The document "${label ?? item.id}" was read from ${known.path} before, and is read from ${place.path} now.`;
    this._context.statistics.report({ code: "source/moved", message, elementId });
  }

  private _read(linkId: Id64String): RepositoryLink {
    return this._imodel.elements.getElement<RepositoryLink>(linkId);
  }

  private _update(link: RepositoryLink, props: LinkProps, attributes: CheckedAttributes | undefined): Id64String {
    const { DocumentAttributes: known } = link.jsonProperties as LinkJson;
    const cleared = attributes?.element && clearedProps(known, attributes);
    this._imodel.elements.updateElement({ id: link.id, ...cleared, ...props });
    return link.id;
  }

  private _replace(link: RepositoryLink, props: RepositoryLinkProps, ownAspectId: Id64String | undefined): Id64String {
    let id = link.id;
    const insert = () => ({ element: { id: (id = this._imodel.elements.insertElement(props)) } });
    this._replacer.replace(link.id, insert, ownAspectId);
    this._context.statistics.elementsInserted++;
    return id;
  }

  /** The code that attributes ask for, unless another element has it, which is reported. */
  private _codeProps(linkId: Id64String | undefined, attributes: CheckedAttributes | undefined): { code?: Code } {
    const value = attributes?.codeValue;
    if (value === undefined) return {};
    const code = this._findCode(value, linkId);
    if (code !== undefined) return { code };
    this._context.statistics.report({
      code: "document/code-taken",
      message: `A document does not get the code ${value} of its attributes, because another one has it.`,
      elementId: linkId,
    });
    return {};
  }

  private _findCode(value: string, ownId?: Id64String): Code | undefined {
    const code = RepositoryLink.createCode(this._imodel, IModel.repositoryModelId, value);
    const holder = this._imodel.elements.queryElementIdByCode(code);
    return holder === undefined || holder === ownId ? code : undefined;
  }

  private _writeAspect(
    linkId: Id64String,
    attributes: CheckedAttributes | undefined,
    known?: CheckedAttributes["given"],
  ): void {
    if (attributes?.aspect === undefined) return;
    const { classFullName, props, relClassName } = attributes.aspect;
    const written = { classFullName, element: { id: linkId, relClassName }, ...props };
    const [former] = this._imodel.elements.getAspects(linkId, classFullName);
    if (former === undefined) this._imodel.elements.insertAspect(written);
    else this._imodel.elements.updateAspect({ ...clearedProps(known, attributes), ...written, id: former.id });
  }

  /** An aspect of the class that the attributes had before. */
  private _deleteFormerAspect(link: RepositoryLink, attributes: CheckedAttributes | undefined): void {
    const className = (link.jsonProperties as LinkJson).DocumentAttributes?.className;
    if (attributes === undefined || className === undefined) return;
    if (className === attributes.given.className || className === link.classFullName) return;
    for (const { id } of this._imodel.elements.getAspects(link.id, className)) this._imodel.elements.deleteAspect(id);
  }
}

/** What an element of another class has of a document as well. */
function keptProps({
  model,
  code,
  federationGuid,
  userLabel,
  url,
  description,
  format,
  repositoryGuid,
}: RepositoryLink) {
  return { model, code, federationGuid, userLabel, url, description, format, repositoryGuid };
}

/** The properties that attributes gave before and do not give any more. */
function clearedProps(
  known: CheckedAttributes["given"] | undefined,
  { given }: CheckedAttributes,
): Record<string, undefined> {
  if (known?.className !== given.className) return {};
  const names = Object.keys(known.properties).filter((name) => !(name in given.properties));
  return Object.fromEntries(names.map((name) => [name.charAt(0).toLowerCase() + name.slice(1), undefined]));
}

/** The properties of the element of a document; only those about which something is known. */
function linkProps(document: IdentifiedDocument, keepsPlace = false): LinkProps {
  const { url, label, properties, attributes } = document;
  const props: LinkProps = { ...attributes?.element?.props };
  props.url ??= url || undefined;
  props.userLabel = attributes?.userLabel ?? label;
  props.repositoryGuid = properties?.docGuid;
  props.jsonProperties = jsonProps(document, keepsPlace);
  return definedOf(props);
}

function jsonProps({ properties, attributes, place, recordsPlace, query }: IdentifiedDocument, keepsPlace: boolean) {
  const json: LinkJson = {
    DocumentProperties: properties,
    DocumentAttributes: attributes?.given,
    DocumentQuery: query,
  };
  if (place !== undefined && recordsPlace && !keepsPlace)
    json.DocumentPlace = definedOf({ path: place.path, fromIModel: place.fromIModel });
  const defined = definedOf(json);
  return Object.keys(defined).length === 0 ? undefined : defined;
}

/** Whether an element says what is known of its document; what is not known does not count. */
function isCurrent(link: RepositoryLink, { url, userLabel, repositoryGuid, jsonProperties }: LinkProps): boolean {
  const known = link.jsonProperties as LinkJson;
  const pairs = [
    [url, link.url],
    [userLabel, link.userLabel],
    [repositoryGuid?.toLowerCase(), link.repositoryGuid?.toLowerCase()],
    [JSON.stringify(jsonProperties?.DocumentProperties), JSON.stringify(known.DocumentProperties)],
    [JSON.stringify(jsonProperties?.DocumentAttributes), JSON.stringify(known.DocumentAttributes)],
    [JSON.stringify(jsonProperties?.DocumentPlace), JSON.stringify(known.DocumentPlace)],
    [jsonProperties?.DocumentQuery, known.DocumentQuery],
  ];
  return pairs.every(([wanted, current]) => wanted === undefined || wanted === current);
}
