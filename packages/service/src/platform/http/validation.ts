/** How parts of requests are checked against their schemas. */
export const validation = { allErrors: true, useDefaults: true, strict: false, validateFormats: false };
