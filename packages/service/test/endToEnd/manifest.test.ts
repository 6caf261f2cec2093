import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { executionStates } from "../../src/platform/database/columns/RunState.js";
import { documentGuidOf } from "../../src/work/sources/documentGuid.js";
import { queryFile } from "../../../../test/support/iModels.js";
import { TestService } from "../TestService.js";
import { FileServer } from "./FileServer.js";
import { connectors, repositoryFile, ServedIModel, tasksOf, type ShownRun, type ShownTask } from "./ServedIModel.js";

/** The schema of a document management system. */
const attributeSchema = {
  $schema: "https://dev.bentley.com/json_schemas/ec/32/ecschema",
  name: "ProjectwiseDynamic",
  alias: "pwd",
  version: "01.00.00",
  references: [{ name: "BisCore", version: "01.00.00" }],
  items: {
    PWDocumentLink: {
      schemaItemType: "EntityClass",
      baseClass: "BisCore.RepositoryLink",
      properties: ["Revision", "Suitability"].map((name) => ({ name, type: "PrimitiveProperty", typeName: "string" })),
    },
  },
};

const codeValue = "89c7f032-6dfb-4a0b-8511-983e2d18728a";

const documentAttribute = (revision: string, suitability: string) => ({
  className: "ProjectwiseDynamic:PWDocumentLink",
  properties: { Revision: revision, Suitability: suitability, CodeValue: codeValue },
});

const documentRows = `
  SELECT ec_classname(ECClassId, 's:c') className, CodeValue, UserLabel, Url, RepositoryGuid, JsonProperties
  FROM bis.RepositoryLink ORDER BY Url DESC`;
const attributeRows =
  "SELECT UserLabel, Revision, Suitability FROM ProjectwiseDynamic.PWDocumentLink ORDER BY Url DESC";
const itemRows =
  "SELECT ec_classname(ECClassId, 's:c') className, COUNT(*) n FROM bis.PhysicalElement GROUP BY ECClassId";

/** The items that the two documents bring. */
const items = [
  { className: "CsvPlant:Plant", n: 40 },
  { className: "XlsxPlant:Pumps", n: 3 },
  { className: "XlsxPlant:Valves", n: 2 },
];

/** A run in few words. */
function outline({ state, result, phase, jobs }: ShownRun): object {
  return {
    state,
    result,
    phase,
    jobs: jobs.map(({ tasks, connectorType, ...job }) => [
      connectorType,
      job.state,
      job.result,
      tasks.map(taskOutline),
    ]),
  };
}

function taskOutline({ sourceFileId, state, result, retryAttempts, error }: ShownTask): unknown[] {
  const outcome = [sourceFileId, state, result, retryAttempts];
  return error === undefined ? outcome : [...outcome, error.errorCode];
}

function messagesOf(run: ShownRun): string[] {
  return tasksOf(run).map(({ details }) => details!.synchronizationReport.message);
}

type Json = Record<string, Record<string, string>>;

describe("A run of a manifest over HTTP @all", () => {
  let test: TestService;
  let server: FileServer;
  let imodel: ServedIModel;
  let connection: string;
  before(async () => {
    server = await FileServer.start();
    server.files.set("/plant.csv", readFileSync(repositoryFile("connectors/csv/sample/1-first/plant.csv")));
    server.files.set("/plant.xlsx", readFileSync(repositoryFile("connectors/xlsx/sample/1-first/plant.xlsx")));
    server.files.set("/attributes.json", JSON.stringify(attributeSchema));
    test = await TestService.start({ connectors, manifests: { allowedPrivateHosts: ["127.0.0.1"] } });
    imodel = await ServedIModel.create(test);
    connection = await imodel.connectDocuments(["f5b36238"]);
  });
  after(async () => {
    await test.close();
    await server.close();
  });

  /** The example of the platform's documentation, with files that there are, and with all that it leaves out. */
  const manifestOf = (revision = "R01") => ({
    documentAttributeSchemaUrl: server.urlOf("/attributes.json"),
    sourceFiles: [
      {
        id: "f5b36238",
        name: "plant.csv",
        relativePath: "lists",
        action: "bridge",
        url: server.urlOf("/plant.csv"),
        connectorType: "SHELLEDWCSV",
        documentMetadata: { author: "Kim", stages: ["design"] },
        documentAttribute: documentAttribute(revision, "S01"),
        children: [
          {
            id: "a7c36238",
            parentId: "f5b36238",
            name: "plant.xlsx",
            relativePath: "lists/books/plant.xlsx",
            url: server.urlOf("/plant.xlsx"),
            connectorType: "PSEXCEL",
            documentAttribute: documentAttribute("R07", "S02"),
          },
        ],
      },
    ],
  });

  /** What was seen of the first run. */
  let seen: ShownRun[];

  /** Starts a run, and looks at it until it is over. */
  async function follow(): Promise<ShownRun[]> {
    const { headers } = await test.request("POST", `${connection}/runs`, manifestOf());
    const shown: ShownRun[] = [];
    while (shown.at(-1)?.state !== "Completed") {
      const { body } = await test.request<{ run: ShownRun }>("GET", headers.get("location")!);
      shown.push(body.run);
      await delay(20);
    }
    return shown;
  }

  it("brings in documents with those that they refer to", async () => {
    seen = await follow();
    const run = seen.at(-1)!;
    expect(outline(run)).to.deep.equal({
      state: "Completed",
      result: "Success",
      phase: "ReferenceFile",
      jobs: [
        ["SHELLEDWCSV", "Completed", "Success", [["f5b36238", "Completed", "Success", 0]]],
        ["PSEXCEL", "Completed", "Success", [["a7c36238", "Completed", "Success", 0]]],
      ],
    });
    const times = [run, ...run.jobs, ...tasksOf(run)];
    for (const { startDateTime, endDateTime } of times) expect(startDateTime! <= endDateTime!).to.equal(true);
    expect(await imodel.publishedBy()).to.deep.equal([run.id, run.id]);
  });

  it("was told of as it went on", () => {
    const lasting = seen.slice(0, -1);
    expect(lasting.map(({ result }) => result)).to.deep.equal(lasting.map(() => "Undetermined"));
    const states = [...new Set(seen.map(({ state }) => state))];
    expect(states).to.deep.equal(
      executionStates.filter((state) => states.includes(state)),
      "in order",
    );
    expect(states).to.include.members(["Executing", "Completed"]);
    expect([...new Set(seen.map(({ phase }) => phase))].slice(-2)).to.deep.equal(["MasterFile", "ReferenceFile"]);
    for (const part of seen.flatMap((run) => [...run.jobs, ...tasksOf(run)]))
      expect(part.state === "Completed", part.result).to.equal(part.result !== "Undetermined");
  });

  it("gives documents the class, properties, code, metadata and parent that it says", async () => {
    const file = await imodel.download();
    expect(queryFile(file, itemRows)).to.deep.equal(items);
    expect(queryFile(file, attributeRows)).to.deep.equal([
      { userLabel: "plant.csv", revision: "R01", suitability: "S01" },
      { userLabel: "plant.xlsx", revision: "R07", suitability: "S02" },
    ]);
    const [master, reference, ...others] = queryFile(file, documentRows);
    expect(others).to.deep.equal([]);
    const [masterGuid, referenceGuid] = [documentGuidOf(imodel.id, "f5b36238"), documentGuidOf(imodel.id, "a7c36238")];
    const { jsonProperties: ofMaster, ...masterProps } = master!;
    expect(masterProps).to.deep.equal({
      className: "ProjectwiseDynamic:PWDocumentLink",
      codeValue,
      userLabel: "plant.csv",
      url: "lists/plant.csv",
      repositoryGuid: masterGuid,
    });
    const { DocumentProperties: known } = JSON.parse(ofMaster as string) as Json;
    expect(JSON.parse(known!.attributesJson!)).to.deep.equal({ author: "Kim", stages: ["design"] });
    const { jsonProperties: ofReference, ...referenceProps } = reference!;
    // The code is that of the other document, as it is in the platform's example.
    expect(referenceProps).to.deep.equal({
      className: "ProjectwiseDynamic:PWDocumentLink",
      codeValue: referenceGuid,
      userLabel: "plant.xlsx",
      url: "lists/books/plant.xlsx",
      repositoryGuid: referenceGuid,
    });
    expect((JSON.parse(ofReference as string) as Json).DocumentProperties!.parentGuid).to.equal(masterGuid);
  });

  it("fetches what is pre-authenticated without a token", () => {
    const urls = server.requests.map(({ url }) => url);
    expect(urls).to.have.members(
      ["/plant.csv", "/plant.xlsx", "/attributes.json"].map((path) => `${path}?signature=abc`),
    );
    expect(server.requests.filter(({ headers }) => headers.authorization !== undefined)).to.deep.equal([]);
  });

  it("publishes nothing when nothing has changed", async () => {
    const before = await imodel.publishedBy();
    const run = await imodel.runManifest(connection, manifestOf());
    expect([run.result, ...messagesOf(run)]).to.deep.equal([
      "Success",
      "The file is unchanged.",
      "The file is unchanged.",
    ]);
    expect(await imodel.publishedBy()).to.deep.equal(before);
  });

  it("brings what has changed of a document or of what is said of it", async () => {
    server.files.set("/plant.xlsx", readFileSync(repositoryFile("connectors/xlsx/sample/2-changed/plant.xlsx")));
    const run = await imodel.runManifest(connection, manifestOf("R02"));
    expect([run.result, ...messagesOf(run)]).to.deep.equal([
      "Success",
      "The file is unchanged.",
      "0 new, 1 changed, 4 unchanged, 0 deleted.",
    ]);
    expect(await imodel.query(attributeRows)).to.deep.equal([
      { userLabel: "plant.csv", revision: "R02", suitability: "S01" },
      { userLabel: "plant.xlsx", revision: "R07", suitability: "S02" },
    ]);
  });

  it("goes on where a type has no module, or a URL leads where it may not", async () => {
    const { sourceFiles, ...manifest } = manifestOf("R02");
    const others = [
      { id: "unknown", name: "site.dgn", url: server.urlOf("/plant.csv"), connectorType: "MSTN" },
      { id: "private", name: "pumps.csv", url: "http://127.0.0.2:1/pumps.csv", connectorType: "SHELLEDWCSV" },
      { id: "missing", name: "gone.csv", url: server.urlOf("/gone.csv"), connectorType: "SHELLEDWCSV" },
    ];
    const run = await imodel.runManifest(connection, { ...manifest, sourceFiles: [...others, ...sourceFiles] });
    expect(outline(run)).to.deep.equal({
      state: "Completed",
      result: "PartialSuccess",
      phase: "ReferenceFile",
      jobs: [
        ["MSTN", "Completed", "Error", [["unknown", "Completed", "Error", 0, "service/unknown-connector-type"]]],
        [
          "SHELLEDWCSV",
          "Completed",
          "PartialSuccess",
          [
            ["private", "Completed", "Error", 0, "fetch/address-not-allowed"],
            ["missing", "Completed", "Error", 0, "fetch/refused"],
            ["f5b36238", "Completed", "Success", 0],
          ],
        ],
        ["PSEXCEL", "Completed", "Success", [["a7c36238", "Completed", "Success", 0]]],
      ],
    });
  });

  it("removes what is unmapped, with the documents", async () => {
    server.requests.length = 0;
    const [unmap, children] = [{ action: "unmap" }, [{ id: "a7c36238" }]];
    const run = await imodel.runManifest(connection, { sourceFiles: [{ id: "f5b36238", ...unmap, children }] });
    expect([run.result, ...messagesOf(run)]).to.deep.equal([
      "Success",
      "0 new, 0 changed, 0 unchanged, 40 deleted.",
      "0 new, 0 changed, 0 unchanged, 5 deleted.",
    ]);
    expect(server.requests).to.deep.equal([]);
    const file = await imodel.download();
    expect([...queryFile(file, itemRows), ...queryFile(file, documentRows)]).to.deep.equal([]);
  });

  it("has nothing to do where the manifest names nothing", async () => {
    const run = await imodel.runManifest(connection, {});
    expect(outline(run)).to.deep.include({ state: "Completed", result: "Skipped", jobs: [] });
  });
});
