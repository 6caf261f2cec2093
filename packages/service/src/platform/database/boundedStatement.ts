/**
 * How many parameters a statement may have. A server takes 65,535. The embedded Postgres takes half of that, and with more
 * answers nothing but empty results from then on.
 */
const maxParameters = 30_000;

/** Refuses a statement that would grow with what it is about: lists go into one parameter, or into chunks. */
export function ensureBounded(parameters: readonly unknown[]): void {
  if (parameters.length > maxParameters)
    throw new Error(`a statement has ${parameters.length} parameters, more than ${maxParameters}`);
}
