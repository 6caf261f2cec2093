import { expect } from "chai";
import { itemOf } from "../../../src/connector/stream/entityItem.js";
import type { EntityRelationship, SourceEntity } from "../../../src/connector/stream/SourceEntity.js";

const entity = (relationships: EntityRelationship[], more: Partial<SourceEntity> = {}): SourceEntity => ({
  kind: "Pump",
  id: "P-1",
  data: { power: 5 },
  relationships,
  toElement: () => ({ classFullName: "Plant:Pump" }),
  ...more,
});
const scopes = { keyOf: (id: string) => `key of ${id}` };
const checksumOf = (relationships: EntityRelationship[]) => itemOf(entity(relationships), scopes).checksum;

const feeds = (id: string, scope?: string, properties?: Record<string, unknown>): EntityRelationship => ({
  className: "Plant:Feeds",
  target: { kind: "Pump", id, ...(scope !== undefined && { scope }) },
  ...(properties !== undefined && { properties }),
});
const spare = (id: string): EntityRelationship => ({ property: "spare", target: { kind: "Pump", id } });

describe("The checksum of an entity", () => {
  it("is the same for its relationships in any order", () => {
    const all = [feeds("a"), spare("a"), feeds("b"), feeds("b", "0x1"), feeds("b", "0x1", { flow: 1 }), spare("b")];
    expect(checksumOf(all.toReversed())).to.equal(checksumOf(all));
    expect(checksumOf([...all.slice(3), ...all.slice(0, 3)])).to.equal(checksumOf(all));
  });

  it("does not change the list that it is given", () => {
    const given = Object.freeze([feeds("b"), feeds("a")]);
    expect(itemOf({ ...entity([]), relationships: given }, scopes).checksum).to.equal(checksumOf([...given].reverse()));
  });

  it("is another one for other relationships", () => {
    const known = checksumOf([feeds("a"), spare("b")]);
    const others = [
      [feeds("a")],
      [feeds("a"), feeds("a"), spare("b")],
      [feeds("a"), spare("c")],
      [feeds("a", "0x1"), spare("b")],
      [feeds("a", undefined, { flow: 1 }), spare("b")],
      [{ ...feeds("a"), target: { kind: "Tank", id: "a" } }, spare("b")],
    ];
    for (const other of others) expect(checksumOf(other), JSON.stringify(other)).to.not.equal(known);
  });
});
