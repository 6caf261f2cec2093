import { readFileSync } from "node:fs";
import { Code } from "@itwin/core-common";
import {
  ConnectorError,
  StreamConnector,
  type ElementTree,
  type EntityContext,
  type EntityRelationship,
  type SchemaDescription,
  type SourceEntity,
} from "itwin-connector-framework";
import { ball } from "../sync/values/scene.js";

/** A part of an item; one with a code is known by it, the others by their order. */
export interface HistoryPart {
  label: string;
  code?: string;
}

/** An item of a source whose history is followed. */
export interface HistoryItem {
  id: string;
  kind: string;
  class: "Pump" | "Valve" | "Group";
  label: string;
  flow: number;
  x?: number;
  code?: string;
  guid?: string;
  parent?: string;
  parts: HistoryPart[];
  feeds: { id: string; rate?: number }[];
  spare?: string;
  notes: string[];
}

/** A document of such a source. */
export interface HistoryDocument {
  items: HistoryItem[];
  /** After so many items the source breaks off. */
  breaksAfter?: number;
}

const schema: SchemaDescription = {
  name: "Story",
  classes: [
    {
      name: "Pump",
      properties: [{ name: "flow", type: "int" }],
      navigations: [{ name: "spare", target: "BisCore:PhysicalElement" }],
    },
    { name: "Valve", properties: [{ name: "flow", type: "int" }] },
    {
      name: "Group",
      baseClass: "BisCore:GroupInformationElement",
      properties: [{ name: "flow", type: "int" }],
    },
    { name: "Note", baseClass: "BisCore:ElementMultiAspect", properties: [{ name: "text", type: "string" }] },
  ],
  links: [
    {
      name: "Feeds",
      source: "BisCore:Element",
      target: "BisCore:Element",
      properties: [{ name: "rate", type: "int" }],
    },
  ],
};

/** The kind of every item is part of its identifier, so that references need no more than that. */
export function kindOf(id: string): string {
  return id.split("-")[0] ?? "";
}

/** A connector whose source is a {@link HistoryDocument} as JSON. */
export default class HistoryConnector extends StreamConnector {
  private _document: HistoryDocument = { items: [] };

  public override getApplicationId = (): string => "history";
  public override getApplicationVersion = (): string => "1.0.0";
  public override getConnectorName = (): string => "History";
  protected override getSchemas = (): SchemaDescription[] => [schema];
  protected override getDefinitions = () => ({
    categories: [{ name: "Equipment" }],
    codeSpecs: [{ name: "Story:Tag" }],
  });

  protected override async openDocument(path: string): Promise<void> {
    this._document = JSON.parse(readFileSync(path, "utf8")) as HistoryDocument;
  }

  protected override *readEntities(): Generator<SourceEntity> {
    const { items, breaksAfter } = this._document;
    for (const [index, item] of items.entries()) {
      if (index === breaksAfter) throw new ConnectorError("history/broken", "The source breaks off.");
      yield entityOf(item);
    }
  }
}

function entityOf(item: HistoryItem): SourceEntity {
  const { id, kind, parent } = item;
  return {
    id,
    kind,
    data: item,
    parent: parent === undefined ? undefined : { kind: kindOf(parent), id: parent },
    relationships: relationshipsOf(item),
    toElement: (context) => elementOf(item, context),
  };
}

function relationshipsOf({ feeds, spare }: HistoryItem): EntityRelationship[] {
  const links = feeds.map(({ id, rate }) => ({
    className: "Story:Feeds",
    target: { kind: kindOf(id), id },
    properties: rate === undefined ? undefined : { rate },
  }));
  return spare === undefined ? links : [...links, { property: "spare", target: { kind: kindOf(spare), id: spare } }];
}

function elementOf(item: HistoryItem, context: EntityContext): ElementTree {
  const model = context.modelFor(
    item.class === "Group" ? "BisCore:GroupInformationElement" : "BisCore:PhysicalElement",
  );
  const codeOf = (value: string | undefined) =>
    value === undefined ? {} : { code: new Code({ spec: context.codeSpecId("Story:Tag"), scope: model, value }) };
  const { label: userLabel, flow, guid: federationGuid, x } = item;
  const placed = x === undefined ? {} : { geom: ball(), placement: { origin: [x, 0, 0], angles: {} } };
  const classFullName = `Story:${item.class}`;
  return {
    element: { classFullName, model, userLabel, flow, federationGuid, ...codeOf(item.code), ...placed },
    childElements: item.parts.map(({ label, code }) => ({
      element: { classFullName: "Story:Valve", model, userLabel: label, ...codeOf(code) },
    })),
    aspects: item.notes.map((text) => ({ classFullName: "Story:Note", text })),
  };
}
