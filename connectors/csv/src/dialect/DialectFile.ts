import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { faultOfDialect, faultOfEncoding, type SourceErrors } from "itwin-connector-framework/tables";
import { readCsvw } from "./csvw.js";
import { readFrictionless } from "./frictionless.js";
import { isObject, membersOf, type FileDialect, type Members } from "./members.js";

/** A file that describes the dialect: a dialect of our own, CSV on the Web metadata, or a Frictionless table or dialect. */
export class DialectFile {
  public readonly path: string;
  /** What it holds, for the state of the document. */
  public readonly text: string;

  /** @throws ConnectorError `<code>/dialect` */
  public constructor(
    given: string,
    private readonly _errors: SourceErrors,
  ) {
    this.path = resolve(dirname(_errors.file), given);
    try {
      this.text = readFileSync(this.path, "utf8").replace(/^\ufeff/, "");
    } catch (error) {
      throw this._wrong("cannot be read", error);
    }
  }

  /** @throws ConnectorError `<code>/dialect` */
  public read(): FileDialect {
    const read = this._toDialect(this._parse());
    const fault = faultOfDialect(read.dialect) ?? (read.encoding && faultOfEncoding(read.encoding));
    if (fault !== undefined && fault !== "") throw this._wrong(fault);
    return read;
  }

  private _parse(): Members {
    try {
      const content: unknown = JSON.parse(this.text);
      if (isObject(content)) return content;
    } catch (error) {
      throw this._wrong("is not JSON", error);
    }
    throw this._wrong("is not a JSON object");
  }

  private _toDialect(content: Members): FileDialect {
    const source = basename(this._errors.file);
    if ("@context" in content || "tableSchema" in content) return readCsvw(tableFor(content, "tables", "url", source));
    if (["schema", "dialect", "resources", "fields"].some((member) => member in content))
      return readFrictionless(tableFor(content, "resources", "path", source));
    if (faultOfDialect(content) === undefined) return { dialect: content, ignored: [] };
    const foreign = readFrictionless({ dialect: content });
    return Object.keys(foreign.dialect).length > 0 ? foreign : { dialect: content, ignored: [] };
  }

  private _wrong(fault: string, cause?: unknown): Error {
    return this._errors.make("dialect", `The dialect in ${this.path} ${fault}.`, {
      source: { file: this.path },
      advice: "It must be a dialect as the README describes, CSV on the Web metadata, or a Frictionless dialect.",
      cause,
    });
  }
}

/** The table among several that describes the source; the only one does. */
function tableFor(content: Members, list: string, name: string, source: string): Members {
  const members = content[list];
  const all = Array.isArray(members) ? members.filter(isObject) : [];
  const isSource = (table: Members) => typeof table[name] === "string" && basename(table[name]) === source;
  const table = all.find(isSource) ?? (all.length === 1 ? all[0] : undefined);
  return { ...membersOf(content, (member) => member !== list), ...table };
}
