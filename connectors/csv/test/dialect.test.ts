import { expect } from "chai";
import { openText, SourceErrors, type TextDialect } from "itwin-connector-framework/tables";
import { CsvTable } from "../src/CsvTable.js";
import { findLayout } from "../src/dialect/findLayout.js";
import { errorOf, useFolder } from "./support.js";

/** What a table says of itself, and its cells. */
interface Expected {
  readAs?: string;
  names: string[];
  /** The cells of all rows below the header. */
  rows: string[][];
  notation?: object;
  units?: (string | undefined)[];
  /** The line of each row below the header. */
  lines?: number[];
  issues?: string[];
}

type Case = [title: string, content: string, given: Given, expected: Expected];
type Given = TextDialect & { named?: string[]; isNumbered?: boolean };

describe("the dialect of a CSV file", () => {
  const folder = useFolder();

  async function read(content: string, { named = [], isNumbered = false, ...dialect }: Given = {}) {
    const file = await openText(new SourceErrors("csv", folder.write("a.csv", content)));
    const layout = await findLayout(file, { dialect, namedColumns: named });
    const issues: string[] = [];
    const report = (_: string, message: string) => issues.push(message);
    const comments: number[] = [];
    const reportComments = (line: number, count: number) => comments.push(line, count);
    const table = new CsvTable({ file, layout, name: "A", isNumbered, isStrict: false, report, reportComments });
    const rows = [];
    for await (const some of table.rows()) rows.push(...some);
    return { table, rows, issues, comments };
  }

  function describeCases(cases: Case[]): void {
    for (const [title, content, given, expected] of cases)
      it(title, async () => {
        const { table, rows, issues } = await read(content, given);
        const [header, ...others] = rows;
        expect(header?.cells).to.deep.equal(expected.names);
        expect(others.map(({ cells }) => cells)).to.deep.equal(expected.rows);
        expect(table.readAs).to.equal(expected.readAs);
        expect(table.notation, "notation").to.deep.equal(expected.notation);
        expect(table.units, "units").to.deep.equal(expected.units);
        if (expected.lines !== undefined) expect(others.map(({ number }) => number)).to.deep.equal(expected.lines);
        expect(issues).to.deep.equal(expected.issues ?? []);
      });
  }

  const plain = { names: ["id", "name"], rows: [["1", "a"], ["2", "b"]] }; // prettier-ignore

  describe("finds the delimiter", () => {
    describeCases([
      ["says nothing of a comma", "id,name\n1,a\n2,b\n", {}, plain],
      ["of a line that names it", "sep=;\r\nid;name\r\n1;a\r\n2;b\r\n", {}, { ...plain, readAs: "semicolon, header in line 2", lines: [3, 4] }],
      ["of such a line in quotes", '"sep=|"\nid|name\n1|a\n2|b\n', {}, { ...plain, readAs: "bar, header in line 2" }],
      ["of a line that names one that is not known", "sep=:\nid:name\n1:a\n2:b\n", {}, { ...plain, readAs: '":", header in line 2' }],
      ["of aligned columns", "id   name\n1    a\n2    b\n", {}, { ...plain, readAs: "whitespace" }],
      ["of columns that are aligned to the right", "  id  name\n   1     a\n   2     b\n", {}, { ...plain, readAs: "whitespace" }],
      ["that is given as whitespace", 'id\tname\n1 \t a\n2  "b"\n', { delimiter: "whitespace" }, { ...plain, readAs: "whitespace" }],
      ["below a title with other ones", "Rooms, doors, windows\nid;name\n1;a\n2;b\n", {}, { ...plain, readAs: "semicolon, header in line 2" }],
      ["beside decimal commas", "id;x\n1;1,5\n2;2,5\n", {}, { names: ["id", "x"], rows: [["1", "1,5"], ["2", "2,5"]], readAs: "semicolon, decimal comma", notation: { decimal: ",", dates: [] } }],
    ]); // prettier-ignore

    it("takes no words for aligned columns", async () => {
      const { rows } = await read("id\nPump one\nPump two\n");
      expect(rows.map(({ cells }) => cells)).to.deep.equal([["id"], ["Pump one"], ["Pump two"]]);
    });
  });

  describe("finds the header", () => {
    const withValues = { names: ["id", "name", "v"], rows: [["1", "a", "2"], ["2", "b", "3"]] }; // prettier-ignore
    describeCases([
      ["below lines with a cell each", "Line list,,\nRev 3,,\n,,\nid,name,v\n1,a,2\n2,b,3\n", {}, { ...withValues, readAs: "header in line 4", lines: [5, 6] }],
      ["below lines without delimiters", "Line list\n\nid,name,v\n1,a,2\n2,b,3\n", {}, { ...withValues, readAs: "header in line 3" }],
      ["below a title of several lines", '"Line\nlist",,\nid,name,v\n1,a,2\n2,b,3\n', {}, { ...withValues, readAs: "header in line 3", lines: [4, 5] }],
      ["below comments", "# exported, 2024\n# by x\nid,name\n1,a\n2,b\n", {}, { ...plain, readAs: "header in line 3", lines: [4, 5] }],
      ["below comments above a single column", "# ids\nid\n1\n", {}, { names: ["id"], rows: [["1"]], readAs: "header in line 2" }],
      ["below empty lines", "\n,\nid,name\n1,a\n2,b\n", {}, { ...plain, readAs: "header in line 3" }],
      ["that begins with a number sign", "#tag,name\n1,a\n2,b\n", {}, { ...plain, names: ["#tag", "name"] }],
      ["by a line", "a,b,c\nd,e,f\nid,name\n1,a\n2,b\n", { header: 3 }, { ...plain, readAs: "header in line 3", lines: [4, 5] }],
      ["by names of columns", "made,by,me\nid,name\n1,a\n2,b\n", { header: ["name"] }, { ...plain, readAs: "header in line 2" }],
      ["by names that other options give", "made,by\nid,name\n1,a\n2,b\n", { named: ["name"] }, { ...plain, readAs: "header in line 2" }],
      ["in several rows", "id,Position,,Note\n,x,y,\n1,2,3,a\n", { headerRows: 2 }, { names: ["id", "Position / x", "Position / y", "Note"], rows: [["1", "2", "3", "a"]], lines: [3] }],
      ["without any", "1,a\n2,b\n", { header: 0 }, { ...plain, names: ["column1", "column2"], readAs: "no header", lines: [1, 2] }],
      ["with two byte order marks", "\ufeff\ufeffid,name\n1,a\n2,b\n", {}, plain],
      ["with a delimiter at the end of each line", "id;name;\n1;a;\n2;b;\n", {}, { ...plain, readAs: "semicolon" }],
      ["with two delimiters at the end of each line", "id,name,,\n1,a,,\n2,b,,\n", {}, plain],
      ["with a delimiter at the end of rows alone", "id,name\n1,a,\n2,b,\n", {}, plain],
    ]); // prettier-ignore

    it("takes no row for it that may be data", async () => {
      const unsure = ["id,,name\nP,b,c\nQ,d,e\n", "tag,\na,b\nc,d\n", "id,note\n1,\nkey,x\n"];
      for (const content of unsure) {
        const { rows } = await read(content);
        expect(rows[0]?.number, content).to.equal(1);
      }
    });

    it("names invented columns as such", async () => {
      expect((await read("1,a\n", { header: 0 })).table.hasInventedNames).to.equal(true);
      expect((await read("id,a\n1,a\n")).table.hasInventedNames).to.equal(false);
    });
  });

  describe("finds units", () => {
    const measured = { names: ["id", "len", "flow"], rows: [["P-1", "5", "7.5"]] }; // prettier-ignore
    const units = { units: [undefined, "mm", "m3/h"], readAs: "units in line 2", lines: [3] };
    describeCases([
      ["in a row below the header", "id,len,flow\n,mm,m3/h\nP-1,5,7.5\n", {}, { ...measured, ...units }],
      ["in brackets", "id,len,flow\n-,[mm],(m3/h)\nP-1,5,7.5\n", {}, { ...measured, ...units }],
      ["that are no known ones, where the dialect says so", "id,len,flow\n,mm,a lot\nP-1,5,7.5\n", { unitsRow: true }, { ...measured, ...units, units: [undefined, "mm", "a lot"] }],
      ["not in a row with an identifier", "id,grade\nm,1\nk,2\n", {}, { names: ["id", "grade"], rows: [["m", "1"], ["k", "2"]] }],
      ["not above texts", "id,class\n,A\nP-1,B\n", {}, { names: ["id", "class"], rows: [["", "A"], ["P-1", "B"]] }],
    ]); // prettier-ignore
  });

  describe("finds how values are written", () => {
    const notationOf = async (content: string, given?: Given) => (await read(content, given)).table.notation;
    const semicolon = (...columns: string[][]) =>
      ["id", ...columns.map((_, index) => `c${index}`)].join(";") +
      (columns[0] ?? [])
        .map((_, row) => `\n${[`P-${row}`, ...columns.map((values) => values[row])].join(";")}`)
        .join("");
    const cases: [title: string, content: string, notation: object | undefined][] = [
      ["a decimal comma", semicolon(["1,5", "2,25"]), { decimal: ",", dates: [] }],
      ["a decimal comma among whole numbers and marks", semicolon(["1", "2,25", "NA", ""]), { decimal: ",", dates: [] }],
      ["points between thousands", semicolon(["1.234,50", "12,00"]), { decimal: ",", thousands: ".", dates: [] }],
      ["apostrophes between thousands", semicolon(["1'234.5", "12"]), { thousands: "'", dates: [] }],
      ["spaces between thousands", semicolon(["1 234,5", "2"]), { decimal: ",", thousands: " ", dates: [] }],
      ["commas between thousands", 'id,v\n1,"1,234.5"\n', { thousands: ",", dates: [] }],
      ["nothing of three digits after a comma", semicolon(["1,234", "5,678"]), undefined],
      ["nothing of commas in quotes among commas", 'id,v\n1,"1,5"\n', undefined],
      ["nothing of a column with a text", semicolon(["1,5", "2,5 m"]), undefined],
      ["nothing of columns that tell different things", semicolon(["1,5", "2,5"], ["1.5", "2.25"]), undefined],
      ["days before months with points", semicolon(["31.12.2024", "01.02.2025"]), { dates: ["dd.MM.yyyy"] }],
      ["short days and months", semicolon(["1.2.2024", "11.12.2025"]), { dates: ["d.M.yyyy"] }],
      ["days first by a day above 12", semicolon(["05/06/2024", "31/12/2024"]), { dates: ["dd/MM/yyyy"] }],
      ["months first by a day above 12", semicolon(["05/06/2024", "12/31/2024"]), { dates: ["MM/dd/yyyy"] }],
      ["nothing of days that may be months", semicolon(["05/06/2024", "07/08/2024"]), undefined],
      ["nothing of both orders", semicolon(["05/31/2024", "31/05/2024"]), undefined],
      ["nothing of two columns of two orders", semicolon(["31/5/2024"], ["05/31/2024"]), undefined],
      ["years first with slashes", semicolon(["2024/06/05"]), { dates: ["yyyy/MM/dd"] }],
      ["times after a space", semicolon(["2024-02-29 12:30:00"]), { dates: ["yyyy-MM-dd"] }],
      ["times after a space beside days", semicolon(["2024-02-29 12:30:00", "2024-03-01"]), { dates: ["yyyy-MM-dd"] }],
      ["nothing of ISO dates", semicolon(["2024-02-29"]), undefined],
    ]; // prettier-ignore
    for (const [title, content, notation] of cases)
      it(title, async () => {
        expect(await notationOf(content)).to.deep.equal(notation);
      });

    it("takes what is given instead", async () => {
      const dates = ["MM/dd/yyyy"];
      const given = { decimal: ".", thousands: ",", dates, nullMarks: ["n/a"] } as const;
      const { table } = await read(semicolon(["1,234", "2"]), given);
      expect(table.notation).to.deep.equal(given);
      expect(table.readAs).to.equal("semicolon, comma between thousands, dates MM/dd/yyyy, empty: n/a");
    });

    it("says what was found", async () => {
      const { table } = await read(`Report\n\n${semicolon(["1.234,5"], ["31.12.2024"])}`);
      expect(table.readAs).to.equal(
        "semicolon, header in line 3, decimal comma, point between thousands, dates dd.MM.yyyy",
      );
    });
  });

  describe("reads rows that are odd", () => {
    const inches = { names: ["id", "size"], rows: [["1", '20" valve'], ["2", '6" pipe']] }; // prettier-ignore
    describeCases([
      ["leaves out rows of delimiters", "id,name\n1,a\n,\n2,b\n , \n", {}, { ...plain, lines: [2, 4] }],
      ["keeps quotes within cells that have none around them", 'id\tsize\n1\t20" valve\n2\t6" pipe\n', {}, { ...inches, readAs: "tab" }],
      ["keeps quotes at the end of such cells", 'id,size\n1,20"\n2,6"\n', {}, { ...inches, rows: [["1", '20"'], ["2", '6"']] }],
      ["keeps quotes of a file that has no quoted cells", 'id,size\n1,"20\n2,"6" pipe\n', { quote: false }, { ...inches, rows: [["1", '"20'], ["2", '"6" pipe']], readAs: "no quotes" }],
      ["takes other quotes", "id,size\n1,'20\" valve'\n2,'6\" pipe'\n", { quote: "'" }, { ...inches, readAs: "quote '" }],
      ["takes a character before quotes", 'id,size\n1,"20\\" valve"\n2,"6\\" pipe"\n', { escape: "\\" }, { ...inches, readAs: "escape \\" }],
      ["leaves out comments", 'id,name\n1,a\n# "2,x\n2,b\n', { comment: "#" }, { ...plain, readAs: "comments after #", lines: [2, 4] }],
      ["leaves out spaces after delimiters", 'id, name\n1, a\n2, "b"\n', {}, { ...plain, readAs: "spaces around cells left out" }],
      ["keeps spaces that stand in a row alone", "id,name\n1, a\n2,b\n", {}, { ...plain, rows: [["1", " a"], ["2", "b"]] }],
      ["keeps spaces where the dialect says so", "id, name\n1, a\n2, b\n", { trim: false }, { ...plain, rows: [["1", " a"], ["2", " b"]] }],
      ["fills up short rows", "id,name,a\n1,x\n2,y,z\n3\n", {}, { names: ["id", "name", "a"], rows: [["1", "x", ""], ["2", "y", "z"], ["3", "", ""]], issues: ["Line 2 and 1 more: fewer cells than the header has. The missing ones are empty."] }],
      ["counts lines as identifiers", "name\na\n\nb\n", { isNumbered: true }, { names: ["line", "name"], rows: [["2", "a"], ["4", "b"]] }],
      ["reads line ends of any kind", "id,name\r\n1,a\n2,b\r", {}, plain],
    ]); // prettier-ignore

    describe("leaves out comments below the header that nobody names", () => {
      const below = { ...plain, readAs: "comments after #" };
      const belowAbove = { ...plain, readAs: "comments after #, header in line 2" };
      describeCases([
        ["of a single cell with other delimiters in it", "id\tname\n1\ta\n# the spare, later\n2\tb\n", {}, { ...below, readAs: "tab, comments after #", lines: [2, 4] }],
        ["of a single cell without delimiters", "id,name\n1,a\n#spare\n2,b\n", {}, { ...below, lines: [2, 4] }],
        ["with the delimiters of a spreadsheet", "id,name\n1,a\n# the spare,\n2,b\n", {}, { ...below, lines: [2, 4] }],
        ["right below the header, above units", "id,len\n# in\n,mm\nP-1,5\n", {}, { names: ["id", "len"], rows: [["P-1", "5"]], units: [undefined, "mm"], readAs: "comments after #, units in line 3" }],
        ["whatever they hold, where such lines are above it", '# exported\nid,name\n1,a\n# by x, "y,z\n#3,c\n2,b\n', {}, { ...belowAbove, lines: [3, 6] }],
        ["that begin with another mark, where such lines are above it", "% exported\nid,name\n1,a\n% 7,c\n2,b\n", {}, { ...belowAbove, readAs: "comments after %, header in line 2" }],
      ]); // prettier-ignore

      it("and counts them", async () => {
        expect((await read("id,name\n1,a\n# x\n2,b\n# y\n")).comments).to.deep.equal([3, 2]);
      });
    });

    describe("keeps rows that begin with a number sign", () => {
      describeCases([
        ["as their identifiers do", "id,name\n#1,a\n#2,b\n", {}, { ...plain, rows: [["#1", "a"], ["#2", "b"]] }],
        ["as most do, below a comment", "# steps\nid,name\n#1,a\n#2,b\n", {}, { ...plain, rows: [["#1", "a"], ["#2", "b"]], readAs: "header in line 2" }],
        ["and are short among others", "id,name\n#1,a\n#2\n", {}, { ...plain, rows: [["#1", "a"], ["#2", ""]], issues: ["Line 3: fewer cells than the header has. The missing ones are empty."] }],
        ["in a single column", "id\n# 1\n", { comment: false }, { names: ["id"], rows: [["# 1"]] }],
        ["where the dialect says so", "id,name\n# 1,a\n#\n", { comment: false }, { ...plain, rows: [["# 1", "a"], ["#", ""]], issues: ["Line 3: fewer cells than the header has. The missing ones are empty."] }],
      ]); // prettier-ignore
    });

    it("refuses lines that may be comments or rows, with the line and the option", async () => {
      for (const content of ["id,v,w\n1,2,3\n# a, b\n", "id,v\n1,2\n# a, b\n", "id,v,w\n1,2,3\n#a,b,c,d\n"]) {
        const { code, source, advice } = await errorOf(() => read(content));
        expect([code, source?.line], content).to.deep.equal(["csv/unclear-comment", 3]);
        expect(advice).to.include('"dialect": { "comment": "#" }').and.to.include('{ "comment": false }');
      }
    });

    it("says how often rows are short once only", async () => {
      const { table, issues } = await read("id,name\n1\n");
      for await (const rows of table.rows()) expect(rows).to.have.lengthOf(1);
      expect(issues).to.have.lengthOf(1);
    });

    it("refuses cells beyond the header, with the line and the option that may help", async () => {
      const error = await errorOf(() => read('Report\nid,v,w\n1,"a\nb",2\n,,\n2,b,c,d\n', { header: 2 }));
      expect(error.code).to.equal("csv/ragged-row");
      expect(error.source?.line).to.equal(6);
      expect(error.advice).to.include('"dialect"');
    });

    it("names the line and the column of a quote below a preamble", async () => {
      const error = await errorOf(() => read('Report,,\n\nid,v,w\n1,2,3\n2,3,4\n3,"x"y,4\n'));
      expect(error.code).to.equal("csv/text-after-quote");
      expect(error.source).to.deep.include({ line: 6, cell: "v" });
    });
  });
});
