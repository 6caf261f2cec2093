/** In milliseconds. A timer that would be longer ends at once. */
export const longestTimer = 2 ** 31 - 1;
