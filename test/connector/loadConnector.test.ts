import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ConnectorError, ITwinConnector } from "itwin-connector-framework";
import { loadConnector } from "../../src/connector/loadConnector.js";
import { temporaryFolder } from "../support/temporary.js";

const framework = new URL("../../src/index.ts", import.meta.url).href;

const connectorClass = (name: string) => `
class ${name} extends ITwinConnector {
  getApplicationId() { return "test"; }
  getApplicationVersion() { return "1.0.0"; }
  getConnectorName() { return "${name}"; }
}`;

function write(name: string, code: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, code);
  return path;
}

const esm = (code: string) => write("x.mjs", `import { ITwinConnector } from "${framework}";\n${code}`);

async function refusal(connectorModule: string): Promise<ConnectorError> {
  try {
    await loadConnector(connectorModule);
  } catch (error) {
    expect(error).to.be.instanceOf(ConnectorError);
    return error as ConnectorError;
  }
  throw new Error("was not refused");
}

describe("loadConnector", () => {
  const accepted: [title: string, code: string][] = [
    [
      "exports getConnectorInstance",
      `${connectorClass("A")} export function getConnectorInstance() { return new A(); }`,
    ],
    [
      "exports an asynchronous getConnectorInstance",
      `${connectorClass("A")} export async function getConnectorInstance() { return new A(); }`,
    ],
    ["exports a class by default", `export default ${connectorClass("A")}`],
    [
      "exports a class with a static create by default",
      `${connectorClass("A")} export default class Maker { static async create() { return new A(); } }`,
    ],
  ];
  for (const [title, code] of accepted)
    it(`takes an ES module that ${title}`, async () => {
      const connector = await loadConnector(esm(code));
      expect(connector).to.be.instanceOf(ITwinConnector);
      expect(connector.getConnectorName()).to.equal("A");
    });

  it("takes a CommonJS module", async () => {
    const load = `const load = () => import("${framework}");`;
    const code = `${load} exports.getConnectorInstance = async () => {
      const { ITwinConnector } = await load(); ${connectorClass("A")} return new A(); };`;
    expect((await loadConnector(write("x.cjs", code))).getConnectorName()).to.equal("A");
  });

  it("takes a path relative to the working directory, and the name of an installed package", async () => {
    const before = process.cwd();
    const folder = temporaryFolder();
    const code = `import { ITwinConnector } from "${framework}";\nexport default ${connectorClass("A")}`;
    mkdirSync(join(folder, "node_modules", "my-connector"), { recursive: true });
    const manifest = { name: "my-connector", type: "module", exports: "./index.js" };
    writeFileSync(join(folder, "node_modules", "my-connector", "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "node_modules", "my-connector", "index.js"), code);
    writeFileSync(join(folder, "x.mjs"), code);
    process.chdir(folder);
    try {
      for (const name of ["x.mjs", "./x.mjs", "my-connector"])
        expect((await loadConnector(name)).getConnectorName()).to.equal("A");
    } finally {
      process.chdir(before);
    }
  });

  it("refuses a module that is missing", async () => {
    for (const name of ["./missing.js", "/missing.js", "missing-package"]) {
      const error = await refusal(name);
      expect(error).to.include({ code: "load/module-not-found", message: `There is no connector module ${name}.` });
    }
  });

  it("refuses a module that throws while it is loaded", async () => {
    const error = await refusal(write("x.mjs", "throw new Error('broken inside');"));
    expect(error.code).to.equal("load/module-failed");
    expect(error.message).to.contain("broken inside");
  });

  it("refuses a module with a syntax error", async () => {
    expect((await refusal(write("x.mjs", "export default class {"))).code).to.equal("load/module-failed");
  });

  it("refuses a module that cannot make its connector", async () => {
    const error = await refusal(esm("export function getConnectorInstance() { throw new Error('no licence'); }"));
    expect(error).to.include({ code: "load/connector-failed" });
    expect(error.message).to.contain("no licence");
  });

  const refused: [title: string, code: string, found: string][] = [
    ["exports nothing", "export {};", "exports nothing"],
    ["exports something else", "export const answer = 42; export class Other {}", "answer (a number)"],
    ["exports a class that is no connector by default", "export default class Other {}", "default (class Other)"],
    ["makes something else", "export function getConnectorInstance() { return {}; }", "makes an object"],
    [
      "makes an object without a class",
      "export function getConnectorInstance() { return Object.create(null); }",
      "makes an object",
    ],
    ["exports only a namespace", 'export * as helpers from "node:path";', "exports helpers (an object)"],
    ["makes nothing", "export function getConnectorInstance() {}", "makes undefined"],
  ];
  for (const [title, code, found] of refused)
    it(`refuses a module that ${title}, with what was found and what was expected`, async () => {
      const error = await refusal(write("x.mjs", code));
      expect(error.code).to.equal("load/no-connector");
      expect(error.message).to.contain(found);
      expect(error.advice).to.contain("getConnectorInstance()").and.to.contain("extends ITwinConnector");
    });

  it("refuses a connector of another copy of the framework, and says so", async () => {
    const error = await refusal(write("x.mjs", `class ITwinConnector {} export default ${connectorClass("A")}`));
    expect(error.code).to.equal("load/other-framework");
  });
});
