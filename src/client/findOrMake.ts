import { setTimeout as delay } from "node:timers/promises";
import { ApiError, isUncertain } from "./http/errors.js";
import type { CallOptions } from "./http/api.js";

/** How often something is made before its failure counts. */
const attempts = 4;

/** Between two of them, in milliseconds; twice as long each time. */
const firstPause = 500;

/**
 * Finds what shall be there, or makes it. Where it is not known whether it was made, or somebody else makes it, that is
 * looked for before it is made again: so nothing is made twice.
 */
export async function findOrMake<T>(
  find: () => Promise<T | undefined>,
  make: () => Promise<T>,
  { signal }: CallOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const found = await find();
    if (found !== undefined) return found;
    try {
      return await make();
    } catch (error) {
      if (attempt === attempts || !(isUncertain(error) || isConflict(error))) throw error;
    }
    await delay(firstPause * 2 ** (attempt - 1), undefined, { signal });
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}
