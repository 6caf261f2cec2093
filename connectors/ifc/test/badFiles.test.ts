import { existsSync } from "node:fs";
import { expect } from "chai";
import { edit, houseText, renumber } from "./house.js";
import { IfcTimeline } from "./support.js";

describe("a bad IFC file", () => {
  let timeline: IfcTimeline;
  beforeEach(() => (timeline = new IfcTimeline()));
  const codes = async (content: string | Uint8Array) => (await timeline.result(content)).issues.map(({ code }) => code);

  describe("is refused, with its place and without an iModel,", () => {
    const refused: [what: string, content: string | Uint8Array, code: string, line?: number][] = [
      [
        "when it is cut off within an instance",
        houseText.slice(0, 10_000),
        "ifc/cut-off",
        houseText.slice(0, 10_000).split("\n").length,
      ],
      ["when it is cut off within a text", houseText.slice(0, houseText.indexOf("A small house") + 5), "ifc/cut-off"],
      ["when it is cut off between two instances", houseText.slice(0, houseText.indexOf("\n#40=") + 1), "ifc/cut-off"],
      ["when it is cut off behind the data", edit(houseText, "END-ISO-10303-21;", ""), "ifc/cut-off"],
      ["when it is empty", "", "ifc/not-ifc", 1],
      ["when it is something else", "Hello, world;", "ifc/not-ifc", 1],
      ["when it is binary", new Uint8Array(1000).map((_, index) => index % 256), "ifc/not-ifc"],
      ["when its schema is not known", edit(houseText, "'IFC4'", "'IFC9'"), "ifc/unknown-schema"],
      ["when it has no project", edit(houseText, /#\d+=IFCPROJECT\([^;]*;\n/, ""), "ifc/no-project"],
      [
        "when it has two projects",
        edit(houseText, /(#\d+)=IFCPROJECT\('.([^;]*;)\n/, "$&#9001=IFCPROJECT('1$2\n"),
        "ifc/several-projects",
        houseText.slice(0, houseText.indexOf("IFCPROJECT(")).split("\n").length + 1,
      ],
      ["when it names no schema", edit(houseText, "FILE_SCHEMA(('IFC4'));", ""), "ifc/unknown-schema"],
      ["when an instance has no values", edit(houseText, /\n#40=[^;]*;/, "\n#40=IFCWALL;"), "ifc/damaged", 47],
      ["when a value makes no sense", edit(houseText, /(\n#\d+=IFCWALL\('[^']+',)\$/, "$1nonsense"), "ifc/damaged"],
      ["when an instance comes twice", edit(houseText, "\n#41=", "\n#40="), "ifc/damaged", 48],
      ["when lists are nested without an end", edit(houseText, "(0.,0.,0.)", "(".repeat(100_000)), "ifc/damaged"],
    ];
    for (const [what, content, code, line] of refused)
      it(what, async () => {
        const error = await timeline.refusal(content);
        expect(error.code, error.message).to.equal(code);
        expect(error.source?.file).to.match(/house\.ifc$/);
        if (line !== undefined) expect(error.source?.line).to.equal(line);
        expect(existsSync(timeline.iModel)).to.equal(false);
      });

    it("and leaves the iModel of an earlier run as it was", async () => {
      await timeline.sync(houseText);
      const before = timeline.content;
      await timeline.refusal(houseText.slice(0, 10_000));
      expect(timeline.content).to.equal(before);
    });

    it("when an option is not known or does not fit", async () => {
      for (const args of [
        { circleSegment: 3 },
        { circleSegments: 2 },
        { chordTolerance: 0 },
        { schemaName: "1x" },
        { threads: 0 },
        [],
        "x",
      ]) {
        timeline.args = args;
        expect((await timeline.refusal(houseText)).code).to.equal("ifc/options");
      }
    });
  });

  it("with placements in a circle keeps its elements, those in it without geometry", async () => {
    const origin = /(#\d+)=IFCLOCALPLACEMENT\(\$,/.exec(houseText)![1]!;
    const child = new RegExp(`(#\\d+)=IFCLOCALPLACEMENT\\(${origin},`).exec(houseText)![1]!;
    const circle = edit(houseText, `${origin}=IFCLOCALPLACEMENT($,`, `${origin}=IFCLOCALPLACEMENT(${child},`);
    const found = await codes(circle);
    expect(new Set(found)).to.deep.equal(new Set(["ifc/circle"]));
    expect(timeline.query("SELECT count(*) n, count(GeometryStream) g FROM Ifc.IfcWall")).to.deep.equal([
      { n: 8, g: 0 },
    ]);
    expect(await timeline.sync(renumber(circle)), "the same again").to.deep.equal([0, 0, 0]);
  });

  it("with parts in a circle gives them no parent", async () => {
    const building = /(#\d+)=IFCBUILDING\(/.exec(houseText)![1]!;
    const storeys = new RegExp(`(IFCRELAGGREGATES\\('[^']+',\\$,\\$,\\$,)${building},\\((#\\d+),`);
    const storey = storeys.exec(houseText)![2]!;
    const rooms = new RegExp(`(IFCRELAGGREGATES\\('[^']+',\\$,\\$,\\$,${storey},\\()(#\\d+)`);
    const inSite = new RegExp(`\\n#\\d+=IFCRELAGGREGATES\\('[^']+',\\$,\\$,\\$,#\\d+,\\(${building}\\)\\);`);
    const found = await codes(edit(edit(houseText, inSite, ""), rooms, `$1${building},$2`));
    expect(new Set(found)).to.deep.equal(new Set(["ifc/circle-of-parts"]));
    expect(timeline.count("SELECT 1 FROM Ifc.IfcBuildingStorey")).to.equal(2);
  });

  it("without units is taken for metres, and says so", async () => {
    const found = await codes(edit(houseText, /(IFCPROJECT\([^;]*),#\d+\);/, "$1,$$);"));
    expect(found).to.deep.equal(["ifc/no-length-unit"]);
    expect(timeline.query("SELECT BBoxHigh.X x FROM Ifc.IfcWall WHERE Name='wall 0.0'")[0]!.x).to.be.closeTo(8, 1e-6);
  });

  it("with texts beyond ASCII in any encoding keeps them", async () => {
    const name = (text: string) => edit(houseText, "'wall 0.0',$,$", `'${text}',$,$`);
    const named = async (content: string | Uint8Array) => {
      await timeline.sync(content);
      return timeline.query("SELECT Name FROM Ifc.IfcWall WHERE Tag='WALL 0.0'")[0]!.name;
    };
    expect(
      await named(name("W\\X2\\00E4006E0064\\X0\\ \\X4\\0001F3E0\\X0\\ \\X\\E9 \\S\\d it''s a \\\\ \\PB\\\\S\\a")),
    ).to.equal("Wänd 🏠 é ä it's a \\ á");
    expect(await named(name("Wänd 🏠"))).to.equal("Wänd 🏠");
    expect(await named(Buffer.from(name("Wänd é"), "latin1"))).to.equal("Wänd é");
  });

  it("with bodies without a size records them, and has their elements without geometry", async () => {
    const flat = houseText.replace(/(IFCRECTANGLEPROFILEDEF\(\.AREA\.,\$,#\d+),8\.,0\.3\)/g, "$1,0.,0.)");
    const result = await timeline.result(flat);
    const messages = result.issues.filter(({ code }) => code === "ifc/body-empty").map(({ message }) => message);
    expect(messages.length).to.be.greaterThan(0);
    expect(messages[0]).to.match(/^IfcWall "[^"]{22}": /);
    expect(timeline.count("SELECT 1 FROM Ifc.IfcWall")).to.equal(8);
  });

  it("with a degenerate body records it by its GlobalId", async () => {
    const broken = edit(houseText, /(IFCTRIANGULATEDFACESET\(#\d+,\$,\.T\.,)\(\(1,3,2\)[^;]*\);/, "$1((1,1,1)),$$);");
    const result = await timeline.result(broken);
    const id = /IFCFURNITURE\('([^']+)'/.exec(houseText)![1]!;
    expect(result.issues.map(({ message }) => message).join("\n")).to.contain(id);
    expect(timeline.count("SELECT 1 FROM Ifc.IfcFurniture WHERE GeometryStream IS NULL")).to.equal(1);
  });

  it("without products has its project", async () => {
    const [head, tail] = [houseText.slice(0, houseText.indexOf("DATA;")), "ENDSEC;\nEND-ISO-10303-21;\n"];
    const units = "#1=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);\n#2=IFCUNITASSIGNMENT((#1));\n";
    const project = "#3=IFCPROJECT('0YvctVUKr0kugbFTf53O9L',$,'Empty',$,$,$,$,$,#2);\n";
    expect(await codes(`${head}DATA;\n${units}${project}${tail}`)).to.deep.equal(["ifc/empty"]);
    expect(timeline.query("SELECT Name FROM Ifc.IfcProject")).to.deep.equal([{ name: "Empty" }]);
  });

  it("without its contents does not delete what is there: the guard on deletions speaks", async () => {
    const proxies = Array.from(
      { length: 100 },
      (_, index) =>
        `#${9000 + index}=IFCBUILDINGELEMENTPROXY('0YvctVUKr0kugbFTf5${1000 + index}',$,'Box',$,$,$,$,$,$);\n`,
    );
    await timeline.sync(edit(houseText, "ENDSEC;\nEND-ISO", `${proxies.join("")}ENDSEC;\nEND-ISO`));
    const before = timeline.content;
    const project = /#\d+=IFCPROJECT\([^;]*;/.exec(houseText)![0];
    const [head, tail] = [houseText.slice(0, houseText.indexOf("DATA;")), "ENDSEC;\nEND-ISO-10303-21;\n"];
    const error = await timeline.refusal(`${head}DATA;\n${project}\n${tail}`);
    expect(error.code).to.equal("run/too-many-deletions");
    expect(timeline.content).to.equal(before);
  });

  it("puts what web-ifc logs into one issue in words, not on the terminal", async () => {
    const written: string[] = [];
    const streams = [process.stdout, process.stderr];
    for (const stream of streams)
      Object.defineProperty(stream, "write", {
        configurable: true,
        value: (chunk: unknown) => (written.push(String(chunk)), true),
      });
    const wrong = houseText.replace(/IFCEXTRUDEDAREASOLID\(#\d+,/g, (all) => all.replace(/#\d+/, "$"));
    try {
      const said = (await timeline.result(wrong)).issues.filter(({ code }) => code === "ifc/web-ifc");
      expect(said).to.have.length(1);
      expect(said[0]!.message).to.match(
        /^A value is missing in the geometry, or is no valid one: \d+ elements, such as Ifc\w+ "[^"]{22}"\. A part of the body can be missing\. Repair/,
      );
    } finally {
      for (const stream of streams) Reflect.deleteProperty(stream, "write"); // the prototype has the real one
    }
    expect(written.join("")).not.to.contain("WEB-IFC");
  });

  it("with a value of another type than its attribute has is imported without it", async () => {
    const text = edit(houseText, /(IFCDOOR\([^;]*,)2\.1(,[^;]*;)/, "$1'high'$2");
    const result = await timeline.result(text);
    const line = text.slice(0, text.indexOf("'high'")).split("\n").length;
    expect(result.issues.map(({ code, message }) => `${code} ${message}`)).to.have.length(1);
    expect(result.issues[0]!.message).to.match(
      new RegExp(`^IfcDoor\\.OverallHeight of IfcDoor #\\d+ \\(line ${line}\\) has a value of another`),
    );
    expect(timeline.query("SELECT OverallHeight h, OverallWidth w FROM Ifc.IfcDoor")).to.deep.equal([{ w: 1 }]);
  });

  it("with entities without a GlobalId tells them apart by their content", async () => {
    const without = houseText.replace(/IFCWALL\('[^']+'/g, "IFCWALL($");
    expect(new Set(await codes(without))).to.deep.equal(new Set(["ifc/no-global-id"]));
    expect(timeline.count("SELECT 1 FROM Ifc.IfcWall")).to.equal(8);
    expect(await timeline.sync(renumber(without))).to.deep.equal([0, 0, 0]);
  });
});
