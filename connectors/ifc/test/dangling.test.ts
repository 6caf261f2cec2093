import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { isLongTest } from "../../../test/support/long.js";
import type { ReportedIssue } from "../src/model/records.js";
import { StepFile } from "../src/step/StepFile.js";
import { IfcThread } from "../src/worker/IfcThread.js";
import { houseText } from "./house.js";
import { placedFile } from "./placedFile.js";
import { IfcTimeline } from "./support.js";

const missing = 999999;

describe("a reference to an instance that is not in the file", () => {
  const texts = (values: readonly unknown[]) => JSON.stringify(values);
  const file = (...lines: string[]) =>
    Buffer.from(`ISO-10303-21;\nFILE_SCHEMA(('IFC4'));\n${lines.join("\n")}\nEND-ISO-10303-21;\n`);

  describe("is taken out of the bytes", () => {
    const cases: [what: string, line: string, right: string][] = [
      ["an attribute", "#1=A('x',#9,2);", '["x",null,2]'],
      ["the last attribute", "#1=A(#9);", "[null]"],
      ["the first of a list", "#1=A((#9,#1),3);", '[[{"id":1}],3]'],
      ["the last of a list", "#1=A((#1 , #9 ),3);", '[[{"id":1}],3]'],
      ["in the middle of a list", "#1=A((#1,#9,#1));", '[[{"id":1},{"id":1}]]'],
      ["all of a list", "#1=A((#9,#8,#7),1);", "[[],1]"],
      ["lists in a list", "#1=A(((#9),(#1,#9)));", '[[[],[{"id":1}]]]'],
      ["a value with a type", "#1=A(B(#9));", '[{"type":"B","value":null}]'],
      ["of a list behind a comment", "#1=A(/* */(#1,/* */#9),(#8));", '[[{"id":1}],[]]'],
      ["behind texts and comments", "#1=A('#8,(''',/* #7, ( */#9);", '["#8,(\'",null]'],
    ];
    for (const [what, line, right] of cases)
      it(`as ${what}`, () => {
        const step = new StepFile(file(line));
        expect(texts(step.valuesOf(1))).to.equal(right);
        expect(step.dangling.length).to.be.greaterThan(0);
        const again = new StepFile(file(`#1=A${step.bytesOf(1)!.toString().split("\n")[0]}`));
        expect(again.dangling, "read again").to.deep.equal([]);
      });

    it("and reported with its attribute, and not one to an instance that comes later", () => {
      const step = new StepFile(file("#1=A($,(#2,#3),#4);", "#2=B();", "#4=B();"));
      expect(step.dangling).to.deep.equal([{ from: 1, attribute: 1, isInList: true, to: 3 }]);
    });
  });

  describe("in a file is an issue with line and number, and the rest is imported:", () => {
    const pset = "IFCPROPERTYSET('0YvctVUKr0kugbFTf53O9P',$,'Pset_A',$,";
    const wall = "IFCWALL('0YvctVUKr0kugbFTf53O9W',$,'Wall',$,$,$,$,$,$)";
    const cases: [what: string, lines: string[], query: string, row: object][] = [
      [
        "a property set",
        ["#901=IFCRELDEFINESBYPROPERTIES('0YvctVUKr0kugbFTf53O9R',$,$,$,(#900),#999);"],
        "SELECT Name FROM Ifc.IfcWall",
        { name: "Wall" },
      ],
      [
        "a property",
        [
          "#901=IFCRELDEFINESBYPROPERTIES('0YvctVUKr0kugbFTf53O9R',$,$,$,(#900),#902);",
          "#902=IFCPROPERTYSET('0YvctVUKr0kugbFTf53O9P',$,'A',$,(#903,#999));",
          "#903=IFCPROPERTYSINGLEVALUE('x',$,IFCLABEL('y'),$);",
        ],
        "SELECT x FROM Ifc.A",
        { x: "y" },
      ],
      [
        "a material",
        [
          "#901=IFCRELASSOCIATESMATERIAL('0YvctVUKr0kugbFTf53O9R',$,$,$,(#900),#999);",
          `#902=${pset}(#903));`,
          "#903=IFCPROPERTYSINGLEVALUE('x',$,IFCLABEL('y'),#998);",
          "#904=IFCRELDEFINESBYPROPERTIES('0YvctVUKr0kugbFTf53O9S',$,$,$,(#900,#997),#902);",
        ],
        "SELECT x FROM Ifc.Pset_A",
        { x: "y" },
      ],
      [
        "a unit",
        [
          "#901=IFCRELDEFINESBYPROPERTIES('0YvctVUKr0kugbFTf53O9R',$,$,$,(#900),#902);",
          `#902=${pset}(#903));`,
          "#903=IFCPROPERTYSINGLEVALUE('x',$,IFCREAL(2.),#999);",
        ],
        "SELECT x FROM Ifc.Pset_A",
        { x: 2 },
      ],
    ];
    for (const [what, lines, query, row] of cases)
      it(what, async () => {
        const timeline = new IfcTimeline();
        const text = placedFile({ lines: [`#900=${wall};`, ...lines] });
        const result = await timeline.result(text);
        const found = result.issues.filter(({ code }) => code === "ifc/dangling").map(({ message }) => message);
        const broken = lines.flatMap((line) => [...line.matchAll(/#99\d/g)].map(([number]) => ({ line, number })));
        expect(found).to.have.length(broken.length);
        for (const { line, number } of broken) {
          const place = `${line.split("=")[0]} (line ${text.split("\n").indexOf(line) + 1})`;
          expect(found.some((message) => message.includes(place) && message.includes(`${number},`))).to.equal(true);
        }
        expect(timeline.query(query)).to.deep.equal([row]);
        expect(await timeline.sync(text.replace("'m.ifc'", "'n.ifc'")), "the same again").to.deep.equal([0, 0, 0]);
      });
  });

  it("does not let a body stand at the origin by accident: it has no geometry, and an issue", async () => {
    const timeline = new IfcTimeline();
    const storey = /(#\d+)=IFCLOCALPLACEMENT\((#\d+),#\d+\);/.exec(houseText)!;
    const text = houseText.replace(storey[0], storey[0].replace(storey[2]!, `#${missing}`));
    const result = await timeline.result(text);
    const incomplete = result.issues.filter(({ code }) => code === "ifc/body-incomplete");
    expect(incomplete[0]!.message).to.match(
      /^Ifc\w+ "[^"]+": PlacementRelTo of IfcLocalPlacement #\d+ \(line \d+\) refers/,
    );
    expect(timeline.count("SELECT 1 FROM Ifc.IfcElement")).to.equal(19);
    const shown = timeline.query("SELECT count(*) n FROM bis.GeometricElement3d WHERE GeometryStream IS NOT NULL");
    expect(shown).to.deep.equal([{ n: 27 - incomplete.length }]);
  });

  describe("anywhere in the house", () => {
    let base: Reading;
    const references = referencesOf(houseText);
    const lines = houseText.split("\n");
    before(async () => (base = await read(houseText)));

    const step = isLongTest ? 1 : 29; // a prime, so that the sample meets all places of an instance
    for (let first = 0; first < references.length; first += step * 10)
      it(`leaves everything there that is unrelated (reference ${first} and on)`, async () => {
        for (let index = first; index < Math.min(first + step * 10, references.length); index += step)
          await check(references[index]!);
      });

    async function check({ offset, length }: Reference): Promise<void> {
      const text = `${houseText.slice(0, offset)}#${missing}${houseText.slice(offset + length)}`;
      const line = houseText.slice(0, offset).split("\n").length;
      const what = `line ${line}: ${lines[line - 1]!.slice(0, 100)}`;
      const reading = await read(text);
      const own = reading.issues.filter(({ code }) => code === "ifc/dangling");
      expect(own.map(({ message }) => message).join("\n"), what).to.match(
        new RegExp(`\\(line ${line}\\) refers to #${missing},`),
      );
      expect(
        reading.issues.filter(({ code }) => code === "ifc/web-ifc" || code === "ifc/body-failed"),
        what,
      ).to.deep.equal([]);
      expect([...reading.meshes.keys()], what).to.have.members([...base.meshes.keys()]);
      const related = relatedTo(houseText, Number(/^#(\d+)/.exec(lines[line - 1]!)![1]));
      for (const [id, count] of base.meshes)
        if (!related.has(id)) expect(reading.meshes.get(id), `#${id}, ${what}`).to.equal(count);
    }
  });
});

interface Reference {
  offset: number;
  length: number;
}

/** All references of a file, without the numbers of its instances. */
function referencesOf(text: string): Reference[] {
  const found = text.matchAll(/'(?:[^']|'')*'|#\d+\b(?!\s*=)/g);
  return [...found]
    .filter(([all]) => all.startsWith("#"))
    .map(({ 0: all, index }) => ({ offset: index, length: all.length }));
}

/** What lies on the way to an instance: what refers to it, and walls whose openings do. Relationships tell nothing else of geometry. */
function relatedTo(text: string, id: number): Set<number> {
  const instances = [...text.matchAll(/^#(\d+)=(\w+)\((.*)\);/gm)].map(([, number, type, values]) => ({
    id: Number(number),
    refersTo: [...values!.replace(/'(?:[^']|'')*'/g, "").matchAll(/#(\d+)/g)].map(([, to]) => Number(to)),
    type: type!,
  }));
  const related = new Set([id]);
  for (let size = 0; size < related.size;) {
    size = related.size;
    for (const { id: from, refersTo, type } of instances) {
      if (refersTo.some((to) => related.has(to)) && !type.startsWith("IFCREL")) related.add(from);
      if (type === "IFCRELVOIDSELEMENT" && (related.has(from) || related.has(refersTo.at(-1)!)))
        related.add(refersTo[0]!);
    }
  }
  return related;
}

interface Reading {
  issues: ReportedIssue[];
  /** How many meshes each entity has, by instance. */
  meshes: Map<number, number>;
}

/** Reads all of a file as a run does, without an iModel. */
async function read(text: string): Promise<Reading> {
  const path = join(temporaryFolder(), "house.ifc");
  writeFileSync(path, text);
  const issues: ReportedIssue[] = [];
  const listener = { onIssue: (issue: ReportedIssue) => void issues.push(issue), onProgress: () => undefined };
  const data = { path, options: { chordTolerance: 0.002 }, threads: 1, isNew: false };
  const thread = new IfcThread(data, path, listener);
  try {
    const survey = await thread.ask("survey");
    await thread.ask("place");
    const records = await thread.ask("records", 0, survey.entities);
    const meshes = new Map<number, number>();
    for (const { instance } of records) meshes.set(instance, (await thread.ask("details", instance)).meshes.length);
    issues.push(...(await thread.ask("finish")));
    expect(readFileSync(path, "utf8")).to.equal(text);
    return { issues: [...survey.issues, ...issues], meshes };
  } finally {
    await thread.end();
  }
}
