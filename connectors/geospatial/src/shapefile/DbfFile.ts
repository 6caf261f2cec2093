import { basename } from "node:path";
import type { CellContent, ColumnType, SourceErrors } from "itwin-connector-framework/tables";
import type { LeftOut } from "../source/leftOut.js";
import { ByteReader } from "./ByteReader.js";
import { columnTypeOf, isReadable, NoValue, readField, type DbfField } from "./dbfFields.js";
import type { Oddities } from "./Oddities.js";

const fieldLength = 32;
const longestHeader = 65_535 + 1; // with the mark at its end, which some programs do not count
const endOfFields = 0x0d;
const deletedMark = 0x2a;
/** Types of fields, those included that are not read. */
const knownLetter = /^[A-Z0-9@+]$/;

/** What is needed to read a .dbf. */
export interface DbfContext {
  file: string;
  /** The encoding of its texts, which the beginning of the file may name. */
  encodingOf: (header: Buffer) => string;
  errors: SourceErrors;
  leftOut: LeftOut;
  oddities: Oddities;
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
  private readonly _encoding: string;

  private constructor(
    private readonly _header: Buffer,
    size: number,
    private readonly _context: DbfContext,
  ) {
    if (size < fieldLength + 1) throw this._damaged("it is cut off");
    this.count = _header.readUInt32LE(4);
    this._headerLength = _header.readUInt16LE(8);
    this._recordLength = _header.readUInt16LE(10);
    this._encoding = _context.encodingOf(_header);
    this._decoder = new TextDecoder(this._encoding, { fatal: true, ignoreBOM: true });
    this._readFields();
    this._checkLength(size);
  }

  /**
   * Opens a file, and counts the records that are marked as deleted.
   * @throws ConnectorError
   */
  public static async open(context: DbfContext): Promise<DbfFile> {
    const reader = await ByteReader.open(context.file);
    try {
      const file = new DbfFile(await reader.read(longestHeader), reader.size, context);
      await file._noteDeleted();
      return file;
    } finally {
      await reader.close();
    }
  }

  /** The names of the attributes. */
  public get names(): string[] {
    return this._fields.map(({ name }) => name);
  }

  /** The types that their fields give them; undefined where the values decide. */
  public get types(): (ColumnType | undefined)[] {
    return this._fields.map(columnTypeOf);
  }

  /** All records in their order, as bytes. */
  public async *records(): AsyncGenerator<Buffer> {
    const reader = await ByteReader.open(this._context.file);
    try {
      await reader.read(this._headerLength);
      for (let index = 0; index < this.count; index++) yield await reader.read(this._recordLength);
    } finally {
      await reader.close();
    }
  }

  /** Whether a record is marked as deleted. */
  public isDeleted(record: Buffer): boolean {
    return record[0] === deletedMark;
  }

  /**
   * The attributes of a record. One that is no value of its type is empty.
   * @param number - counted from 1
   * @param oddities - takes note of those
   */
  public read(record: Buffer, number: number, oddities?: Oddities): CellContent[] {
    return this._fields.map((field) => {
      const bytes = record.subarray(field.offset, field.offset + field.length);
      try {
        return readField(field, bytes, this._decoder);
      } catch (error) {
        if (field.type === "C") throw this._notText(field, number, error);
        const isNoValue = error instanceof NoValue;
        const message = isNoValue
          ? "a number did not fit its field, or is none"
          : "a value is none of its field's type";
        const source = { file: this._context.file, entity: `record ${number}`, cell: field.name };
        oddities?.add(isNoValue ? "no-number" : "bad-value", `${message}. It is left empty`, source);
        return undefined;
      }
    });
  }

  private _readFields(): void {
    const { _header: header, _headerLength: length } = this;
    if (header.length < length) throw this._damaged("it is cut off");
    let offset = 1;
    let start = fieldLength;
    for (; header[start] !== endOfFields && start + fieldLength <= length; start += fieldLength) {
      const field = this._readFieldAt(start, offset);
      if (!knownLetter.test(field.type)) throw this._damaged("its header is no list of fields");
      offset += field.length;
      if (isReadable(field)) this._fields.push(field);
      else this._leaveOut(field);
    }
    if (offset > this._recordLength) throw this._damaged("its fields are longer than its records");
    if (header[start] === endOfFields && start < length) return;
    const message = "the mark after the last field is missing. The fields are as many as the header has room for";
    this._context.oddities.add("dbf-terminator", message, { file: this._context.file });
  }

  private _readFieldAt(start: number, offset: number): DbfField {
    const bytes = this._header.subarray(start, start + 11);
    const end = bytes.indexOf(0);
    const type = String.fromCharCode(this._header.readUInt8(start + 11));
    const [low, high] = [this._header.readUInt8(start + 16), this._header.readUInt8(start + 17)];
    const isText = type === "C";
    const length = isText ? low + high * 256 : low; // a text has no decimals, so that it may be longer
    const decimals = isText ? 0 : high;
    try {
      const name = this._decoder.decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
      return { name, type, decimals, length, offset };
    } catch {
      throw this._damaged(`the name of its field ${(start - fieldLength) / fieldLength + 1} is not ${this._encoding}`);
    }
  }

  private _checkLength(size: number): void {
    const needed = this._headerLength + this.count * this._recordLength;
    if (this._recordLength === 0 || needed > size)
      throw this._damaged(`it has ${size} bytes, and its header says ${needed}`);
  }

  private async _noteDeleted(): Promise<void> {
    let deleted = 0;
    for await (const record of this.records()) if (this.isDeleted(record)) deleted++;
    if (deleted === 0) return;
    this.notes.push(`${deleted} records are left out, because the .dbf marks them as deleted.`);
    this._context.leftOut.add("record", "the .dbf marks it as deleted", basename(this._context.file), deleted);
  }

  private _leaveOut({ name, type }: DbfField): void {
    this.notes.push(`The attribute ${name} is left out: fields of type ${type} are kept elsewhere.`);
    this._context.leftOut.add(`attribute of type ${type}`, "its values are not in the .dbf, or in no known form", name);
  }

  private _damaged(fault: string): Error {
    return this._context.errors.make("damaged", `The .dbf is damaged: ${fault}.`, {
      source: { file: this._context.file },
      advice: 'Fetch or export the file again; or name its encoding with the option "encoding".',
    });
  }

  private _notText({ name }: DbfField, number: number, cause: unknown): Error {
    return this._context.errors.make("encoding", `The attribute is not ${this._encoding} text.`, {
      source: { file: this._context.file, entity: `record ${number}`, cell: name },
      advice:
        'Name the encoding of the attributes with the option "encoding", such as "windows-1252", or save them as UTF-8.',
      cause,
    });
  }
}
