import { readFileSync } from "node:fs";
import type { PackageNames } from "./packageName.js";

type Versions = Record<string, string>;

/** The package.json of the framework, as far as new packages take after it. */
interface FrameworkManifest {
  name: string;
  version: string;
  peerDependencies: Versions;
  peerDependenciesMeta: Readonly<Record<string, { optional?: boolean }>>;
  devDependencies: Versions;
  overrides: unknown;
  allowScripts: Versions;
}

/** What works on a connector; in the versions that the framework is worked on with. */
const tools = ["@types/mocha", "@types/node", "mocha", "typescript"];

/** The package.json of this package. */
export function readFrameworkManifest(): FrameworkManifest {
  return JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as FrameworkManifest;
}

/** The packages that every user of the framework needs: the platform. */
function requiredPeers({ peerDependencies, peerDependenciesMeta }: FrameworkManifest): Versions {
  const required = Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional !== true);
  return Object.fromEntries(required);
}

/** All packages that a new one depends on. */
export function dependenciesOf(parsers: Versions): string[] {
  const manifest = readFrameworkManifest();
  return [manifest.name, ...Object.keys(requiredPeers(manifest)), ...tools, ...Object.keys(parsers)];
}

/**
 * The package.json of a new connector.
 * @param parsers - what it needs to read its source
 * @param framework - where npm finds the framework. Default: its version
 */
export function makeManifest({ packageName }: PackageNames, parsers: Versions, framework?: string): string {
  const ofFramework = readFrameworkManifest();
  const { name, version, devDependencies, overrides, allowScripts } = ofFramework;
  const peerDependencies = requiredPeers(ofFramework);
  const manifest = {
    name: packageName,
    version: "0.1.0",
    private: true,
    type: "module",
    exports: "./lib/src/index.js",
    files: ["lib/src", "src"],
    scripts: { build: "tsc", test: "tsc && mocha" },
    mocha: { spec: "lib/test/**/*.test.js" },
    ...(Object.keys(parsers).length > 0 && { dependencies: parsers }),
    peerDependencies: { ...peerDependencies, [name]: `^${version}` },
    devDependencies: {
      // The versions of the platform that are tested: its latest ones may not be.
      ...Object.fromEntries([...Object.keys(peerDependencies), ...tools].map((used) => [used, devDependencies[used]])),
      [name]: framework ?? `^${version}`,
    },
    overrides,
    allowScripts: { "@bentley/imodeljs-native": allowScripts["@bentley/imodeljs-native"] },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
