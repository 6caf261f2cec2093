/** Random numbers from 0 to below 1, always the same for a seed: Marsaglia's xorshift. */
export function makeRandom(seed: number): () => number {
  let state = seed ^ 0x9e3779b9 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
