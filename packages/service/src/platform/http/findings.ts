import { invalidValue, type ErrorDetail } from "../errors.js";

/** One finding of the validation of a request against the schema of its route. */
export interface Finding {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
}

/** The platform's message for a page that is too large. */
export const pageTooLarge = "Page size is over 1000 items limit.";

/**
 * What the validation of a part of a request found, in the platform's form.
 * @param context - the part, such as `body`
 */
export function describeFindings(findings: readonly Finding[], context: string | undefined): ErrorDetail[] {
  const details = findings.map((finding) => toDetail(finding, context));
  // A value that fits none of several forms is found once for each of them.
  return [...new Map(details.map((detail) => [JSON.stringify(detail), detail])).values()];
}

function toDetail({ keyword, instancePath, params }: Finding, context: string | undefined): ErrorDetail {
  const path = instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, "[$1]")
    .replaceAll("/", ".");
  const below = (name: unknown) => [path, String(name)].filter((part) => part !== "").join(".");
  if (keyword === "required") return missing(below(params.missingProperty), context);
  if (keyword === "additionalProperties") return unknown(below(params.additionalProperty), context);
  if (keyword === "maximum" && path === "$top") return invalidValue(path, pageTooLarge);
  return invalidValue(path || "body");
}

function unknown(target: string, context: string | undefined): ErrorDetail {
  return invalidValue(target, context === "body" ? undefined : `Parameter ${target} is not known.`);
}

function missing(target: string, context: string | undefined): ErrorDetail {
  const isBody = context === "body";
  return {
    code: isBody ? "MissingRequiredProperty" : "MissingRequiredParameter",
    message: `Required ${isBody ? "property" : "parameter"} ${target} is missing.`,
    target,
  };
}
