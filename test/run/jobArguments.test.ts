import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import {
  ConnectorError,
  ConnectorJobDefArgs,
  ConnectorRunner,
  IModelBankArgs,
  ServerArgs,
} from "itwin-connector-framework";
import yargs from "yargs";
import { readStrictly, withJobFlags } from "../../src/cli/jobOptions.js";
import { normalizeArguments, parseJobArguments, toJobArguments } from "../../src/run/jobArguments.js";
import { temporaryFolder } from "../support/temporary.js";

const parse = (...args: string[]) => parseJobArguments(args);
const job = (...args: string[]) => parse(...args).jobDefArgs;

describe("Job arguments", () => {
  it("have the documented defaults", () => {
    expect(job()).to.deep.equal(new ConnectorJobDefArgs());
    expect(new ConnectorJobDefArgs()).to.include({
      allDocsProcessed: false,
      updateDbProfile: true,
      updateDomainSchemas: true,
      isSnapshot: false,
      doDetectDeletedElements: true,
    });
  });

  const texts = [
    "connectorModule",
    "sourcePath",
    "outputDir",
    "revisionComments",
    "documentGuid",
    "dmsServerUrl",
    "dmsAccessToken",
  ] as const;
  for (const name of texts)
    it(`take --${name} in both spellings`, () => {
      const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      expect(job(`--${name}`, "some text")[name]).to.equal("some text");
      expect(job(`--${kebab}=some text`)[name]).to.equal("some text");
    });

  const flags = [
    "allDocsProcessed",
    "doDetectDeletedElements",
    "isSnapshot",
    "updateDbProfile",
    "updateDomainSchemas",
  ] as const;
  for (const name of flags)
    it(`take --${name} and its negation`, () => {
      expect(job(`--${name}`)[name]).to.equal(true);
      expect(job(`--${name}=false`)[name]).to.equal(false);
      expect(job(`--no-${name}`)[name]).to.equal(false);
    });

  it("take argsJson inline and from a file", () => {
    expect(job("--argsJson", '{"idColumn":"tag"}').argsJson).to.deep.equal({ idColumn: "tag" });
    const path = join(temporaryFolder(), "args.json");
    writeFileSync(path, '{"idColumn":"tag"}');
    expect(job("--args-json", path).argsJson).to.deep.equal({ idColumn: "tag" });
    writeFileSync(path, "{idColumn");
    expect(() => job("--argsJson", path)).to.throw(`The JSON file ${path} is not JSON`);
    expect(() => job("--argsJson", "{idColumn")).to.throw("argsJson is not JSON");
    expect(() => job("--argsJson", "missing.json")).to.throw("There is no JSON file missing.json.");
  });

  it("take settings as a JSON object", () => {
    expect(job("--settings", '{"enableSheetsAndDrawings":true}').settings).to.deep.equal({
      enableSheetsAndDrawings: true,
    });
    expect(() => job("--settings", "[1]")).to.throw("The settings are no JSON object.");
  });

  it("take what is said of the document", () => {
    const path = join(temporaryFolder(), "attributes.json");
    writeFileSync(path, '{"className":"S:C","properties":{}}');
    const { options } = parse(
      "--documentName=plans/a.csv",
      `--document-attributes=${path}`,
      '--documentProperties={"parentGuid":"g"}',
      "--unmap",
    );
    expect(options).to.deep.include({
      documentName: "plans/a.csv",
      documentAttributes: { className: "S:C", properties: {} },
      documentProperties: { parentGuid: "g" },
      unmap: true,
    });
    expect(() => parse("--documentAttributes", "{className")).to.throw("documentAttributes is not JSON");
  });

  it("take the older spellings", () => {
    const { jobDefArgs, serverArgs } = parse(
      "--fwk-input=in.csv",
      "--fwk-output=out",
      "--fwk-connector-library=x.js",
      "--snapshot",
      "--dms-inputFileUrn=https://example.com/in.csv",
      "--dms-accessToken=secret",
      "--dms-documentGuid=guid",
    );
    expect(jobDefArgs).to.include({
      sourcePath: "in.csv",
      outputDir: "out",
      connectorModule: "x.js",
      isSnapshot: true,
      dmsServerUrl: "https://example.com/in.csv",
      dmsAccessToken: "secret",
      documentGuid: "guid",
    });
    expect(serverArgs).to.equal(undefined);
  });

  it("take the older spellings of a server", async () => {
    const tokenFile = join(temporaryFolder(), "token");
    writeFileSync(tokenFile, "Bearer abc\n");
    const { serverArgs } = parse(
      "--server-repository=model",
      "--server-project=project",
      "--server-project-guid=guid",
      "--server-environment=QA",
      `--server-accessToken=${tokenFile}`,
      "--fwk-create-repository-if-necessary",
    );
    expect(serverArgs).to.be.instanceOf(ServerArgs).and.to.include({
      iModelName: "model",
      contextName: "project",
      contextId: "guid",
      environment: "QA",
      createiModel: true,
    });
    expect(await serverArgs!.getToken!()).to.equal("Bearer abc");
  });

  it("take the older spelling of a bank", () => {
    const { serverArgs } = parse("--imodel-bank-url=file:///bank", "--server-repository=model");
    expect(serverArgs).to.be.instanceOf(IModelBankArgs).and.to.include({ url: "file:///bank", iModelName: "model" });
  });

  it("do not ask for a server where there is only --fwk-create-repository-if-necessary", () => {
    expect(parse("--fwk-create-repository-if-necessary").serverArgs).to.equal(undefined);
  });

  it("come from a file with one argument a line", () => {
    const path = join(temporaryFolder(), "args.txt");
    writeFileSync(path, '--fwk-input="my file.csv"\r\n\r\n  --isSnapshot\n--revisionComments=two words\n');
    const { sourcePath, isSnapshot, revisionComments, outputDir } = job(`@${path}`, "--outputDir", "out");
    expect({ sourcePath, isSnapshot, revisionComments, outputDir }).to.deep.equal({
      sourcePath: "my file.csv",
      isSnapshot: true,
      revisionComments: "two words",
      outputDir: "out",
    });
    expect(() => job("@missing.txt")).to.throw("There is no argument file missing.txt.");
  });

  it("count as they are given last", () => {
    const path = join(temporaryFolder(), "args.txt");
    writeFileSync(path, "--outputDir=usual\n--isSnapshot");
    expect(job(`@${path}`, "--outputDir", "other")).to.include({ outputDir: "other", isSnapshot: true });
    expect(job(`@${path}`, "--output-dir=other", "--isSnapshot=false")).to.include({
      outputDir: "other",
      isSnapshot: false,
    });
    expect(job("--output-dir=other", "--no-isSnapshot", `@${path}`)).to.include({
      outputDir: "usual",
      isSnapshot: true,
    });
    expect(job("--argsJson={}", "--argsJson", "[1]").argsJson).to.deep.equal([1]);
  });

  it("are refused where a file of theirs is a folder", () => {
    const folder = temporaryFolder();
    for (const args of [[`@${folder}`], ["--argsJson", folder]])
      expect(() => job(...args))
        .to.throw(ConnectorError, `file ${folder} cannot be read: EISDIR`)
        .that.includes({ advice: "Check the path, and that it may be read." });
  });

  it("are refused where they are unknown or incomplete", () => {
    expect(() => job("--bogus")).to.throw("Unknown argument: bogus");
    expect(() => job("--sourcePath")).to.throw("Not enough arguments following: sourcePath");
    expect(() => job("stray")).to.throw("Unknown argument: stray");
  });

  it("are refused where what is either true or false is something else", () => {
    for (const arg of ["--dryRun=maybe", "--dry-run=maybe", "--snapshot=maybe", "--updateDbProfile=", "--isSnapshot=1"])
      expect(() => parse(arg)).to.throw(/^--\w[\w-]* is true or false, not "(maybe|1|)"\.$/);
    expect(parse("--dryRun=true", "--dry-run=false", "--sourcePath=--dryRun=maybe").options.dryRun).to.equal(false);
  });

  it("are refused where a number is not one", () => {
    expect(parse("--lock-retries=3", "--lockRetryDelay", "0").options).to.include({
      lockRetries: 3,
      lockRetryDelay: 0,
    });
    for (const value of ["abc", "-1", "Infinity"])
      expect(() => parse(`--lock-retries=${value}`))
        .to.throw(ConnectorError, "lockRetries is a number, and not less than 0.")
        .that.includes({ code: "usage/arguments", phase: "arguments", advice: "See connector-runner --help." });
  });

  it("mean the same to fromArgs and to the command line", () => {
    const names = [
      "sourcePath",
      "isSnapshot",
      "dryRun",
      "lockRetries",
      "createiModel",
      "argsJson",
      "bogus",
      "constructor",
    ];
    const spellings = names.flatMap((name) => [name, name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]);
    const flags = spellings.flatMap((name) => [`--${name}`, `--no-${name}`, `--${name}=`]);
    const words = [
      "true",
      "false",
      "3",
      "-4",
      "abc",
      "{}",
      "a b",
      "",
      "-",
      "--",
      "-x",
      "--other-flag",
      "--sourcePath.x=1",
    ];
    const argument = fc.oneof(
      fc.constantFrom(...flags, ...words),
      fc.tuple(fc.constantFrom(...flags), fc.constantFrom(...words)).map((parts) => parts.join("")),
    );
    const parser = withJobFlags(readStrictly(yargs([])))
      .help(false)
      .version(false)
      .locale("en");
    const parseByCommandLine = (args: string[]) => toJobArguments(parser.parseSync(normalizeArguments(args)));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 6 }), (args) => {
        expect(outcomeOf(() => parseJobArguments(args))).to.deep.equal(outcomeOf(() => parseByCommandLine(args)));
      }),
      { numRuns: 200 },
    );
  });

  it("make a runner", () => {
    expect(ConnectorRunner.fromArgs(["--dryRun", "--sourcePath", "x"]).result.dryRun).to.equal(true);
  });
});

function outcomeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    const { code, message, advice } = error as ConnectorError;
    return { code, message, advice };
  }
}
