/**
 * API Extractor counts a type that is imported by a relative path as part of the entry that it analyzes, and reports it as
 * forgotten unless the entry exports it. For the entries ./tables, ./places, ./units and ./testing, the types of the main entry must count as
 * imports from the package. This module copies the declarations and changes these imports in the copy.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const packageName = "itwin-connector-framework";
const builtFolder = "lib";
const copyFolder = "lib/.api/types";

/** API Extractor takes only what it finds in a folder `node_modules` as another package. */
const packageFolder = join(copyFolder, "node_modules", packageName);

/** `import { A } from "../a.js";` and `export { A } from "../a.js";`, with or without `type`. */
const relativeStatement = /^(import|export)( type)? \{([^}]*)\} from "\.[^"]*";$/gm;

/**
 * Copies the declarations of the framework twice: as they are to a folder of their own package, and with imports from
 * that package.
 * @returns the folder of the second copy
 */
export function copyDeclarations() {
  rmSync(copyFolder, { recursive: true, force: true });
  const mainNames = readExportedNames(join(builtFolder, "index.d.ts"));
  for (const name of readdirSync(builtFolder, { recursive: true })) {
    if (!name.endsWith(".d.ts") || name.startsWith(".api")) continue;
    const declarations = readFileSync(join(builtFolder, name), "utf8");
    write(join(packageFolder, name), declarations);
    write(join(copyFolder, name), importFromPackage(declarations, mainNames));
  }
  write(
    join(packageFolder, "package.json"),
    JSON.stringify({ name: packageName, type: "module", exports: "./index.js" }),
  );
  write(join(copyFolder, "package.json"), JSON.stringify({ type: "module" }));
  return copyFolder;
}

function importFromPackage(declarations, mainNames) {
  return declarations.replaceAll(relativeStatement, (statement, keyword, type = "", list) => {
    const names = namesIn(list);
    const external = names.filter((name) => mainNames.has(withoutType(name)));
    if (external.length === 0) return statement;
    const internal = names.filter((name) => !external.includes(name));
    const fromPackage = `${keyword}${type} { ${external.join(", ")} } from "${packageName}";`;
    return internal.length === 0
      ? fromPackage
      : `${statement.replace(list, ` ${internal.join(", ")} `)}\n${fromPackage}`;
  });
}

function readExportedNames(file) {
  const statements = readFileSync(file, "utf8").matchAll(relativeStatement);
  return new Set([...statements].flatMap(([, , , list]) => namesIn(list).map(withoutType)));
}

function namesIn(list) {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function withoutType(name) {
  return name.replace(/^type /, "");
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
