import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import {
  checkHostileSource,
  hostileCsv,
  hostileJson,
  hostileTables,
  recordsOf,
  type HostileSource,
} from "itwin-connector-framework/testing";

const connectorModule = fileURLToPath(new URL("./LinesConnector.ts", import.meta.url));

function sourceOf(content: string, records?: number): HostileSource {
  return { title: content, records, write: (path) => writeFileSync(path, content) };
}

/** What the check says of a source of lines. */
async function check(content: string, records?: number): Promise<string> {
  const source = sourceOf(content, records);
  const subject = { connectorModule, fileName: "lines.txt", plain: sourceOf("p 1\n"), sources: [source] };
  return checkHostileSource(subject, source).catch((error: unknown) => `bad: ${String(error)}`);
}

describe("The check of a hostile source", () => {
  it("accepts that every record is met, or reported", async () => {
    expect(await check("a 1\nb 2\n", 2)).to.match(/^2 new/);
    expect(await check("a 1\nb 2\na 3\n", 3)).to.match(/^2 new/);
  });

  it("finds a record that is lost", async () => {
    expect(await check("a 1\nb lost\n", 2)).to.match(/^bad: .*expected 2 records to be seen or reported; found 1 new/);
  });

  it("accepts a refusal that names the place", async () => {
    expect(await check("a placed\n")).to.equal("error [lines/bad] line 1: It is bad.");
  });

  it("finds a refusal that names none", async () => {
    expect(await check("a unplaced\n")).to.match(/^bad: .*expected an error that names the place; found error \[lines/);
  });

  it("finds a raw error", async () => {
    expect(await check("a raw\n")).to.match(
      /^bad: .*expected a ConnectorError .*; found error \[run\/data-failed\] The connector Lines failed/,
    );
  });

  it("finds a polluted prototype", async () => {
    try {
      expect(await check("a pollutes\n")).to.match(/^bad: .*expected prototypes as they were/);
    } finally {
      delete (Object.prototype as { polluted?: boolean }).polluted;
    }
  });
});

describe("Hostile sources", () => {
  it("have titles of their own", () => {
    for (const { sources } of [hostileCsv(), hostileJson()]) {
      const titles = sources.map(({ title }) => title);
      expect(new Set(titles).size).to.equal(titles.length);
    }
  });

  it("keep keys as own ones when they become records", () => {
    const table = hostileTables().find(({ title }) => title === "headers of objects")!;
    const [record] = recordsOf(table);
    expect(Object.keys(record!)).to.deep.equal(table.header);
    expect(Object.getPrototypeOf(record)).to.equal(Object.prototype);
  });
});
