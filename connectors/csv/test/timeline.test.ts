import { expect } from "chai";
import CsvConnector, { getConnectorInstance } from "../src/index.js";
import { Timeline, useFolder, useHost, written } from "./support.js";

const base = `id,name,length,built,active,x,y,z
P-1,Pump,3,2020-01-31,true,1,2,3
P-2,Valve,4,2021-02-28,false,4,5,6
P-3,Manual,,,,,,
`;

describe("a CSV file as it develops", () => {
  useHost();
  const folder = useFolder();
  let timeline: Timeline;
  beforeEach(() => (timeline = new Timeline(folder)));

  const rows = (select: string) => timeline.query(`SELECT ${select} FROM CsvParts.Parts ORDER BY UserLabel`);
  const properties = () => timeline.properties("CsvParts:Parts").map(({ name, typeName }) => `${name}: ${typeName}`);
  const version = () => timeline.read((imodel) => imodel.querySchemaVersion("CsvParts"));

  it("makes an element of each row", async () => {
    const { counts, elements } = await timeline.sync(base);
    expect(counts).to.deep.equal({ new: 3, changed: 0, unchanged: 0, deleted: 0, replaced: 0 });
    expect(elements).to.deep.equal({ inserted: 3, updated: 0, deleted: 0 });
    expect(rows("UserLabel, name, length, built, active, x")).to.deep.equal([
      { userLabel: "P-1", name: "Pump", length: 3, built: "2020-01-31", active: true, x: 1 },
      { userLabel: "P-2", name: "Valve", length: 4, built: "2021-02-28", active: false, x: 4 },
      { userLabel: "P-3", name: "Manual" },
    ]);
    expect(properties()).to.deep.equal([
      "name: string",
      "length: int",
      "built: dateTime",
      "active: boolean",
      "x: int",
      "y: int",
      "z: int",
    ]);
  });

  it("keeps values of all types", async () => {
    await timeline.sync(
      [
        "id,int,long,double,boolean,date,dateTime,utc,code,text",
        "1,-2147483648,9007199254740991,0.1,TRUE,0001-01-01,2024-02-29T12:34:56.789,2024-03-01T00:30:00.001+01:00,007,Grüße 😀",
        "2,2147483647,-9007199254740991,1e+300,false,9999-12-31,1970-01-01T00:00,1969-12-31T23:59:59.999Z,-0,",
      ].join("\n"),
    );
    const select = "int_, long_, double_, boolean_, date_, dateTime, utc, code_, text";
    expect(rows(select)).to.deep.equal([
      {
        int_: -2147483648,
        long_: 9007199254740991,
        double_: 0.1,
        boolean_: true,
        date_: "0001-01-01",
        dateTime: "2024-02-29T12:34:56.789",
        utc: "2024-02-29T23:30:00.001Z",
        code_: "007",
        text: "Grüße 😀",
      },
      {
        int_: 2147483647,
        long_: -9007199254740991,
        double_: 1e300,
        boolean_: false,
        date_: "9999-12-31",
        dateTime: "1970-01-01T00:00:00.000",
        utc: "1969-12-31T23:59:59.999Z",
        code_: "-0",
      },
    ]);
  });

  it("records where each element comes from", async () => {
    await timeline.sync(base);
    const aspects = timeline.query(
      `SELECT a.Identifier, a.Kind, a.Checksum, ec_classname(l.ECClassId) scopeClass, l.UserLabel document, e.UserLabel label
       FROM bis.ExternalSourceAspect a JOIN bis.RepositoryLink l ON l.ECInstanceId=a.Scope.Id
       JOIN bis.Element e ON e.ECInstanceId=a.Element.Id ORDER BY a.Identifier`,
    );
    expect(aspects.map(({ identifier }) => identifier)).to.deep.equal(["P-1", "P-2", "P-3"]);
    for (const { identifier, kind, checksum, scopeClass, document, label } of aspects) {
      expect({ kind, scopeClass, document, label }).to.deep.equal({
        kind: "Parts",
        scopeClass: "BisCore:RepositoryLink",
        document: "parts.csv",
        label: identifier,
      });
      expect(checksum).to.match(/^[\w-]{22}$/);
    }
  });

  it("puts all of it under the Subject of the job", async () => {
    await timeline.sync(base);
    const [job] = timeline.query("SELECT ECInstanceId id, CodeValue FROM bis.Subject WHERE Parent.Id=0x1");
    expect(job!.codeValue).to.equal("CSV:parts.csv");
    const partitions = timeline.query(
      `SELECT CodeValue, ec_classname(ECClassId) class FROM bis.InformationPartitionElement WHERE Parent.Id=${String(job!.id)} ORDER BY CodeValue`,
    );
    expect(partitions).to.deep.equal([
      { codeValue: "Definitions", class: "BisCore:DefinitionPartition" },
      { codeValue: "Rows", class: "BisCore:PhysicalPartition" },
    ]);
    const ecsql =
      "SELECT DISTINCT c.CodeValue FROM CsvParts.Parts p JOIN bis.SpatialCategory c ON c.ECInstanceId=p.Category.Id";
    expect(timeline.query(ecsql)).to.deep.equal([{ codeValue: "Parts" }]);
  });

  it("does nothing for a file that is as it was", async () => {
    await timeline.sync(base);
    const { elements } = await timeline.sync(base);
    expect(elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
    expect(rows("UserLabel")).to.have.length(3);
    expect(version()).to.equal("1.0.0");
  });

  it("does nothing for other orders of rows and columns", async () => {
    await timeline.sync(base);
    const result = await timeline.sync(`z,y,id,x,active,built,length,name
,,P-3,,,,,Manual
6,5,P-2,4,false,2021-02-28,4,Valve
3,2,P-1,1,true,2020-01-31,3,Pump
`);
    expect(written(result)).to.deep.equal([0, 0, 0]);
    expect(result.counts.unchanged).to.equal(3);
    expect(version()).to.equal("1.0.0");
  });

  it("does nothing for another delimiter, other line ends, quotes and encodings", async () => {
    await timeline.sync(base);
    for (const content of [
      base.replaceAll(",", ";"),
      base.replaceAll("\n", "\r\n"),
      base.replaceAll("Pump", '"Pump"'),
      Buffer.from(`\ufeff${base}`, "utf16le"),
    ])
      expect(written(await timeline.sync(content))).to.deep.equal([0, 0, 0]);
  });

  it("writes one element for one cell", async () => {
    await timeline.sync(base);
    const result = await timeline.sync(base.replace("Valve", "Big valve"));
    expect(written(result)).to.deep.equal([0, 1, 0]);
    expect(result.counts).to.deep.equal({ new: 0, changed: 1, unchanged: 2, deleted: 0, replaced: 0 });
    expect(rows("name").map(({ name }) => name)).to.deep.equal(["Pump", "Big valve", "Manual"]);
    expect(written(await timeline.sync(base.replace("Valve", "Big valve")))).to.deep.equal([0, 0, 0]);
  });

  it("clears a value that is gone", async () => {
    await timeline.sync(base);
    expect(written(await timeline.sync(base.replace("Pump,3", ",")))).to.deep.equal([0, 1, 0]);
    expect(rows("name, length")[0]).to.deep.equal({});
  });

  it("inserts rows that are new and deletes those that are gone", async () => {
    await timeline.sync(base);
    const { counts, elements } = await timeline.sync(
      `${base.replace(/P-2.*\n/, "")}P-4,Tank,5,2022-01-01,true,7,8,9\n`,
    );
    expect(elements).to.deep.equal({ inserted: 1, updated: 0, deleted: 1 });
    expect(counts).to.deep.equal({ new: 1, changed: 0, unchanged: 2, deleted: 1, replaced: 0 });
    expect(rows("UserLabel").map(({ userLabel }) => userLabel)).to.deep.equal(["P-1", "P-3", "P-4"]);
  });

  it("deletes nothing when it shall not, and does so later when it shall", async () => {
    await timeline.sync(base);
    const fewer = base.replace(/P-2.*\n/, "");
    expect(written(await timeline.sync(fewer, { doDetectDeletedElements: false }))).to.deep.equal([0, 0, 0]);
    expect(written(await timeline.sync(fewer))).to.deep.equal([0, 0, 1]);
  });

  it("adds a property for a new column and writes the rows that have a value in it", async () => {
    await timeline.sync("id,a\n1,x\n2,y\n");
    const result = await timeline.sync("id,a,b\n1,x,\n2,y,z\n");
    expect(written(result)).to.deep.equal([0, 1, 0]);
    expect(version()).to.equal("1.0.1");
    expect(rows("a, b")).to.deep.equal([{ a: "x" }, { a: "y", b: "z" }]);
  });

  it("keeps the property of a column that is gone, empty, and takes it up again", async () => {
    await timeline.sync("id,a,b\n1,x,\n2,y,z\n");
    expect(written(await timeline.sync("id,a\n1,x\n2,y\n"))).to.deep.equal([0, 1, 0]);
    expect(properties()).to.deep.equal(["a: string", "b: string"]);
    expect(rows("a, b")).to.deep.equal([{ a: "x" }, { a: "y" }]);
    expect(written(await timeline.sync("id,a,b\n1,x,\n2,y,z\n"))).to.deep.equal([0, 1, 0]);
    expect(rows("a, b")).to.deep.equal([{ a: "x" }, { a: "y", b: "z" }]);
    expect(version()).to.equal("1.0.0");
  });

  it("gives a column of another type another property", async () => {
    await timeline.sync("id,length\n1,3\n2,4\n3,\n");
    expect(written(await timeline.sync("id,length\n1,3\n2,4.5\n3,\n"))).to.deep.equal([0, 2, 0]);
    expect(properties()).to.deep.equal(["length: int", "length_double: double"]);
    expect(rows("length, length_double")).to.deep.equal([{ length_double: 3 }, { length_double: 4.5 }, {}]);
    expect(written(await timeline.sync("id,length\n1,3\n2,4\n3,\n"))).to.deep.equal([0, 1, 0]);
    expect(rows("length, length_double")).to.deep.equal([{ length_double: 3 }, { length_double: 4 }, {}]);
  });

  it("gives times with offsets, times without and days properties of their own", async () => {
    await timeline.sync("id,at\n1,2024-01-01\n");
    await timeline.sync("id,at\n1,2024-01-01T10:00\n");
    await timeline.sync("id,at\n1,2024-01-01T10:00Z\n");
    expect(properties()).to.deep.equal(["at: dateTime", "at_dateTime: dateTime", "at_dateTimeUtc: dateTime"]);
    await timeline.sync("id,at\n1,2024-01-01T10:00Z\n2,2024-01-02T10:00+01:00\n");
    expect(version()).to.equal("1.0.2");
    expect(rows("at, at_dateTime, at_dateTimeUtc")).to.deep.equal([
      { at_dateTimeUtc: "2024-01-01T10:00:00.000Z" },
      { at_dateTimeUtc: "2024-01-02T09:00:00.000Z" },
    ]);
  });

  it("takes times with a space and an offset for instants", async () => {
    await timeline.sync("id,at\n1,2024-01-01 12:00:00+01:00\n2,2024-01-01 12:00:00 Z\n3,2024-01-01 12:00:00+0100\n");
    expect(rows("at")).to.deep.equal([11, 12, 11].map((hour) => ({ at: `2024-01-01T${hour}:00:00.000Z` })));
  });

  it("shows a marker where a row is, as long as it is somewhere", async () => {
    const shown = () =>
      rows("length(GeometryStream) bytes, Origin.X x0, Origin.Y y0, Origin.Z z0, BBoxHigh.X high").map(
        ({ bytes, ...placement }) => (bytes === undefined ? false : placement),
      );
    await timeline.sync("id,x,y,z\n1,10,20,30\n2,,,\n3,5,6,\n");
    expect(shown()).to.deep.equal([{ x0: 10, y0: 20, z0: 30, high: 0.5 }, false, { x0: 5, y0: 6, z0: 0, high: 0.5 }]);
    expect(written(await timeline.sync("id,x,y,z\n1,,,\n2,1,2,3\n3,5,6,\n"))).to.deep.equal([0, 2, 0]);
    expect(shown()).to.deep.equal([false, { x0: 1, y0: 2, z0: 3, high: 0.5 }, { x0: 5, y0: 6, z0: 0, high: 0.5 }]);
    const hidden = timeline.query("SELECT BBoxLow.X FROM CsvParts.Parts WHERE UserLabel='1'");
    expect(hidden).to.deep.equal([{}]);
  });

  it("brings the rows in anew under other options", async () => {
    await timeline.sync("id,x,y\n1,10,20\n2,,\n");
    timeline.args = { units: "ft" };
    expect(written(await timeline.sync("id,x,y\n1,10,20\n2,,\n"))).to.deep.equal([0, 1, 0]);
    timeline.args = { units: "ft", markerSize: 3 };
    expect(written(await timeline.sync("id,x,y\n1,10,20\n2,,\n"))).to.deep.equal([0, 1, 0]);
    expect(rows("Origin.X x0, BBoxHigh.X high")[0]).to.deep.equal({ x0: 3.048, high: 1.5 });
    expect(timeline.query("SELECT count(*) n FROM bis.GeometryPart")).to.deep.equal([{ n: 1 }]);
    expect(written(await timeline.sync("id,x,y\n1,10,20\n2,,\n"))).to.deep.equal([0, 0, 0]);
  });

  it("keeps two files with classes of their own apart in one iModel", async () => {
    timeline.args = { className: "Pump" };
    await timeline.sync("id,a\n1,x\n2,y\n");
    timeline.file = "parts.txt"; // the iModel is named after the file without its extension
    timeline.args = { className: "Valve" };
    expect(written(await timeline.sync("id,a\n1,3\n"))).to.deep.equal([1, 0, 0]);
    expect(timeline.query("SELECT UserLabel, a FROM CsvPump.Pump")).to.have.length(2);
    expect(timeline.query("SELECT UserLabel, a FROM CsvValve.Valve")).to.deep.equal([{ userLabel: "1", a: 3 }]);
    timeline.file = "parts.csv";
    timeline.args = { className: "Pump" };
    expect(written(await timeline.sync("id,a\n2,y\n"))).to.deep.equal([0, 0, 1]);
    expect(timeline.query("SELECT UserLabel FROM CsvValve.Valve")).to.have.length(1);
  });

  it("merges the columns of two files with one class", async () => {
    await timeline.sync("id,a,n\n1,x,1\n");
    timeline.file = "parts.txt";
    await timeline.sync("id,b,n\n1,y,2.5\n");
    expect(properties()).to.deep.equal(["a: string", "n: int", "b: string", "n_double: double"]);
    expect(timeline.query("SELECT a, n, b, n_double FROM CsvParts.Parts ORDER BY ECInstanceId")).to.deep.equal([
      { a: "x", n: 1 },
      { b: "y", n_double: 2.5 },
    ]);
  });

  it("puts classes into one schema where that is asked for", async () => {
    timeline.args = { className: "Pump", schemaName: "Equipment" };
    await timeline.sync("id,a\n1,x\n");
    timeline.file = "parts.txt";
    timeline.args = { className: "Valve", schemaName: "Equipment" };
    await timeline.sync("id,a\n1,3\n");
    expect(timeline.query("SELECT a FROM Equipment.Pump")).to.deep.equal([{ a: "x" }]);
    expect(timeline.query("SELECT a FROM Equipment.Valve")).to.deep.equal([{ a: 3 }]);
    expect(timeline.read((imodel) => imodel.querySchemaVersion("Equipment"))).to.equal("1.0.1");
  });

  it("stands any header", async () => {
    const headers = ["id", "ID ", "Category", "Model", "constructor", "__proto__", "a b", "A B", "😀", "ECInstanceId"];
    headers.push(
      "code",
      "geom",
      "placement",
      "classFullName",
      "userLabel",
      "toJSON",
      "Select",
      '<a & "b">',
      "two\nlines",
    );
    headers.push("elementGeometryBuilderParams", "x".repeat(10_000), "2nd", "__x0041__", "federationGuid", "isPrivate");
    const cells = (prefix: string) => headers.map((_, index) => `${prefix}${index}`);
    const quote = (texts: string[]) => texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(",");
    timeline.args = { idColumn: "id" };
    await timeline.sync([headers, cells("v"), cells("w")].map(quote).join("\n"));
    const found = timeline.properties("CsvParts:Parts");
    expect(found.map(({ label }) => label)).to.deep.equal(headers.slice(1).map((header) => header.trim()));
    const select = found.map(({ name }) => `[${name}]`).join(", ");
    const [first, second] = rows(select).map((row) => Object.values(row));
    expect(first).to.deep.equal(cells("v").slice(1));
    expect(second).to.deep.equal(cells("w").slice(1));
    const [{ id }] = timeline.query("SELECT ECInstanceId id FROM CsvParts.Parts WHERE UserLabel='v0'") as [
      { id: string },
    ];
    const element = timeline.read((imodel) => imodel.elements.getElementProps(id)) as unknown as Record<
      string,
      unknown
    >;
    expect(element.userLabel).to.equal("v0");
    expect(element.geom_).to.equal("v11");

    const edited = [[...headers].reverse(), cells("v").reverse(), [...cells("w").slice(0, -1), "edited"].reverse()];
    expect(written(await timeline.sync(edited.map(quote).join("\n")))).to.deep.equal([0, 1, 0]);
    expect(timeline.properties("CsvParts:Parts")).to.deep.equal(found);
  });

  it("takes a file of identifiers alone", async () => {
    expect(written(await timeline.sync("GUID\na\nb\n"))).to.deep.equal([2, 0, 0]);
    expect(written(await timeline.sync("GUID\nb\nc\n"))).to.deep.equal([1, 0, 1]);
    expect(rows("UserLabel")).to.deep.equal([{ userLabel: "b" }, { userLabel: "c" }]);
  });

  it("takes identifiers that differ in little", async () => {
    const ids = ["a", "A", " a", "a ", "1", "01", "\u00e9", "e\u0301", "😀", "x".repeat(5000)];
    expect(written(await timeline.sync(`id\n${ids.join("\n")}\n`))).to.deep.equal([ids.length, 0, 0]);
    expect(written(await timeline.sync(`id\n${ids.reverse().join("\n")}\n`))).to.deep.equal([0, 0, 0]);
  });

  it("tells how much of the file it has read", async () => {
    const shares = new Set<string>();
    timeline.onProgress = ({ phase, done, total }) => {
      if (done !== undefined) shares.add(`${phase} ${done}/${total}`);
    };
    await timeline.sync(base);
    expect([...shares]).to.deep.equal([`source ${base.length}/${base.length}`, `data ${base.length}/${base.length}`]);
  });

  it("goes into an editable iModel as well", async () => {
    expect(written(await timeline.sync(base, { isSnapshot: false }))).to.deep.equal([3, 0, 0]);
    expect(written(await timeline.sync(base.replace("Pump", "Fan"), { isSnapshot: false }))).to.deep.equal([0, 1, 0]);
  });

  it("takes many columns", async () => {
    const headers = Array.from({ length: 1900 }, (_, index) => `c${index}`);
    const content = `id,${headers.join()}\n1,${headers.join()}\n`;
    expect(written(await timeline.sync(content))).to.deep.equal([1, 0, 0]);
    expect(rows("c0, c1899")).to.deep.equal([{ c0: "c0", c1899: "c1899" }]);
  });

  it("tells who it is", () => {
    const connector = getConnectorInstance();
    expect(connector).to.be.instanceOf(CsvConnector);
    expect(connector.getConnectorName()).to.equal("CSV");
    expect(connector.getApplicationId()).to.equal("itwin-connector-csv");
    expect(connector.getApplicationVersion()).to.match(/^\d+\.\d+\.\d+$/);
    expect(connector.getJobSubjectName("/data/parts.csv")).to.equal("CSV:parts.csv");
  });
});
