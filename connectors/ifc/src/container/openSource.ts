import { open } from "node:fs/promises";
import { ConnectorError } from "itwin-connector-framework";
import { IfcArchive, xmlError } from "./IfcArchive.js";

/** A source file that can be read as IFC. */
export interface OpenedSource {
  /** The file itself, or what it unpacks to. */
  readonly path: string;
  /** Removes what was unpacked. */
  close(): void;
}

/** So many bytes tell what a file is. */
const headLength = 64;

/**
 * Opens a source: an .ifc file as it is, or a zip with one or several. A zip is recognized by its content, not by its name.
 * @param file - the name of the file in the zip
 * @throws ConnectorError `ifc/zip...`, `ifc/ifcxml`, `ifc/options`
 */
export async function openSource(path: string, file: string | undefined): Promise<OpenedSource> {
  const head = await readHead(path);
  if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")) return openArchive(path, file);
  if (file !== undefined)
    throw new ConnectorError("ifc/options", `The option "file" is for a zip, but the source is not a zip.`, {
      source: { file: path },
      advice: 'Leave the option "file" out.',
    });
  if (/^(\xef\xbb\xbf)?\s*</.test(head)) throw xmlError(path, "The file is XML, such as ifcXML.");
  return { path, close: () => undefined };
}

async function openArchive(path: string, file: string | undefined): Promise<OpenedSource> {
  const archive = new IfcArchive(path);
  try {
    return { path: await archive.unpack(file), close: () => archive.remove() };
  } catch (error) {
    archive.remove();
    throw error;
  }
}

async function readHead(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(headLength), 0, headLength, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
