import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { IModelHost, KnownLocations } from "@itwin/core-backend";
import { expectDefined } from "@itwin/core-bentley";
import { DOMParser, type Document } from "@xmldom/xmldom";

/** A unit or a constant as the schema Units defines it. */
export interface DefinedUnit {
  readonly name: string;
  /** Undefined where the schema has none. */
  readonly label?: string;
  /** The name of its quantity, such as `LENGTH`. */
  readonly phenomenon: string;
  /** Such as `SI`; constants have none. */
  readonly system?: string;
  /** Such as `[MILLI]*M`; a base unit is defined by itself. */
  readonly definition: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly offset: string;
}

/** A quantity, such as `PRESSURE`. */
export interface Phenomenon {
  readonly name: string;
  readonly label: string;
  /** Such as `FORCE*AREA(-1)`; that of a base unit is itself. */
  readonly definition: string;
}

/** The platform's schema Units. */
export interface UnitsSchema {
  /** By their names, in the order of the schema. */
  readonly units: ReadonlyMap<string, DefinedUnit>;
  readonly constants: ReadonlyMap<string, DefinedUnit>;
  /** The quantities, by their names. */
  readonly phenomena: ReadonlyMap<string, Phenomenon>;
}

/** Reads the schema Units in the version that the platform ships. */
export function readUnitsSchema(): UnitsSchema {
  const xml = readFileSync(findStandardSchema("Units"), "utf8");
  const document = new DOMParser().parseFromString(xml.replace(/^\uFEFF/, ""), "text/xml");
  return {
    units: definedIn(document, "Unit"),
    constants: definedIn(document, "Constant"),
    phenomena: new Map(
      elementsOf(document, "Phenomenon").map((element) => {
        const name = expectDefined(element("typeName"));
        const [label = name, definition = name] = [element("displayLabel"), element("definition")];
        return [name, { name, label, definition }];
      }),
    ),
  };
}

/**
 * The file of one of the platform's standard schemas, such as Units or Formats, in the newest version.
 * @throws Error where the platform does not have it
 */
export function findStandardSchema(name: string): string {
  const folder = join(assetsFolder(), "ECSchemas", "Standard");
  const [newest] = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`) && file.endsWith(".ecschema.xml"))
    .sort()
    .reverse();
  if (newest === undefined) throw new Error(`the platform has no schema ${name} in ${folder}`);
  return join(folder, newest);
}

/** The host knows it once it is started; units are also looked up without it. */
function assetsFolder(): string {
  if (IModelHost.isValid) return KnownLocations.nativeAssetsDir;
  const backend = createRequire(import.meta.url).resolve("@itwin/core-backend");
  const native = dirname(createRequire(backend).resolve("@bentley/imodeljs-native"));
  const folders = [`imodeljs-${process.platform}-${process.arch}`, "."].map((name) => join(native, name, "Assets"));
  return expectDefined(folders.find((folder) => existsSync(folder)));
}

type ReadAttribute = (name: string) => string | undefined;

function elementsOf(document: Document, tag: string): ReadAttribute[] {
  const elements = Array.from(document.getElementsByTagName(tag));
  return elements.map((element) => (name) => element.getAttribute(name) ?? undefined);
}

function definedIn(document: Document, tag: string): Map<string, DefinedUnit> {
  const defined = elementsOf(document, tag).map((attribute): DefinedUnit => {
    const label = attribute("displayLabel")?.trim();
    const system = attribute("unitSystem");
    return {
      name: expectDefined(attribute("typeName")),
      phenomenon: expectDefined(attribute("phenomenon")),
      definition: expectDefined(attribute("definition")),
      numerator: attribute("numerator") ?? "1",
      denominator: attribute("denominator") ?? "1",
      offset: attribute("offset") ?? "0",
      ...(label && { label }),
      ...(system !== undefined && { system }),
    };
  });
  return new Map(defined.map((unit) => [unit.name, unit]));
}
