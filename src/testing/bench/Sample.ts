import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expectDefined } from "@itwin/core-bentley";
import { ConnectorError, messageOf } from "../../ConnectorError.js";
import type { SampleDescription, SampleVersion } from "./SampleDescription.js";

/**
 * Writes a source of so many entities, each with more content than the bound of the memory has bytes for it: 10,000 bytes
 * where the bound is the default one.
 * @returns how many bytes of content it has, where the size of the file does not tell
 * @public
 */
export type SourceGenerator = (path: string, entities: number) => number | undefined | Promise<number | undefined>;

const layout = "A sample is a folder with 1-first, 2-changed and so on in it; see docs/testing-connectors.md.";

/** The versions of a source, in a folder. */
export class Sample {
  public readonly description: SampleDescription;
  private readonly _folder: string;

  /** @throws ConnectorError `usage/sample` */
  public constructor(folder: string) {
    this._folder = resolve(folder);
    if (!existsSync(this._folder)) throw wrong(`There is no folder ${this._folder}.`);
    this.description = readDescription(join(this._folder, "sample.json"));
    if (!this.has("first")) throw wrong(`${this._folder} has no folder 1-first.`);
    this.sourceName("first");
  }

  /** Whether the sample has a version; there is always another document. */
  public has(version: SampleVersion): boolean {
    return version === "other" || this._folderOf(version) !== undefined;
  }

  /** The name of the source file in a version. */
  public sourceName(version: SampleVersion): string {
    const folder = this._folderOf(version);
    if (folder === undefined) return `other-${this.sourceName("first")}`;
    const { source, otherSource = source } = this.description;
    return nameIn(folder, version === "other" ? otherSource : source);
  }

  /**
   * Makes a folder hold one version, and nothing else.
   * @returns the path of the source file
   */
  public put(version: SampleVersion, folder: string): string {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const given = this._folderOf(version);
    cpSync(expectDefined(given ?? this._folderOf("first")), folder, { recursive: true });
    const path = join(folder, this.sourceName(version));
    if (given === undefined) renameAll(folder, this.sourceName("first"), this.sourceName(version));
    return path;
  }

  /** What `generate.js` of the sample exports by default, if there is one. */
  public async generator(): Promise<SourceGenerator | undefined> {
    const path = ["generate.js", "generate.mjs"].map((name) => join(this._folder, name)).find(existsSync);
    if (path === undefined) return undefined;
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    if (typeof module.default === "function") return module.default as SourceGenerator;
    throw wrong(`${path} exports no function by default.`);
  }

  private _folderOf(version: SampleVersion): string | undefined {
    const name = readdirSync(this._folder).find((candidate) => candidate.replace(/^\d+-/, "") === version);
    return name === undefined ? undefined : join(this._folder, name);
  }
}

function readDescription(path: string): SampleDescription {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as SampleDescription;
  } catch (error) {
    throw wrong(`${path} is not JSON: ${messageOf(error)}`, error);
  }
}

/** The given file, else the only one, else the only one with the extension of the given one. */
function nameIn(folder: string, given: string | undefined): string {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  if (given !== undefined && names.includes(given)) return given;
  const candidates = given === undefined ? names : names.filter((name) => extname(name) === extname(given));
  const [candidate, ...others] = candidates;
  if (candidate !== undefined && others.length === 0) return candidate;
  throw wrong(`${folder} holds ${names.length === 0 ? "nothing" : names.join(", ")}: which one is the source?`);
}

/** Also the files that go with the source under the same name, such as the `.dbf` of a `.shp`. */
function renameAll(folder: string, from: string, to: string): void {
  const stem = (name: string) => name.slice(0, name.length - extname(name).length);
  for (const name of readdirSync(folder))
    if (name === from || name.startsWith(`${stem(from)}.`))
      renameSync(join(folder, name), join(folder, stem(to) + name.slice(stem(from).length)));
}

function wrong(message: string, cause?: unknown): ConnectorError {
  return new ConnectorError("usage/sample", message, { advice: layout, cause });
}
