import { PrimitiveType, primitiveTypeToString, type Enumeration, type Property } from "@itwin/ecschema-metadata";
import { ConnectorError } from "../ConnectorError.js";

const isText = (value: unknown): value is string => typeof value === "string";
const isInteger = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
const isLong = (value: unknown) => Number.isSafeInteger(value) || (isText(value) && /^-?\d{1,19}$/.test(value));
const isDateTime = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(value));
const hasNumbers = (value: unknown, names: string[]) =>
  typeof value === "object" &&
  value !== null &&
  names.every((name) => Number.isFinite((value as Record<string, unknown>)[name]));

/** What a value must be for those types that can be written as JSON. */
const checks: Partial<Record<PrimitiveType, (value: unknown) => boolean>> = {
  [PrimitiveType.String]: isText,
  [PrimitiveType.Boolean]: (value) => typeof value === "boolean",
  [PrimitiveType.Integer]: isInteger,
  [PrimitiveType.Long]: isLong,
  [PrimitiveType.Double]: (value) => Number.isFinite(value),
  [PrimitiveType.DateTime]: isDateTime,
  [PrimitiveType.Point2d]: (value) => hasNumbers(value, ["x", "y"]),
  [PrimitiveType.Point3d]: (value) => hasNumbers(value, ["x", "y", "z"]),
};

/**
 * Refuses a value that a property cannot have.
 * @throws ConnectorError `document/wrong-value`
 */
export async function checkValue(property: Property, value: unknown): Promise<void> {
  if (value === null) return;
  const { type, accepts } = await acceptedBy(property);
  const isAccepted = property.isArray()
    ? Array.isArray(value) && value.every((member) => accepts(member))
    : accepts(value);
  if (isAccepted) return;
  const wanted = property.isArray() ? `an array of ${type}` : type;
  throw new ConnectorError(
    "document/wrong-value",
    `${property.fullName} is ${wanted}, which ${JSON.stringify(value)} is not.`,
    { advice: "Correct the value among the attributes of the document, or leave it out." },
  );
}

interface Acceptance {
  /** What a person calls the type. */
  type: string;
  accepts: (value: unknown) => boolean;
}

async function acceptedBy(property: Property): Promise<Acceptance> {
  const unsupported = { type: "of a type that attributes of documents cannot have", accepts: () => false };
  const enumeration = property.isEnumeration() ? await property.enumeration : undefined;
  if (enumeration !== undefined) return acceptedByEnumeration(enumeration);
  const accepts = property.isPrimitive() ? checks[property.primitiveType] : undefined;
  if (!property.isPrimitive() || accepts === undefined) return unsupported;
  return { type: primitiveTypeToString(property.primitiveType), accepts };
}

function acceptedByEnumeration(enumeration: Enumeration): Acceptance {
  const isOfType = enumeration.isString ? isText : isInteger;
  const isListed = (value: unknown) => enumeration.enumerators.some((enumerator) => enumerator.value === value);
  return {
    type: `one of ${enumeration.enumerators.map(({ value }) => JSON.stringify(value)).join(", ")}`,
    accepts: (value) => isOfType(value) && (!enumeration.isStrict || isListed(value)),
  };
}
