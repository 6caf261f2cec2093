import { cpSync } from "node:fs";
import { Guid } from "@itwin/core-bentley";
import { expect } from "chai";
import { guidInNamespace, guidOfGlobalId } from "../src/identity/globalId.js";
import { edit, houseText, lineWith } from "./house.js";
import { IfcTimeline } from "./support.js";

/** What others give for the same GUID: the tests of ifcguid, a Go library, and IfcOpenShell's algorithm. */
const known: readonly (readonly [globalId: string, guid: string])[] = [
  ["01psB8wRo$Y00000000005", "01cf62c8-e9bc-bf88-0000-000000000005"],
  ["0mXQZaOVr7Tf$n6oIcHifF", "3085a8e4-61fd-4776-9ff1-1b24a646ca4f"],
  ["2RjiEtf191gPXHIyomxGKc", "9bb6c3b7-a412-41a9-9851-4bccb0ed0526"],
  ["38WId7FqL6wA$$wiOFxU2_", "c88129c7-3f45-46e8-afff-eac60fede0be"],
  ["3_jNPVoEH4f9R5S10IOBH1", "feb5765f-c8e4-44a4-96c5-70101260b441"],
  ["0000000000000000000000", "00000000-0000-0000-0000-000000000000"],
  ["3$$$$$$$$$$$$$$$$$$$$$", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
];

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";

/** The way there, as the buildingSMART guide describes it: a byte in two digits, then three bytes in four, five times. */
function globalIdOf(guid: string): string {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  const write = (value: number, count: number) =>
    Array.from({ length: count }, (_, place) => digits[Math.floor(value / 64 ** (count - 1 - place)) % 64]).join("");
  const groups = [1, 4, 7, 10, 13].map((start) => write(bytes.readUIntBE(start, 3), 4));
  return write(bytes[0]!, 2) + groups.join("");
}

describe("the GUID of a GlobalId", () => {
  it("is that of other implementations", () => {
    for (const [globalId, guid] of known) expect(guidOfGlobalId(globalId)).to.equal(guid);
  });

  it("leads back to the GlobalId", () => {
    for (let count = 0; count < 1000; count++) {
      const guid = Guid.createValue();
      expect(guidOfGlobalId(globalIdOf(guid))).to.equal(guid);
    }
  });

  it("is undefined for a text that is not a GlobalId", () => {
    for (const text of [
      "",
      "P000000000000000000000",
      "4000000000000000000000",
      "0YvctVUKr0kugbFTf53O9",
      "0YvctVUKr0kugbFTf53O-L",
      "0YvctVUKr0kugbFTf53O9LL",
    ])
      expect(guidOfGlobalId(text), text).to.equal(undefined);
  });

  it("is derived from a name as RFC 9562 describes it", () => {
    const dns = Buffer.from("6ba7b8109dad11d180b400c04fd430c8", "hex");
    expect(guidInNamespace(dns, "www.example.com")).to.equal("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  });
});

describe("the FederationGuid of an element", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));
  const guidsOf = (of: IfcTimeline = timeline) =>
    new Map(
      of
        .query(
          `SELECT a.Identifier id, e.FederationGuid guid, e.ECInstanceId element FROM bis.Element e
           JOIN bis.ExternalSourceAspect a ON a.Element.Id=e.ECInstanceId WHERE a.Kind='IfcRoot'`,
        )
        .map(({ id, guid, element }) => [String(id), { guid: String(guid), element }] as const),
    );
  const wall = lineWith(houseText, "'wall 1.3'");
  const wallId = /'([^']+)'/.exec(wall.line)![1]!;
  const without = edit(houseText, `${wall.line}\n`, "");

  it("is made from the GlobalId, in every iModel", async () => {
    await timeline.sync(houseText);
    const guids = guidsOf();
    expect(guids.size).to.equal(35);
    for (const [id, { guid }] of guids) expect(globalIdOf(guid)).to.equal(id);
  });

  it("stays when the element is replaced, and comes back with an entity that was deleted", async () => {
    await timeline.sync(houseText);
    const before = guidsOf().get(wallId)!;
    await timeline.result(edit(houseText, wall.line, wall.line.replace("=IFCWALL(", "=IFCWALLSTANDARDCASE(")));
    const replaced = guidsOf().get(wallId)!;
    expect(replaced.guid).to.equal(before.guid);
    expect(replaced.element).not.to.equal(before.element);
    await timeline.result(without);
    expect(guidsOf().has(wallId)).to.equal(false);
    await timeline.result(houseText);
    expect(guidsOf().get(wallId)!.guid).to.equal(before.guid);
  });

  it("is another one for the second entity with a GlobalId, the same in every iModel", async () => {
    const second = /'([^']+)'/.exec(lineWith(houseText, "'wall 0.3'").line)![1]!;
    const twice = houseText.replaceAll(second, wallId);
    const result = await timeline.result(twice);
    expect(result.issues.map(({ code }) => code)).to.deep.equal(["ifc/duplicate-global-id"]);
    const guids = guidsOf();
    expect(globalIdOf(guids.get(wallId)!.guid)).to.equal(wallId);
    const derived = guids.get(`${wallId} 2`)!.guid;
    expect(derived[14]).to.equal("5");
    const other = new IfcTimeline();
    await other.sync(twice);
    expect(guidsOf(other).get(`${wallId} 2`)!.guid).to.equal(derived);
  });

  it("is derived for a GlobalId that is not valid", async () => {
    await timeline.sync(houseText.replaceAll(wallId, "not valid"));
    expect(guidsOf().get("not valid")!.guid[14]).to.equal("5");
  });

  it("is another one in a second file with the same entities, and an issue says so", async () => {
    await timeline.sync(houseText);
    const first = guidsOf();
    const other = new IfcTimeline("other.ifc");
    cpSync(timeline.iModel, other.iModel);
    const result = await other.result(houseText);
    const taken = result.issues.filter(({ code }) => code === "ifc/guid-taken");
    expect(taken).to.have.length(1);
    expect(taken[0]!.message).to.contain("35 GlobalIds such as");
    const all = other.query("SELECT FederationGuid guid FROM bis.Element").map(({ guid }) => guid);
    expect(all).to.include.members([...first.values()].map(({ guid }) => guid));
    expect(await other.sync(), "again").to.deep.equal([0, 0, 0]);
  });

  it("goes with an entity that moves to another file, where that is read afterwards", async () => {
    await timeline.sync(houseText);
    const { guid } = guidsOf().get(wallId)!;
    await timeline.sync(without);
    const other = new IfcTimeline("other.ifc");
    cpSync(timeline.iModel, other.iModel);
    await other.result(houseText);
    const rows = other.query("SELECT FederationGuid guid, Name FROM Ifc.IfcWall WHERE Name='wall 1.3'");
    expect(rows).to.deep.equal([{ guid, name: "wall 1.3" }]);
  });
});
