import { appendFileSync } from "node:fs";
import { expect } from "chai";
import type { ConnectorError } from "itwin-connector-framework";
import { runCommandLine } from "../../../src/cli/commandLine.js";
import { Timeline, useFolder, useHost } from "./support.js";

const good = "id,name,x,y\n1,a,1,2\n2,b,,\n";

interface BadInput {
  content: string | Uint8Array;
  args?: object;
  code: string;
  message: string;
  line?: number;
  cell?: string;
  /** What the advice must name. */
  advice: string;
}

const badInputs: Record<string, BadInput> = {
  "an empty file": { content: "", code: "csv/empty-file", message: "The file is empty.", advice: "Export" },
  "a file of line breaks": {
    content: "\n\r\n\n",
    code: "csv/empty-file",
    message: "The file is empty.",
    advice: "Export",
  },
  "only a byte order mark": {
    content: "\ufeff",
    code: "csv/empty-file",
    message: "The file is empty.",
    advice: "Export",
  },
  "only a header": {
    content: "id,name,x,y\n",
    code: "csv/no-rows",
    message: "The file has a header but no rows.",
    advice: "delete the iModel",
  },
  "an empty first line before data": {
    content: "\n1,2,3.5\n",
    code: "csv/no-header",
    line: 2,
    message: "The first line is data, not a header.",
    advice: "Begin the file with a line that names the columns.",
  },
  "data instead of a header": {
    content: "1,2020-01-01,1.5,true\n2,2020-01-02,2.5,false\n",
    code: "csv/no-header",
    line: 1,
    message: "The first line is data, not a header.",
    advice: "Begin the file with a line that names the columns.",
  },
  "data with texts instead of a header": {
    content: "P-1,Pump,1,2\nP-2,Valve,3,4\n",
    code: "csv/no-id-column",
    line: 1,
    message: "No column is named id, guid or key.",
    advice: '"idColumn": "P-1". The columns are: P-1, Pump, 1, 2.',
  },
  "a header of delimiters": {
    content: ",,,\n1,2.5,,\n",
    code: "csv/no-header",
    line: 2,
    message: "The first line is data, not a header.",
    advice: '"dialect": { "header": 0 }',
  },
  "a column without a name": {
    content: "id, ,x,y\n1,a,1,2\n",
    code: "csv/unnamed-column",
    line: 1,
    message: "Column 2 has no name.",
    advice: "Give the column a name",
  },
  "no id column": {
    content: "tag,name\n1,a\n",
    code: "csv/no-id-column",
    line: 1,
    message: "No column is named id, guid or key.",
    advice: '"idColumn": "tag". The columns are: tag, name.',
  },
  "no column that tells rows apart": {
    content: "when,value\n2024-01-01,2\n2024-01-01,3\n",
    code: "csv/no-id-column",
    line: 1,
    message: "No column is named id, guid or key.",
    advice: 'With "idByRow": true, lines identify rows.',
  },
  "the wrong delimiter": {
    content: "id;name\n1;a\n",
    args: { delimiter: "," },
    code: "csv/no-id-column",
    line: 1,
    message: "No column is named id, guid or key.",
    advice: 'Is "," the delimiter?',
  },
  "two id columns": {
    content: "ID,Id,name\n1,2,a\n",
    code: "csv/ambiguous-column",
    line: 1,
    message: "The columns ID and Id can both be the idColumn.",
    advice: '"idColumn"',
  },
  "a named column that is not there": {
    content: good,
    args: { idColumn: "tag" },
    code: "csv/unknown-column",
    line: 1,
    message: 'There is no column "tag", which the option "idColumn" names.',
    advice: "The columns are: id, name, x, y.",
  },
  "a named coordinate column that is not there": {
    content: good,
    args: { x: "x", y: "north" },
    code: "csv/unknown-column",
    line: 1,
    message: 'There is no column "north", which the option "y" names.',
    advice: "The columns are: id, name, x, y.",
  },
  "a duplicate column": {
    content: "id,name,x,name\n1,a,1,2\n",
    code: "csv/duplicate-column",
    line: 1,
    cell: "name",
    message: 'Columns 2 and 4 are both named "name".',
    advice: "Give each column a name of its own",
  },
  "too many columns": {
    content: `id,${Array.from({ length: 3000 }, (_, index) => `c${index}`).join()}\n`,
    code: "csv/too-many-columns",
    line: 1,
    message: "The file has 3001 columns, and an iModel takes 1950.",
    advice: "Leave out columns",
  },
  "a duplicate id": {
    content: 'id,name\n1,"a\n"\n2,b\n1,c\n',
    code: "csv/duplicate-id",
    line: 5,
    cell: "id",
    message: 'The identifier "1" of line 5 is that of line 2 too.',
    advice: '"idColumn"',
  },
  "an empty id": {
    content: "id,name\n1,a\n,b\n",
    code: "csv/empty-id",
    line: 3,
    cell: "id",
    message: "The row has no identifier.",
    advice: "Give each row an identifier of its own",
  },
  "a row with too few cells, where that is strict": {
    content: "id,name\r\n1,a\r\n\r\n2\r\n",
    args: { strict: true },
    code: "csv/ragged-row",
    line: 4,
    message: "The row has 1 cell, the header has 2.",
    advice: "Give each row one cell for each column",
  },
  "a row with too many cells": {
    content: 'id,name\n1,a\n"2",b,c\n',
    code: "csv/ragged-row",
    line: 3,
    message: "The row has 3 cells, the header has 2.",
    advice: "put a cell with a delimiter in quotes",
  },
  "a row that swallows the next ones": {
    content: 'id,name\n1,"a\n2,b\n3,c"\n4,"d",e\n5,"f\n6,g\n7","h",i\n',
    code: "csv/ragged-row",
    line: 5,
    message: "The row has 3 cells, the header has 2.",
    advice: "Give each row one cell",
  },
  "a ragged row of several lines": {
    content: 'id,name\n1,"a\n2,b\n3,c",d\n',
    code: "csv/ragged-row",
    line: 2,
    message: "The row has 3 cells, the header has 2.",
    advice: "It goes on to line 4: see whether a quote is missing.",
  },
  "a header that is not where the dialect says": {
    content: good,
    args: { dialect: { header: 7 } },
    code: "csv/no-header",
    message: "The file has no row from line 7 on, which the dialect takes for the header.",
    advice: '"dialect": { "header": 4 }',
  },
  "a header without the columns that the dialect says": {
    content: good,
    args: { dialect: { header: ["id", "tag"] } },
    code: "csv/no-header",
    message: "No line has the columns id,tag, which the dialect takes for the header.",
    advice: "names of columns that it has",
  },
  "text after a quote": {
    content: 'id,name\n1,"a" b\n',
    code: "csv/text-after-quote",
    line: 2,
    cell: "name",
    message: "The quote that opens the cell is closed, but text follows it.",
    advice: '"quote": false',
  },
  "a file of the dialect that is not there": {
    content: good,
    args: { dialect: "none.json" },
    code: "csv/dialect",
    message: "none.json cannot be read.",
    advice: "Frictionless",
  },
  "a compressed file": {
    content: Buffer.from([0x1f, 0x8b, 8, 0, 0]),
    code: "csv/compressed",
    message: "The file is compressed.",
    advice: "Unpack it",
  },
  "a quote that is never closed": {
    content: 'id,name\n1,a\n2,"b\n3,c\n',
    code: "csv/unclosed-quote",
    line: 3,
    cell: "name",
    message: "The quote that opens the cell is never closed.",
    advice: "Close it",
  },
  "the wrong encoding": {
    content: Buffer.from("id,name\n1,a\n2,Gr\u00fc\u00dfe\n", "latin1"),
    code: "csv/encoding",
    line: 3,
    message: "The line is not utf-8 text.",
    advice: '"encoding": "windows-1252"',
  },
  "one coordinate of two": {
    content: "id,x,y\n1,1,2\n2,,3\n",
    code: "csv/incomplete-coordinates",
    line: 3,
    cell: "x",
    message: "The row has a y but no x.",
    advice: "Give both, or leave both empty",
  },
  "a coordinate that is no number": {
    content: 'id,x,y,z\n1,1,2,"3,5"\n',
    code: "csv/not-a-number",
    line: 2,
    cell: "z",
    message: '"3,5" is not a number.',
    advice: "decimal point",
  },
  "a coordinate out of the world": {
    content: "id,x,y\n1,1e9,2\n",
    code: "csv/coordinate-out-of-range",
    line: 2,
    cell: "x",
    message: "1e9 is not within 80,000 km.",
    advice: '"units"',
  },
  "a latitude out of range": {
    content: "id,lat,lon\n1,91,2\n",
    code: "csv/coordinate-out-of-range",
    line: 2,
    cell: "lat",
    message: "91 is not between -90 and 90 degrees.",
    advice: "Correct the coordinate",
  },
  "a longitude out of range": {
    content: "id,lat,lon\n1,9,-180.5\n",
    code: "csv/coordinate-out-of-range",
    line: 2,
    cell: "lon",
    message: "-180.5 is not between -180 and 180 degrees.",
    advice: "Correct the coordinate",
  },
  "an unknown option": {
    content: good,
    args: { idcolumn: "id" },
    code: "csv/options",
    message: 'There is no option "idcolumn".',
    advice: "The options are: idColumn, delimiter",
  },
  "the name of another schema": {
    content: good,
    args: { schemaName: "BisCore" },
    code: "csv/schema-name-taken",
    message: "The iModel has a schema BisCore that does not come from CSV files.",
    advice: '"schemaName"',
  },
  "the alias of another schema": {
    content: good,
    args: { schemaName: "bis" },
    code: "csv/schema-refused",
    message: "",
    advice: '"schemaName"',
  },
};

describe("bad input", () => {
  useHost();
  const folder = useFolder(true);
  const timeline = new Timeline(folder);
  let contentBefore: string;
  before(async () => {
    await timeline.sync(good);
    contentBefore = timeline.content;
  });

  for (const [title, { content, args, code, message, line, cell, advice }] of Object.entries(badInputs))
    it(`is refused: ${title}`, async () => {
      timeline.args = args;
      const { error } = await timeline.run(content);
      expect(error?.code).to.equal(code);
      expect(error?.message).to.include(message);
      expect(error?.advice).to.include(advice);
      checkFile(error, `${folder.path}/${code === "csv/dialect" ? "none.json" : "parts.csv"}`);
      expect({ line: error?.source?.line, cell: error?.source?.cell }).to.deep.equal({ line, cell });
      expect(timeline.content, "the iModel").to.equal(contentBefore);

      const { exitCode, lines } = await runCli(folder.path, args);
      expect(exitCode).to.equal(1);
      expect(lines).to.have.length.within(1, 2);
      expect(lines[0]).to.match(new RegExp(`^error \\[${code}\\] `));
      expect(timeline.content, "the iModel").to.equal(contentBefore);
    });

  it("leaves no iModel where there was none", async () => {
    const timeline = new Timeline(folder);
    timeline.file = "none.csv";
    expect((await timeline.run("id,id\n1,2\n")).error?.code).to.equal("csv/duplicate-column");
    expect(() => timeline.content).to.throw("ENOENT");
  });

  it("is refused: a file that changes while it is read", async () => {
    let isChanged = false;
    timeline.args = undefined;
    timeline.onProgress = ({ phase }) => {
      if (phase === "data" && !isChanged) appendFileSync(`${folder.path}/parts.csv`, "3,c,,\n");
      isChanged ||= phase === "data";
    };
    const { error } = await timeline.run(`${good}4,d,,\n`);
    expect(error?.code).to.equal("csv/changed-meanwhile");
    expect(error?.recovery).to.equal("retriable");
    expect(timeline.content, "the iModel").to.equal(contentBefore);
  });

  it("is refused: a folder", async () => {
    const { error } = await new Timeline(folder).run(good, { sourcePath: folder.path });
    expect(error?.code).to.equal("csv/unreadable");
  });
});

function checkFile(error: Error | undefined, path: string): void {
  const { source } = error as ConnectorError;
  if (source !== undefined) expect(source.file).to.equal(path);
}

/** What the command line ends with and what it prints on stderr. */
async function runCli(folder: string, args: object = {}): Promise<{ exitCode: number; lines: string[] }> {
  const write = process.stderr.write.bind(process.stderr);
  let printed = "";
  process.stderr.write = (text: string | Uint8Array) => ((printed += String(text)), true);
  try {
    const connectorModule = new URL("../src/index.ts", import.meta.url).pathname;
    const flags = ["--connectorModule", connectorModule, "--sourcePath", `${folder}/parts.csv`, "--outputDir", folder];
    const exitCode = await runCommandLine([...flags, "--isSnapshot", "--quiet", "--argsJson", JSON.stringify(args)]);
    return { exitCode, lines: printed.trimEnd().split("\n") };
  } finally {
    process.stderr.write = write;
  }
}
