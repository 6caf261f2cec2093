import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { IfcAPI } from "web-ifc";
import { Attachments } from "../src/model/relations/Attachments.js";
import { IfcFile } from "../src/model/IfcFile.js";
import { IfcSchema } from "../src/model/editions/IfcSchema.js";
import { Relations } from "../src/model/relations/Relations.js";
import { SliceCutter, type SliceSource } from "../src/model/meshed/SliceCutter.js";
import { webIfc } from "../src/model/editions/webIfc.js";
import { StepFile } from "../src/step/StepFile.js";
import { MeshingOrder } from "../src/worker/MeshingOrder.js";
import { edit, houseText, lineWith } from "./house.js";
import { hasRealFiles, IfcTimeline, realFiles, sharedData } from "./support.js";

/** A file, and web-ifc. */
interface Sliced {
  readonly file: IfcFile;
  readonly source: SliceSource;
  /** The entities with a representation. */
  readonly shown: readonly number[];
}

function openFile(bytes: Buffer): Sliced {
  const step = new StepFile(bytes);
  const schema = IfcSchema.find(step.schema)!;
  const file = new IfcFile(step, schema);
  const shown = [...file.all("IFCPRODUCT")].filter((id) => file.reference(id, "Representation") !== undefined);
  const source = { file, relations: new Relations(step, schema), attachments: new Attachments(file) };
  return { file, source, shown };
}

/** Everything that web-ifc says of entities, as texts: colors, transforms, and the bytes of points and triangles. */
function meshesOf(api: IfcAPI, bytes: Uint8Array, ids: Iterable<number>): Map<number, string> {
  const model = api.OpenModel(bytes);
  const meshes = new Map<number, string>();
  for (const id of ids) {
    const { geometries } = api.GetFlatMesh(model, id);
    const parts: unknown[] = [];
    for (let index = 0; index < geometries.size(); index++) {
      const { geometryExpressID, color, flatTransformation } = geometries.get(index);
      const geometry = api.GetGeometry(model, geometryExpressID);
      const vertices = api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
      const triangles = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize());
      parts.push([geometryExpressID, color, [...flatTransformation], hashOf(vertices), hashOf(triangles)]);
      geometry.delete();
    }
    meshes.set(id, JSON.stringify(parts));
  }
  api.CloseModel(model);
  return meshes;
}

function hashOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash("sha256")
    .update(Buffer.from(buffer, byteOffset, byteLength))
    .digest("hex");
}

/** Cuts a file into slices of a size, and compares what web-ifc makes of them with what it makes of the whole. */
async function expectSame(bytes: Buffer, size: number): Promise<number> {
  const { file, source, shown } = openFile(bytes);
  const api = new webIfc.IfcAPI();
  await api.Init();
  const whole = meshesOf(api, bytes, shown);
  const cutter = new SliceCutter(source, size);
  let slices = 0;
  for (let rest = shown; rest.length > 0; slices++) {
    const { text, entities } = cutter.cut(rest);
    expect(danglingIn(text), "references to what is not in the slice").to.deep.equal([]);
    for (const [id, meshes] of meshesOf(api, text, entities))
      expect(meshes, `${file.typeOf(id)} #${id}`).to.equal(whole.get(id));
    rest = rest.slice(entities.size);
  }
  return slices;
}

function danglingIn(text: Buffer): number[] {
  const content = text.toString("latin1").replace(/'(?:[^']|'')*'/g, "''");
  const defined = new Set([...content.matchAll(/^#(\d+)=/gm)].map(([, id]) => id));
  return [...content.matchAll(/#(\d+)/g)]
    .map(([, id]) => id!)
    .filter((id) => !defined.has(id))
    .map(Number);
}

const addInstances = (text: string, lines: string) => edit(text, "ENDSEC;\nEND-ISO", `${lines}\nENDSEC;\nEND-ISO`);

/** The house with walls as parts of a wall with an opening, and as parts of these: all in one place. */
function houseOfParts(): string {
  const { number, line } = lineWith(houseText, "'wall 0.0'");
  const copy = (id: number) => line.replace(number, `#${id}`).replace(/'[^']+'/, `'A000000000000000000${id}'`);
  return addInstances(
    houseText,
    [
      copy(9001),
      copy(9002),
      `#9003=IFCRELAGGREGATES('A0000000000000000009003',$,$,$,${number},(#9001));`,
      `#9004=IFCRELAGGREGATES('A0000000000000000009004',$,$,$,#9001,(#9002));`,
    ].join("\n"),
  );
}

describe("a slice of an IFC file", () => {
  it("gives the same meshes as the whole sample", async () => {
    expect(await expectSame(Buffer.from(houseText), 1)).to.be.above(20);
    expect(await expectSame(Buffer.from(houseText), 1e9)).to.equal(1);
  });

  it("has the openings of the wholes that an entity is a part of", async () => {
    await expectSame(Buffer.from(houseOfParts()), 1);
  });

  it("has the styles of items and materials, of several the same as the whole", async () => {
    const solid = /(#\d+)=IFCEXTRUDEDAREASOLID\(/.exec(houseText)![1]!;
    const styles = [...houseText.matchAll(/(#\d+)=IFCSURFACESTYLE\(/g)].map(([, number]) => number!);
    for (const order of [styles, styles.toReversed()]) {
      const lines = order.map((style, index) => `#${9001 + index}=IFCSTYLEDITEM(${solid},(${style}),$);`);
      await expectSame(Buffer.from(addInstances(houseText, lines.join("\n"))), 1);
    }
  });

  it("has one entity, where it is the only one to mesh", () => {
    const { source, shown } = openFile(Buffer.from(houseText));
    const { text, entities } = new SliceCutter(source).cut(shown.slice(3, 4));
    expect([...entities]).to.deep.equal([shown[3]]);
    expect(text.length).to.be.below(houseText.length / 4);
  });

  it("ends with the entity that makes it larger than its size", () => {
    const { source, shown } = openFile(Buffer.from(houseText));
    const cutter = new SliceCutter(source, 6000);
    for (let rest = shown; rest.length > 0; rest = rest.slice(cutter.cut(rest).entities.size))
      expect(cutter.cut(rest).text.length).to.be.below(12_000);
  });

  describe(`of the real files (skipped without ${sharedData})`, () => {
    for (const name of realFiles)
      it(`gives the same meshes as the whole ${name}`, async function () {
        if (!hasRealFiles) this.skip();
        const bytes = readFileSync(join(sharedData, `${name}.ifc`));
        expect(await expectSame(bytes, 200_000)).to.be.above(0);
      });
  });

  it("has texts that web-ifc reads as this reader does", async () => {
    const api = new webIfc.IfcAPI();
    await api.Init();
    const wall = Number(lineWith(houseText, "'wall 0.0'").number.slice(1));
    const expected = meshesOf(api, Buffer.from(houseText), [wall]).get(wall);
    for (const name of ["\\S\\' 34 BauO", "\\S\\'' 34 BauO", "C:\\S\\", "C:\\\\S\\\\", "it''s"]) {
      const { source } = openFile(Buffer.from(edit(houseText, "'wall 0.0',$,$", `'${name}',$,$`)));
      const { text } = new SliceCutter(source).cut([wall]);
      expect(meshesOf(api, text, [wall]).get(wall), name).to.equal(expected);
    }
  });

  it("comes of a file with a shifted quote", async () => {
    const timeline = new IfcTimeline();
    await timeline.sync(edit(houseText, "'wall 0.0',$,$", "'\\S\\' 34 BauO',$,$"));
    const [wall] = timeline.query("SELECT Name n, BBoxHigh.X x FROM Ifc.IfcWall WHERE Tag='WALL 0.0'");
    expect(wall!.n).to.equal("§ 34 BauO");
    expect(wall!.x).to.be.closeTo(8, 1e-6);
  });
});

describe("the order of meshing", () => {
  const batch = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  it("foresees those that are sure to be meshed", () => {
    const order = new MeshingOrder(2);
    order.begin(batch);
    order.expect([2, 5, 6]);
    expect(order.nextFrom(2)).to.deep.equal([2, 5, 6]);
    expect(order.nextFrom(5)).to.deep.equal([5, 6]);
  });

  it("foresees one alone, and more where they come one after the other", () => {
    const order = new MeshingOrder(2);
    order.begin(batch);
    expect(order.nextFrom(1)).to.deep.equal([1]);
    expect(order.nextFrom(2)).to.deep.equal([2, 3]);
    expect(order.nextFrom(4)).to.deep.equal([4, 5, 6, 7]);
    order.begin(batch);
    expect(order.nextFrom(5)).to.deep.equal([5]);
    expect(order.nextFrom(9), "not next to it").to.deep.equal([9]);
    expect(order.nextFrom(77), "of another batch").to.deep.equal([77]);
  });
});
