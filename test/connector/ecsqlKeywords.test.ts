import { ECDb } from "@itwin/core-backend";
import { DbResult } from "@itwin/core-bentley";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isECSqlKeyword, withoutKeyword } from "../../src/connector/schema/ecsqlKeywords.js";
import { temporaryFolder } from "../support/temporary.js";

/** Words of ECSQL's grammar. Its parser names them as the tokens of its language. */
const grammar = [
  "all and any as asc avg backward between binary blob boolean by case cast collate count cross",
  "cume_dist current current_date current_time current_timestamp date delete dense_rank desc distinct",
  "double ecsqloptions else end escape every except exclude exists false filter first first_value float",
  "following for forward from full group group_concat groups having iif in inner insert int int64",
  "integer intersect into is join lag last last_value lead left like limit long match max min natural",
  "navigation_value no nocase not nth_value ntile null nulls offset on only options or order others",
  "outer over partition percent_rank pragma preceding range rank real recursive right row row_number",
  "rows rtrim select set some string sum then ties time timestamp total true unbounded union unique",
  "unknown update using value values varchar when where window with",
].flatMap((line) => line.split(" "));

/** Words of SQL and of SQLite, and words that tables like to have, which ECSQL takes for names. */
const others = [
  "abort abs absolute action add after allocate alter always analyze are area assertion at attach",
  "authorization autoincrement before begin bigint bis bit bit_length both cascade catalog category",
  "char char_length character check class close coalesce code collation column commit conflict connect",
  "connection constraint constraints continue convert corresponding create cursor database datetime day",
  "deallocate dec decimal declare default deferrable deferred describe description descriptor detach",
  "diagnostics disconnect do domain drop dynamic each ecdbmeta element exception exclusive exec execute",
  "explain extended external extract fail fetch foreign found generated get glob global go goto grant",
  "height hex hour identity if ifnull ignore immediate index indexed indicator initially input",
  "insensitive instanceof instead instr interval isnull isolation json json1 json_extract key label",
  "language leading length level local lower main materialized meta minute model module month name",
  "names national nchar next nothing notnull nullif number numeric octet_length of oid open option",
  "output overlaps pad parent partial parts percent plan point2d point3d position precision prepare",
  "preserve primary printf prior privileges procedure public query raise random read references regexp",
  "reindex relative release rename replace restrict returning revoke rollback round rowid savepoint",
  "schema scroll second section self session session_user size smallint source space sql sqlcode",
  "sqlerror sqlstate status substring super system system_user table tag target temp temporary text",
  "this timezone_hour timezone_minute to top trailing transaction translate translation trigger trim",
  "type upper usage user vacuum varying view virtual whenever width without work write year zone",
].flatMap((line) => line.split(" "));

const words = [...grammar, ...others];

/** A class of the name of each word, and one with a property of each. */
const schema = `<?xml version="1.0" encoding="UTF-8"?>
<ECSchema schemaName="Words" alias="w" version="1.0.0" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.1">
  ${words.map((word) => `<ECEntityClass typeName="${word}">${property("ownText")}</ECEntityClass>`).join("\n")}
  <ECEntityClass typeName="AllWords">${words.map(property).join("")}</ECEntityClass>
</ECSchema>`;

function property(name: string): string {
  return `<ECProperty propertyName="${name}" typeName="string"/>`;
}

describe("The keywords of ECSQL", () => {
  let db: ECDb;
  before(() => {
    const path = join(temporaryFolder(), "words.ecschema.xml");
    writeFileSync(path, schema);
    db = new ECDb();
    db.createDb(join(temporaryFolder(), "words.ecdb"));
    db.importSchema(path);
    for (const word of words)
      expect(read(`INSERT INTO Words.[${word}](ownText) VALUES('own')`), word).to.deep.equal([]);
    const values = words.map((word) => `'value of ${word}'`);
    read(`INSERT INTO Words.AllWords([${words.join("], [")}]) VALUES(${values.join()})`);
    db.saveChanges();
  });
  after(() => db.closeDb());

  /** The rows of a statement; undefined for one that ECSQL refuses. */
  function read(ecsql: string): Record<string, unknown>[] | undefined {
    try {
      return db.withStatement(
        ecsql,
        (statement) => {
          const rows: Record<string, unknown>[] = [];
          while (statement.step() === DbResult.BE_SQLITE_ROW) rows.push(statement.getRow() as Record<string, unknown>);
          return rows;
        },
        false,
      );
    } catch {
      return undefined;
    }
  }

  const classCanBeNamed = (word: string) => read(`SELECT ownText v FROM Words.${word}`)?.[0]?.v === "own";
  const propertyCanBeNamed = (word: string) =>
    read(`SELECT ${word} v FROM Words.AllWords WHERE ${word} IS NOT NULL ORDER BY ${word}`)?.[0]?.v ===
    `value of ${word}`;

  it("are all of them, since plain ECSQL can name a class of any other word", () => {
    expect(words.filter((word) => !classCanBeNamed(word))).to.deep.equal(words.filter(isECSqlKeyword));
  });

  it("are all of them, since plain ECSQL can name a property of any other word", () => {
    expect(words.filter((word) => !propertyCanBeNamed(word))).to.deep.equal(words.filter(isECSqlKeyword));
  });

  it("are the words of the grammar, in any case of their letters", () => {
    expect(words.filter(isECSqlKeyword)).to.deep.equal(grammar);
    expect(["Order", "ORDER", "oRDER"].map(isECSqlKeyword)).to.deep.equal([true, true, true]);
  });

  it("get an underscore, and other names stay", () => {
    expect(["Order", "order", "Orders", "Order_"].map(withoutKeyword)).to.deep.equal([
      "Order_",
      "order_",
      "Orders",
      "Order_",
    ]);
  });
});
