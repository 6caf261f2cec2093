import type { CellContent, SourceErrors } from "itwin-connector-framework/tables";
import { isReadable, readField, type DbfField } from "./dbfFields.js";

const fieldLength = 32;
const endOfFields = 0x0d;
const deletedMark = 0x2a;

/** What is needed to read a .dbf. */
export interface DbfContext {
  file: string;
  encoding: string;
  errors: SourceErrors;
}

/** The .dbf of a shapefile: the attributes of its records. */
export class DbfFile {
  /** The number of records, those included that are marked as deleted. */
  public readonly count: number;
  /** What the user should know. */
  public readonly notes: string[] = [];
  private readonly _fields: DbfField[] = [];
  private readonly _decoder: InstanceType<typeof TextDecoder>;
  private readonly _headerLength: number;
  private readonly _recordLength: number;

  public constructor(
    private readonly _content: Buffer,
    private readonly _context: DbfContext,
  ) {
    if (_content.length < fieldLength + 1) throw this._damaged("it is cut off");
    this.count = _content.readUInt32LE(4);
    this._headerLength = _content.readUInt16LE(8);
    this._recordLength = _content.readUInt16LE(10);
    this._decoder = new TextDecoder(_context.encoding, { fatal: true, ignoreBOM: true });
    this._readFields();
    this._checkLength();
    this._noteDeleted();
  }

  /** The names of the attributes. */
  public get names(): string[] {
    return this._fields.map(({ name }) => name);
  }

  /** Whether a record, which is counted from 0, is marked as deleted. */
  public isDeleted(index: number): boolean {
    return this._content[this._startOf(index)] === deletedMark;
  }

  /** The attributes of a record. */
  public read(index: number): CellContent[] {
    const start = this._startOf(index);
    return this._fields.map((field) => {
      const bytes = this._content.subarray(start + field.offset, start + field.offset + field.length);
      try {
        return readField(field, bytes, this._decoder);
      } catch (error) {
        throw this._unreadable(field, index, error);
      }
    });
  }

  private _startOf(index: number): number {
    return this._headerLength + index * this._recordLength;
  }

  private _readFields(): void {
    const { _content: content } = this;
    let offset = 1;
    for (let start = fieldLength; content[start] !== endOfFields; start += fieldLength) {
      if (start + fieldLength > Math.min(this._headerLength, content.length))
        throw this._damaged("its header is no list of fields");
      const field = this._readFieldAt(start, offset);
      offset += field.length;
      if (isReadable(field)) this._fields.push(field);
      else this.notes.push(`The attribute ${field.name} is left out: fields of type ${field.type} are kept elsewhere.`);
    }
    if (offset > this._recordLength) throw this._damaged("its fields are longer than its records");
  }

  private _readFieldAt(start: number, offset: number): DbfField {
    const bytes = this._content.subarray(start, start + 11);
    const end = bytes.indexOf(0);
    const type = String.fromCharCode(this._content[start + 11]!);
    const [low, high] = [this._content[start + 16]!, this._content[start + 17]!];
    const length = type === "C" ? low + high * 256 : low; // a text has no decimals, so that it may be longer
    try {
      return { name: this._decoder.decode(end < 0 ? bytes : bytes.subarray(0, end)).trim(), type, length, offset };
    } catch {
      throw this._damaged(
        `the name of its field ${(start - fieldLength) / fieldLength + 1} is not ${this._context.encoding}`,
      );
    }
  }

  private _checkLength(): void {
    const needed = this._startOf(this.count);
    if (this._recordLength === 0 || needed > this._content.length)
      throw this._damaged(`it has ${this._content.length} bytes, and its header says ${needed}`);
  }

  private _noteDeleted(): void {
    let deleted = 0;
    for (let index = 0; index < this.count; index++) if (this.isDeleted(index)) deleted++;
    if (deleted > 0) this.notes.push(`${deleted} records are left out, because the .dbf marks them as deleted.`);
  }

  private _damaged(fault: string): Error {
    return this._context.errors.make("damaged", `The .dbf is damaged: ${fault}.`, {
      source: { file: this._context.file },
      advice: 'Fetch or export the file anew; or name its encoding with the option "encoding".',
    });
  }

  private _unreadable({ name, type }: DbfField, index: number, cause: unknown): Error {
    const isText = type === "C";
    const message = isText
      ? `The attribute is not ${this._context.encoding} text.`
      : `The attribute is no value of type ${type}.`;
    return this._context.errors.make(isText ? "encoding" : "bad-value", message, {
      source: { file: this._context.file, entity: `record ${index + 1}`, cell: name },
      advice: isText
        ? 'Name the encoding of the attributes with the option "encoding", such as "windows-1252", or save them as UTF-8.'
        : "Correct the value, or fetch or export the file anew.",
      cause,
    });
  }
}
