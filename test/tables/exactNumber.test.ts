import { expect } from "chai";
import fc from "fast-check";
import { exactNumber, parseExactJson } from "itwin-connector-framework/tables";

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

  it("stays a text where a double has fewer digits", () => {
    for (const text of ["0.12345678901234567890", "123456789.123456789", "-1.00000000000000000001"])
      expect(exactNumber(text)).to.equal(text);
    expect(exactNumber("0.30000000000000004")).to.equal(0.30000000000000004);
    expect(exactNumber("1.2500000000000000000000")).to.equal(1.25);
  });

  it("is exact within JSON, and texts stay as they are", () => {
    const json = '{"id":9007199254740993,"list":[12345678901234567890,0.1,-1e999],"text":"12345678901234567890\\",1"}';
    expect(parseExactJson(json)).to.deep.equal({
      id: "9007199254740993",
      list: ["12345678901234567890", 0.1, "-1e999"],
      text: '12345678901234567890",1',
    });
    expect(() => parseExactJson('{"id":90071992547409931,}')).to.throw(SyntaxError);
  });
});
