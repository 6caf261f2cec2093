import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConnectorError } from "../../ConnectorError.js";
import { makeFolder } from "../../files/makeFolder.js";
import { findLocation } from "./frameworkSpec.js";
import { dependenciesOf, makeManifest, readFrameworkManifest } from "./manifest.js";
import { readPackageName, type PackageNames } from "./packageName.js";

/** What a new connector can begin with. */
export const templateNames = ["blank", "csv", "json", "xlsx"] as const;

/** One of them. */
export type TemplateName = (typeof templateNames)[number];

/** What `description.json` of a template says. */
interface TemplateDescription {
  reads: string;
  source: string;
  dependencies: Record<string, string>;
}

/** What a new package is made of. */
export interface NewPackage {
  name: string;
  from: TemplateName;
  /** Where npm finds the framework. Default: where the project in the working directory has it from, or its version. */
  framework?: string;
}

const templates = fileURLToPath(new URL("../../../templates", import.meta.url));

/**
 * Writes a new connector package into a folder of its name, in the working directory.
 * @returns the path of the folder
 * @throws ConnectorError `usage/...` for a name that will not do, or a folder that holds something already
 */
export function createPackage({ name, from, framework }: NewPackage): string {
  const template = join(templates, from);
  const description = JSON.parse(readFileSync(join(template, "description.json"), "utf8")) as TemplateDescription;
  const names = readPackageName(name, dependenciesOf(description.dependencies));
  const folder = resolve(names.folderName);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw notEmpty(folder);
  makeFolder(folder);
  for (const source of [join(templates, "common"), template]) cpSync(source, folder, { recursive: true });
  renameSync(join(folder, "gitignore"), join(folder, ".gitignore")); // npm leaves out files with that name
  rmSync(join(folder, "description.json"));
  renameSync(join(folder, "src", "TemplateConnector.ts"), join(folder, "src", `${names.className}.ts`));
  for (const path of textFilesIn(folder)) replaceIn(path, names, description);
  const location = framework ?? findLocation(readFrameworkManifest().name, process.cwd(), folder);
  writeFileSync(join(folder, "package.json"), makeManifest(names, description.dependencies, location));
  return folder;
}

function textFilesIn(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => /\.(ts|md)$/.test(path)).map((path) => join(folder, path));
}

/** Templates are code that could run as it is; only names are replaced. */
function replaceIn(path: string, names: PackageNames, { reads, source }: TemplateDescription): void {
  const replacements: [string, string][] = [
    ["TemplateConnector", names.className],
    ["TemplateSchema", names.identifier],
    ["template-connector", names.folderName],
    ["Template name", names.title],
    ["SOURCE_DESCRIPTION", reads],
    ["SOURCE_FILE", source],
  ];
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    replacements.reduce((result, [from, to]) => result.replaceAll(from, () => to), text),
  );
}

function notEmpty(folder: string): ConnectorError {
  return new ConnectorError("usage/folder-not-empty", `${folder} already exists and is not empty.`, {
    advice: "Choose another name, or change to another folder.",
  });
}
