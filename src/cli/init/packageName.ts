import { builtinModules } from "node:module";
import { ConnectorError } from "../../ConnectorError.js";

/** What a new package and the things in it are called. */
export interface PackageNames {
  /** The name of the package: `@me/site-survey`. */
  packageName: string;
  /** The same without its scope, which is the name of the folder: `site-survey`. */
  folderName: string;
  /** What identifiers begin with: `SiteSurvey`. */
  identifier: string;
  /** The class of the connector: `SiteSurveyConnector`. */
  className: string;
  /** What people call the connector: `Site survey`. */
  title: string;
}

const longestName = 214;
const npmName = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

/**
 * Derives all names from that of a package.
 * @throws ConnectorError `usage/name` for a name that npm or TypeScript would refuse
 */
export function readPackageName(packageName: string, taken: readonly string[]): PackageNames {
  const folderName = packageName.replace(/^@[^/]*\//, "");
  const words = folderName.split(/[^a-z0-9]+/i).filter((word) => word !== "");
  const problem = findProblem(packageName, folderName, taken);
  if (problem !== undefined)
    throw new ConnectorError("usage/name", `"${packageName}" ${problem}.`, {
      advice:
        'Choose a name such as "site-survey" or "@me/site-survey": it names the package, the folder and the class.',
    });
  const identifier = words.map(capitalize).join("");
  return {
    packageName,
    folderName,
    identifier,
    className: identifier.endsWith("Connector") ? identifier : `${identifier}Connector`,
    title: capitalize(words.join(" ")),
  };
}

/** As the end of a sentence. */
function findProblem(packageName: string, folderName: string, taken: readonly string[]): string | undefined {
  if (!npmName.test(packageName)) return "is not the name of an npm package: lower case letters, digits and hyphens";
  if (!/^[a-z]/.test(folderName)) return "does not begin with a letter, as the name of a class must";
  if (packageName.length > longestName) return `is longer than ${longestName} characters`;
  if (folderName === "node_modules" || builtinModules.includes(packageName)) return "is a name that Node.js uses";
  if (taken.includes(packageName)) return "is the name of a package that the connector needs";
  return undefined;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
