import { existsSync } from "node:fs";
import { expect } from "chai";
import { profile } from "../../bench/profile.js";

function findPrimes(limit: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; candidate < limit; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}

function askForFile(times: number): void {
  for (let time = 0; time < times; time++) existsSync("no such file");
}

describe("The profile of the bench", () => {
  it("says in which functions time was spent, and who called native code", () => {
    const functions = profile(() => askForFile(20 * findPrimes(20_000).length));
    expect(functions.map(({ name }) => name)).to.include.members(["findPrimes", "native code called by existsSync"]);
    expect(functions.reduce((sum, { share }) => sum + share, 0)).to.be.within(0.9, 1.001);
    expect(functions.filter(({ place }) => place.startsWith("node:inspector"))).to.deep.equal([]);
  });
});
