import { readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";

/** The members of a package.json that packages are installed by. */
const members = ["dependencies", "devDependencies", "optionalDependencies"] as const;

type Manifest = Partial<Record<(typeof members)[number], Readonly<Record<string, unknown>>>>;

/**
 * Where a project has a package from, for a package in a folder of it: a file, a repository or a web address. A version is
 * none of them: a registry has it for both.
 */
export function findLocation(name: string, project: string, folder: string): string | undefined {
  const manifest = readManifest(project);
  const spec = members.map((member) => manifest[member]?.[name]).find((found) => found !== undefined);
  if (typeof spec !== "string" || !isLocation(spec)) return undefined;
  return spec.startsWith("file:") ? `file:${seenFrom(folder, project, spec.slice("file:".length))}` : spec;
}

/** A manifest that cannot be read says nothing here; npm will say what is wrong with it. */
function readManifest(project: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as Manifest;
  } catch {
    return {};
  }
}

/** A version, a range or a tag has neither a slash nor a colon; the name of another package stands for a version of it. */
function isLocation(spec: string): boolean {
  return /[:/]/.test(spec) && !spec.startsWith("npm:");
}

function seenFrom(folder: string, project: string, path: string): string {
  return isAbsolute(path) ? path : relative(folder, resolve(project, path)).replaceAll("\\", "/");
}
