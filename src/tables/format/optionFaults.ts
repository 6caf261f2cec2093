/**
 * Checks the value of an option. It returns the fault as the end of a sentence that begins with the option's name, such as
 * `is not a text`, and `undefined` for a valid value.
 * @public
 */
export type OptionCheck = (value: unknown) => string | undefined;

/**
 * The fault of a value that must be a text with at least one character.
 * @public
 */
export function faultOfText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? undefined : "is not a text";
}

/**
 * The fault of a value that must be `true` or `false`.
 * @public
 */
export function faultOfFlag(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "is neither true nor false";
}

/**
 * The fault of a value that must be a list of texts, each with at least one character. An empty list is a fault.
 * @public
 */
export function faultOfTextList(value: unknown): string | undefined {
  const isValid = Array.isArray(value) && value.length > 0 && value.every((item) => faultOfText(item) === undefined);
  return isValid ? undefined : "is not a list of texts";
}

/**
 * The fault of a value that must be a name of an ECSchema or a class.
 * @public
 */
export function faultOfName(value: unknown): string | undefined {
  const fault = faultOfText(value);
  if (fault !== undefined || /^[A-Za-z_]\w*$/.test(value as string)) return fault;
  return "may hold only letters A to Z, digits and underscores";
}

/**
 * The fault of a value that must be a label of the WHATWG Encoding Standard, such as `utf-8` or `windows-1252`.
 * @public
 */
export function faultOfEncoding(value: unknown): string | undefined {
  const fault = faultOfText(value);
  if (fault !== undefined) return fault;
  try {
    new TextDecoder(value as string);
    return undefined;
  } catch {
    return "is not an encoding that is known";
  }
}
