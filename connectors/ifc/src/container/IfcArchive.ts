import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { ConnectorError } from "itwin-connector-framework";
import { makeTemporaryFolder, messageOf, type TemporaryFolder } from "itwin-connector-framework/internal";
import * as yauzl from "yauzl";

/** A file that unpacks to more than so many bytes, and to so many times its size, is taken for an attack on the disk. */
const bomb = { bytes: 2 ** 30, ratio: 200 };

/** So many names are listed in a message. */
const mostListed = 20;

/** Files in the formats of IFC, by the ends of their names. */
const ifcName = /\.ifc$/i;
const xmlName = /\.ifcxml$/i;

const advice = "Zip it again, or give the .ifc file itself.";

/** An IfcZIP: a zip with a file of IFC, or several. */
export class IfcArchive {
  private _unpacked?: TemporaryFolder;

  /** @param _path - the zip */
  public constructor(private readonly _path: string) {}

  /**
   * Unpacks a file of IFC into a temporary folder, where it stays until {@link IfcArchive.remove}.
   * @param wanted - its name in the zip; may be left out where there is one only
   * @returns the path of the file
   * @throws ConnectorError `ifc/zip...`
   */
  public async unpack(wanted: string | undefined): Promise<string> {
    const zip = await this._reading(() => yauzl.openPromise(this._path, { lazyEntries: true, autoClose: false }));
    try {
      const entries = await this._reading(() => readEntries(zip));
      const entry = this._choose(entries, wanted);
      this._check(entry);
      return await this._reading(() => this._write(zip, entry));
    } finally {
      zip.close();
    }
  }

  /** Removes what was unpacked. */
  public remove(): void {
    this._unpacked?.remove();
    this._unpacked = undefined;
  }

  private _choose(entries: readonly yauzl.Entry[], wanted: string | undefined): yauzl.Entry {
    const files = entries.filter(({ fileName }) => ifcName.test(fileName) && !isOfSystem(fileName));
    const [first] = files;
    if (wanted !== undefined) {
      const found = files.find(({ fileName }) => fileName === wanted);
      if (found !== undefined) return found;
      throw this._error("zip-file", `The zip has no file ${wanted}; ${listed(files)}.`, 'Correct the option "file".');
    }
    if (first !== undefined && files.length === 1) return first;
    if (first !== undefined)
      throw this._error(
        "zip-several",
        `The zip has several .ifc files; ${listed(files)}.`,
        `Name one by the option "file", such as {"file":"${first.fileName}"}. Each is a document of its own: run the connector once for each.`,
      );
    throw this._withoutFile(entries);
  }

  private _withoutFile(entries: readonly yauzl.Entry[]): ConnectorError {
    const xml = entries.find(({ fileName }) => xmlName.test(fileName));
    if (xml !== undefined) return xmlError(this._path, `${xml.fileName} in the zip is ifcXML.`);
    return this._error("zip-empty", `The zip has no .ifc file; ${listed(entries)}.`, advice);
  }

  private _check(entry: yauzl.Entry): void {
    const { fileName, uncompressedSize: size, compressedSize: packed } = entry;
    if (!entry.canDecodeFileData()) {
      const why = entry.isEncrypted() ? "encrypted" : "packed by a method that is not known";
      throw this._error("zip-packed", `${fileName} in the zip is ${why}.`, "Zip it again, without a password.");
    }
    if (size > bomb.bytes && size > bomb.ratio * packed)
      throw this._error(
        "zip-bomb",
        `${fileName} in the zip would unpack to ${size} bytes, ${Math.round(size / Math.max(packed, 1))} times its size.`,
        "If the file is what you expect, unpack it yourself and give the .ifc file.",
      );
  }

  private async _write(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<string> {
    this._unpacked = makeTemporaryFolder();
    const path = join(this._unpacked.path, "unpacked.ifc");
    await pipeline(await zip.openReadStreamPromise(entry), checking(entry.crc32), createWriteStream(path));
    return path;
  }

  /** What fails here is a fault of the zip. */
  private async _reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof Error && "syscall" in cause) throw cause;
      throw this._error("zip-damaged", `The zip is damaged: ${messageOf(cause)}.`, "Download or zip it again.", cause);
    }
  }

  private _error(key: string, message: string, howTo: string, cause?: unknown): ConnectorError {
    return new ConnectorError(`ifc/${key}`, message, { source: { file: this._path }, advice: howTo, cause });
  }
}

async function readEntries(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  const entries: yauzl.Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

/** The error for a file in XML. */
export function xmlError(path: string, message: string): ConnectorError {
  return new ConnectorError("ifc/ifcxml", message, {
    source: { file: path },
    advice:
      "Export the model as .ifc (STEP), or convert the file, for instance by IfcConvert of IfcOpenShell: IfcConvert model.ifcxml model.ifc",
  });
}

/** Compares what passes with its checksum, which the library does not. */
function checking(expected: number): Transform {
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      done(undefined, chunk);
    },
    flush(done) {
      done(sum === expected ? undefined : new Error("the content has another checksum than it should"));
    },
  });
}

/** macOS puts a file of its own beside each file. */
function isOfSystem(name: string): boolean {
  return name.startsWith("__MACOSX/");
}

function listed(entries: readonly yauzl.Entry[]): string {
  const names = entries.map(({ fileName }) => fileName).filter((name) => !name.endsWith("/") && !isOfSystem(name));
  if (names.length === 0) return "it has none";
  const others = names.length - mostListed;
  return `it has ${names.slice(0, mostListed).join(", ")}${others > 0 ? ` and ${others} others` : ""}`;
}
