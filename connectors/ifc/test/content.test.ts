import { expect } from "chai";
import fc from "fast-check";
import { IfcModel } from "../src/model/IfcModel.js";
import { IfcSchema } from "../src/model/editions/IfcSchema.js";
import { StepFile } from "../src/step/StepFile.js";
import { stepNumber } from "../src/step/stepNumber.js";
import { guid, ifcText } from "./ifcText.js";

const frame = [
  `#1=IFCPROJECT(${guid(1)},$,'p',$,$,$,$,(#2),#4);`,
  "#2=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,#3,$);",
  "#3=IFCAXIS2PLACEMENT3D(#5,$,$);",
  "#5=IFCCARTESIANPOINT((0.,0.,0.));",
  "#4=IFCUNITASSIGNMENT((#6));",
  "#6=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);",
];

function modelOf(...lines: string[]): IfcModel {
  const file = new StepFile(Buffer.from(ifcText("IFC4", [...frame, ...lines])));
  return new IfcModel(file, IfcSchema.find("IFC4")!);
}

/** The checksum of a wall with a property set of these lines. */
function checksumOf(...lines: string[]): string {
  const model = modelOf(
    `#10=IFCWALL(${guid(10)},$,'w',$,$,$,$,$,$);`,
    `#11=IFCRELDEFINESBYPROPERTIES(${guid(11)},$,$,$,(#10),#12);`,
    ...lines,
  );
  return model.records(0, model.size).find(({ className }) => className === "IfcWall")!.checksum;
}

describe("the content of instances", () => {
  const written = (name: string, value: string) =>
    checksumOf(`#12=IFCPROPERTYSET(${guid(12)},$,'S',$,(#13));`, `#13=IFCPROPERTYSINGLEVALUE(${name},$,${value},$);`);

  it("is the same in any notation", () => {
    const plain = written("'Höhe'", "IFCREAL(0.5)");
    const notations = [
      ["'H\\X\\F6he'", "IFCREAL(.5)"],
      ["'H\\X2\\00F6\\X0\\he'", "IfcReal( 5.E-1 )"],
      ["'H\\S\\vhe'", "IFCREAL(0.50000000000000000000)"],
      [" /* 'x' */ 'Höhe'", "IFCREAL(+0.500)"],
    ] as const;
    for (const [name, value] of notations) expect(written(name, value), name).to.equal(plain);
    expect(written("'a'", "IFCREAL(-0.)")).to.equal(written("'a'", "IFCREAL(0.)"));
    expect(written("'a'", "IFCBOOLEAN(.t.)")).to.equal(written("'a'", "IFCBOOLEAN(.T.)"));
  });

  it("is another one for anything that a value says", () => {
    const values = ["$", "IFCREAL(1.)", "IFCINTEGER(1)", "IFCREAL(1.0000000000000002)", "IFCLABEL('1')", "IFCTEXT('1')", "IFCLABEL('')", "IFCLABEL('1 ')", "IFCBOOLEAN(.T.)", "IFCLABEL('T')", "IFCLABEL('\\X2\\D800\\X0\\')", "IFCLABEL('\\X2\\D801\\X0\\')", "IFCREAL(1.E400)", "IFCREAL(-1.E400)"]; // prettier-ignore
    expect(new Set(values.map((value) => written("'a'", value))).size).to.equal(values.length);
    const names = ["$", "''", "'a'", "'b'", "'a''b'", "'ä'", "'\\X2\\00E4\\X0\\ '"];
    expect(new Set(names.map((name) => written(name, "$"))).size).to.equal(names.length);
  });

  it("tells lists apart, and not the order of sets", () => {
    const properties = ["#13=IFCPROPERTYSINGLEVALUE('a',$,$,$);", "#14=IFCPROPERTYLISTVALUE('b',$,(IFCREAL(1.),IFCREAL(2.)),$);"]; // prettier-ignore
    const of = (members: string, ...lines: string[]) => checksumOf(`#12=IFCPROPERTYSET(${guid(12)},$,'S',$,(${members}));`, ...lines); // prettier-ignore
    expect(of("#14,#13", ...properties)).to.equal(of("#13,#14", ...properties));
    const lists = ["(IFCREAL(1.),IFCREAL(2.))", "(IFCREAL(2.),IFCREAL(1.))", "(IFCREAL(1.))", "()", "$"];
    const checksums = lists.map((list) => of("#13", `#13=IFCPROPERTYLISTVALUE('b',$,${list},$);`));
    expect(new Set(checksums).size).to.equal(lists.length);
  });

  it("is found for chains of references that go in a circle", () => {
    const first = checksumOf(
      `#12=IFCPROPERTYSET(${guid(12)},$,'S',$,(#13));`,
      "#13=IFCCOMPLEXPROPERTY('a',$,'u',(#13));",
    );
    const other = checksumOf(
      `#12=IFCPROPERTYSET(${guid(12)},$,'S',$,(#13));`,
      "#13=IFCCOMPLEXPROPERTY('a',$,'v',(#13));",
    );
    expect(first).not.to.equal(other);
  });

  it("has the number that JavaScript reads, for any digits", () =>
    fc.assert(
      fc.property(
        fc.constantFrom("", "-", "+"),
        fc.stringMatching(/^\d{1,20}$/),
        fc.stringMatching(/^(\.\d{0,25})?$/),
        fc.constantFrom("", "E5", "E-07", "e+22", "E400"),
        (sign, whole, decimals, exponent) => {
          const text = Buffer.from(`${sign}${whole}${decimals}${exponent}`);
          expect(stepNumber(text, 0, text.length)).to.equal(Number(text.toString()));
        },
      ),
      { numRuns: 2000 },
    ));

  it("has no number where there is none", () => {
    for (const text of ["", "-", ".", "1.2.3", "1-", "--1", "x"])
      expect(stepNumber(Buffer.from(text), 0, text.length), text).to.be.NaN;
  });
});

describe("the survey of property sets", () => {
  /** The properties of the class for sets named `S`. Each set belongs to a wall of its own. */
  function surveyOf(sets: readonly (readonly string[])[], own = "$") {
    const lines = sets.flatMap((properties, index) => {
      const base = 100 * (index + 1);
      return [
        `#${base}=IFCWALL(${guid(base)},$,'w',$,$,$,$,$,$);`,
        `#${base + 1}=IFCRELDEFINESBYPROPERTIES(${guid(base + 1)},$,$,$,(#${base}),#${base + 2});`,
        `#${base + 2}=IFCPROPERTYSET(${guid(base + 2)},$,'S',${index === 0 ? "$" : own},(${properties.map((_, at) => `#${base + 10 + at}`).join()}));`,
        ...properties.map((property, at) => `#${base + 10 + at}=${property};`),
      ];
    });
    const { sets: found } = modelOf(...lines, "#7=IFCSIUNIT(*,.MASSUNIT.,.KILO.,.GRAM.);").survey();
    return found.find(({ name }) => name === "S")!.values.map(({ label, type, unit = "" }) => `${label} ${type} ${unit}`.trim()); // prettier-ignore
  }
  const single = (name: string, value: string, unit = "$") => `IFCPROPERTYSINGLEVALUE('${name}',$,${value},${unit})`;

  it("finds what one of them has and the ones before it do not", () => {
    const cases: [properties: string[], found: string[]][] = [
      [[single("a", "IFCLABEL('y')")], ["a string"]],
      [[single("a", "IFCREAL(1.)")], ["a double", "a string"]],
      [[single("a", "IFCINTEGER(1)")], ["a long", "a string"]],
      [[single("a", "IFCINTEGER(1.5)")], ["a double", "a string"]],
      [[single("a", "IFCBOOLEAN(.T.)")], ["a boolean", "a string"]],
      [[single("a", "IFCBOOLEAN(.U.)")], ["a string"]],
      [[single("a", "IFCREAL(1.)", "#7")], ["a double kg", "a string"]],
      [[single("b", "IFCLABEL('')")], ["a string", "b string"]],
      [
        [single("a", "$"), single("c", "IFCLABEL('x')")],
        ["a string", "c string"],
      ],
      [["IFCPROPERTYLISTVALUE('a',$,(IFCREAL(1.)),#7)"], ["a string kg", "a string"]],
    ];
    for (const [properties, found] of cases)
      expect(surveyOf([[single("a", "IFCLABEL('x')")], properties]), properties.join()).to.deep.equal(found);
    expect(surveyOf([[single("a", "IFCLABEL('x')")], [single("a", "IFCLABEL('x')")]], "'d'")).to.deep.equal([
      "SetDescription string",
      "a string",
    ]);
  });

  it("finds what comes after sets of the same shape", () => {
    const [text, real] = [[single("a", "IFCLABEL('x')")], [single("a", "IFCREAL(1.)")]];
    expect(surveyOf([text, text, text, real, text])).to.deep.equal(["a double", "a string"]);
  });

  it("looks at each set in which properties have one name, since their order is that of their values", () => {
    const twice = (label: string) => [single("a", `IFCLABEL('${label}')`), single("a", "IFCREAL(5.)")];
    const own = [surveyOf([twice("1")]), surveyOf([twice("z")])];
    const both = surveyOf([twice("1"), twice("z")]);
    expect(both).to.deep.equal([...new Set(own.flat())].sort());
  });
});
