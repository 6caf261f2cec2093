import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
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
});
