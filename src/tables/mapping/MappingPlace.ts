import { ConnectorError } from "../../ConnectorError.js";
import { listNames, shorten } from "../format/SourceErrors.js";

const defaultAdvice = "docs/mapping.md explains mappings; editors check them against mapping.schema.json.";

/** A place within a mapping. It makes the errors of what is wrong there, all under `<code>/mapping`. */
export class MappingPlace {
  /**
   * @param _code - what the codes of errors begin with, such as `csv`
   * @param _file - undefined for a mapping that is given among the arguments of the connector
   * @param _path - as a JSON pointer
   */
  public constructor(
    private readonly _code: string,
    private readonly _file: string | undefined,
    private readonly _path = "",
  ) {}

  /** A place below this one. */
  public at(...keys: readonly (string | number)[]): MappingPlace {
    const path = keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`);
    return new MappingPlace(this._code, this._file, this._path + path.join(""));
  }

  /** The error of a fault, which is the end of a sentence. */
  public wrong(fault: string, { advice = defaultAdvice, cause }: { advice?: string; cause?: unknown } = {}): Error {
    return this._make(`is wrong at ${this._path || "/"}: ${fault}.`, advice, cause);
  }

  /** The error of a column that the table does not have. */
  public unknownColumn(column: string, names: readonly string[], hint = ""): Error {
    const advice = `The columns are: ${listNames(names)}.${hint}`;
    return this.wrong(`the table has no column "${shorten(column)}"`, { advice });
  }

  /** The error of a mapping that cannot be read. */
  public unreadable(message: string, cause: unknown): Error {
    return this._make(`cannot be read: ${message}`, defaultAdvice, cause);
  }

  private _make(what: string, advice: string, cause: unknown): Error {
    const { _file: file } = this;
    const subject = file === undefined ? "The mapping among the arguments" : "The mapping";
    const source = file === undefined ? undefined : { file };
    return new ConnectorError(`${this._code}/mapping`, `${subject} ${what}`, { source, advice, cause });
  }
}
