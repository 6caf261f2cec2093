import { isDeepStrictEqual } from "node:util";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson } from "../../../src/connector/stream/canonicalJson.js";

describe("canonicalJson", () => {
  it("is the same for the same data", () => {
    expect(canonicalJson({ b: 1, a: { d: [{ y: 1, x: 2 }], c: 3 } })).to.equal(
      '{"a":{"c":3,"d":[{"x":2,"y":1}]},"b":1}',
    );
    expect(canonicalJson({ a: 1, b: undefined })).to.equal(canonicalJson({ a: 1 }));
    expect(canonicalJson(undefined)).to.equal("null");
  });

  it("differs for other data", () => {
    const values = [null, 0, 1, "1", 1n, NaN, Infinity, true, "", [], [1], [[1]], {}, { a: 1 }, { a: [1] }, { a: "1" }];
    const more = [new Map([["a", 1]]), new Set([2]), Uint8Array.of(1), Uint8Array.of(2), Point3d.create(1, 2, 3)];
    const all = [...values, ...more, new Date(0), new Date(1), ["a", "b"], ["b", "a"]].map(canonicalJson);
    expect(new Set(all).size).to.equal(all.length);
  });

  it("does not change what it is given", () => {
    const data = { b: [{ d: 1, c: 2 }], a: 1 };
    canonicalJson(data);
    expect(Object.keys(data)).to.deep.equal(["b", "a"]);
    expect(Object.keys(data.b[0]!)).to.deep.equal(["d", "c"]);
  });

  describe("for any JSON value", () => {
    const jsonValue = (maxDepth?: number) =>
      fc.jsonValue({ maxDepth }).map((value): unknown => JSON.parse(JSON.stringify(value))); // JSON has no -0

    it("ignores the order of keys", () => {
      fc.assert(
        fc.property(jsonValue(), (value) => {
          expect(canonicalJson(withReversedKeys(value))).to.equal(canonicalJson(value));
        }),
      );
    });

    it("holds the whole value", () => {
      fc.assert(
        fc.property(jsonValue(), (value) => {
          expect(isDeepStrictEqual(JSON.parse(canonicalJson(value)), value)).to.equal(true);
        }),
      );
    });

    it("is the same exactly where the values are the same", () => {
      const smallValue = jsonValue(1);
      fc.assert(
        fc.property(smallValue, smallValue, (left, right) => {
          expect(canonicalJson(left) === canonicalJson(right)).to.equal(isDeepStrictEqual(left, right));
        }),
      );
    });
  });
});

function withReversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReversedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, withReversedKeys(part)] as const);
  return Object.fromEntries(entries.reverse());
}
