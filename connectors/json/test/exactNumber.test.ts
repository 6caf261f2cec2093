import { expect } from "chai";
import fc from "fast-check";
import { exactNumber } from "../src/exactNumber.js";

describe("an exact number", () => {
  it("keeps every digit of any integer", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
        const exact = exactNumber(String(integer));
        expect(BigInt(exact)).to.equal(integer);
        expect(typeof exact).to.equal(Number.isSafeInteger(Number(integer)) ? "number" : "string");
      }),
    ));

  it("is the same double for any double", () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        const text = JSON.stringify(double);
        const exact = exactNumber(text);
        expect(Number(exact)).to.equal(Number(text));
        if (!/^-?\d+$/.test(text)) expect(exact).to.be.a("number");
      }),
    ));

  it("stays a text where it overflows, and where it becomes zero but is not", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 400, max: 9999 }), (digit, exponent) => {
        for (const text of [`${digit}e${exponent}`, `-${digit}.5E+${exponent}`, `${digit}e-${exponent}`])
          expect(exactNumber(text)).to.equal(text);
        expect(exactNumber(`0.0e-${exponent}`)).to.equal(0);
      }),
    ));
});
