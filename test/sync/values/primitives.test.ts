import { inspect } from "node:util";
import { Guid } from "@itwin/core-bentley";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import fc from "fast-check";
import { ConnectorError } from "itwin-connector-framework";
import { valueChecksOf } from "../../../src/sync/values/ValueChecks.js";
import { ValueScene } from "./scene.js";

/** Values of which the iModel must hold each as it is, or the check must refuse it. */
const candidates: Record<string, unknown[]> = {
  the_int: [0, 7, -(2 ** 31), 2 ** 31 - 1, 2 ** 31, 5e9, 1.5, "7", true, NaN, Infinity, {}, 7n, [7]],
  the_long: [0, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 63, 1.5, NaN, -Infinity, true, 9n, "seven", "9223372036854775808"],
  the_double: [0, 1.5, -1e300, 5e-324, "1.5", NaN, Infinity, -Infinity, true, 5n, {}],
  the_boolean: [true, false, 1, 0, "true", {}],
  the_string: ["", "é", "𝒳", "a\nb", 7, true, {}, "a\0b", "\ud800", "x\udc00y", "\0"],
  the_point2d: [{ x: 1, y: 2 }, { x: NaN, y: 2 }, { X: 1, Y: 2 }, { x: 1 }, "1,2", { x: "1", y: 2 }],
  the_point3d: [{ x: 1, y: 2, z: 3 }, { x: 1, y: 2 }, { x: 1, y: 2, z: Infinity }, "1,2,3"],
  the_binary: [new Uint8Array([1, 2]), "AQI=", [1, 2], 5],
  the_level: [1, 2, "Low", 1.5],
  the_hint: ["some", "other", 5],
  the_list: [[1, 2], [1.5], ["x"], 5, [null], [1, null, 2], [2 ** 31]],
  the_size: [{ width: 1 }, { height: 1 }, 5, { width: "wide" }, { width: NaN }],
  the_sizes: [[{ width: 1 }, { width: 2 }], [{ height: 1 }], { width: 1 }],
};

/** Dates and times, with what the iModel must give back. */
const times: [key: string, value: unknown, held?: string][] = [
  ["the_dateTime", "2026-01-31T12:30:00", "2026-01-31T12:30:00.000"],
  ["the_dateTime", "2026-01-31T12:30", "2026-01-31T12:30:00.000"],
  ["the_dateTime", "2026-01-31T12:30:00.250", "2026-01-31T12:30:00.250"],
  ["the_dateTime", "2026-01-31", "2026-01-31T00:00:00.000"],
  ["the_dateTime", "2024-02-29", "2024-02-29T00:00:00.000"],
  ["the_dateTime", new Date(0), "1970-01-01T00:00:00.000"],
  ["the_dateTime", "2026-02-29"],
  ["the_dateTime", "2026-02-30T00:00:00"],
  ["the_dateTime", "2026-13-01"],
  ["the_dateTime", "2026-01-31T25:00:00"],
  ["the_dateTime", "2026-01-31T12:60:00"],
  ["the_dateTime", "2016-12-31T23:59:60Z"],
  ["the_dateTime", "2026-01-31T12:30:00+02:00"],
  ["the_dateTime", "31.01.2026"],
  ["the_dateTime", "10000-01-01"],
  ["the_dateTime", 1769862600000],
  ["the_dateTime", new Date(NaN)],
  ["the_dateTime", new Date(-1e14)],
  ["the_dateTime", new Date(8.64e15)],
  ["the_dateTime", new Date(253402300799999), "9999-12-31T23:59:59.999"],
  ["the_dateTime", new Date(253402300800000)],
  ["the_dateTime", new Date("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000"],
  ["the_dateTime", new Date("-000001-12-31T00:00:00Z")],
  ["the_dateTime", "-4715-11-24T12:00:00Z"],
  ["the_dateTime", "-4713-11-24T11:59:59Z"],
  ["the_dateTime", "-4713-11-24T12:00:00", "-4713-11-24T12:00:00.000"],
  ["the_dateTime", "9999-12-31", "9999-12-31T00:00:00.000"],
  ["the_date", "-4713-11-24"],
  ["the_date", "-4713-11-25", "-4713-11-25"],
  ["the_date", "2026-01-31", "2026-01-31"],
  ["the_date", "2026-01-31T00:00:00Z", "2026-01-31"],
  ["the_date", "2026-02-31"],
];

describe("The check of a value", () => {
  let scene: ValueScene;
  beforeEach(async () => {
    scene = await ValueScene.create();
  });
  afterEach(() => scene.imodel.close());

  const errorOf = (key: string, value: unknown): ConnectorError | undefined => {
    const checks = valueChecksOf(scene.imodel);
    try {
      checks.checkProps(scene.propsOf({ [key]: value }), { name: 'Thing "a"' });
      return undefined;
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return error;
    }
  };
  const isHeld = (key: string, value: unknown): boolean => {
    try {
      expect(scene.readBack(key, value)).to.deep.equal(value);
      return true;
    } catch {
      return false;
    }
  };

  for (const [key, values] of Object.entries(candidates))
    it(`of ${key} accepts what the iModel holds, and refuses what it would change`, () => {
      for (const value of values) {
        const error = errorOf(key, value);
        expect(error === undefined, `${String(value)}: ${error?.message}`).to.equal(isHeld(key, value));
        if (error !== undefined) expect(error.code).to.equal("sync/invalid-value");
      }
    });

  it("accepts any number, text or list exactly if the iModel holds it", () => {
    const arbitrary = fc.oneof(
      fc.tuple(
        fc.constant("the_int"),
        fc.oneof(
          fc.integer(),
          fc.double().filter((value) => !Object.is(value, -0)),
          fc.maxSafeInteger(),
        ),
      ),
      fc.tuple(
        fc.constant("the_double"),
        fc.double().filter((value) => !Object.is(value, -0)),
      ),
      fc.tuple(fc.constant("the_string"), fc.string({ unit: "binary" })),
      fc.tuple(
        fc.constant("the_list"),
        fc.array(
          fc.oneof(
            fc.integer(),
            fc.double().filter((value) => !Object.is(value, -0)),
          ),
          { minLength: 1 },
        ),
      ),
    );
    fc.assert(
      fc.property(arbitrary, ([key, value]) => {
        expect(errorOf(key, value) === undefined).to.equal(isHeld(key, value));
      }),
      { numRuns: 200 },
    );
  });

  for (const [key, value, held] of times)
    it(`of ${key} ${held === undefined ? "refuses" : "accepts"} ${String(value)}`, () => {
      const error = errorOf(key, value);
      expect(error?.code).to.equal(held === undefined ? "sync/invalid-value" : undefined);
      if (held !== undefined) expect(scene.readBack(key, value)).to.equal(held);
      else if (!(value instanceof Date && Number.isNaN(value.getTime())))
        expect(scene.readBack(key, value), "in the iModel").to.equal(undefined);
    });

  it("accepts whole numbers beyond those of JavaScript as text", () => {
    for (const digits of ["9223372036854775807", "-9223372036854775808", "0x20000000001"])
      expect(errorOf("the_long", digits)).to.equal(undefined);
  });

  it("accepts null and undefined, which are no values", () => {
    for (const key of Object.keys(candidates))
      for (const value of [null, undefined]) expect(errorOf(key, value), key).to.equal(undefined);
  });

  it("refuses bytes in Base64 that are none", () => {
    expect(errorOf("the_binary", "encoding=base64;AQI=")).to.equal(undefined);
    for (const digits of ["", "AQ==", "AQ", "AQID", "AQIDBA"])
      expect(errorOf("the_binary", `encoding=base64;${digits}`), digits).to.equal(undefined);
    for (const digits of ["A!I=", "A", "A===", "==", "AQIDB"])
      expect(errorOf("the_binary", `encoding=base64;${digits}`)?.code, digits).to.equal("sync/invalid-value");
  });

  it("refuses objects in JSON of which the iModel would hold nothing", () => {
    const url = new URL("http://a");
    const others: object[] = [new Set([1]), /x/, new Error("e"), Object(5) as object, url, new Date(NaN)];
    for (const value of [new Map([[1, 2]]), ...others])
      for (const json of [{ value }, { a: { b: [value] } }])
        expect(errorOf("jsonProperties", json)?.code, inspect(json)).to.equal("sync/invalid-value");
    const taken = { a: [new Date(0), { b: new Uint8Array([1]) }], c: Point3d.create(1, 2, 3), e: {} };
    expect(errorOf("jsonProperties", taken)).to.equal(undefined);
    expect(scene.readBack("jsonProperties", taken)).to.deep.equal({
      a: ["1970-01-01T00:00:00.000Z", { b: "encoding=base64;AQ==" }],
      c: { x: 1, y: 2, z: 3 },
      e: {},
    });
  });

  it("refuses a number that is no value of a strict enumeration", () => {
    expect(errorOf("the_level", 3)?.message).to.equal(
      'Thing "a": Values:Thing.the_level is 3, but must be one of 1, 2, the values of Level.',
    );
  });

  it("heeds the limits that a schema sets", () => {
    const limited: [key: string, right: unknown[], wrong: unknown[], expected: string][] = [
      ["the_grade", [1, 10], [0, 11, 50], "a number from 1 to 10"],
      ["the_mark", ["", "abc"], ["abcd"], "a number of letters from 0 to 3"],
      ["the_pair", [[], [1, 2]], [[1, 2, 3]], "at most 2 entries"],
      ["the_list", [[1, 2, 3, 4]], [], ""],
    ];
    for (const [key, right, wrong, expected] of limited) {
      for (const value of right) expect(errorOf(key, value), `${key} ${inspect(value)}`).to.equal(undefined);
      for (const value of wrong) expect(errorOf(key, value)?.message, inspect(value)).to.include(expected);
    }
  });

  it("refuses a GUID that is none", () => {
    expect(errorOf("the_guid", "8d0f3c70-9a3e-4f5f-8a53-0a3b9a1e6c11")).to.equal(undefined);
    expect(errorOf("the_guid", "8d0f3c70")?.code).to.equal("sync/invalid-value");
    const bytes = new Uint8Array(16).fill(3);
    expect(errorOf("the_guid", bytes)?.code, "which the iModel drops").to.equal("sync/invalid-value");
    expect(scene.readBack("the_guid", bytes)).to.equal(undefined);
    expect(errorOf("federationGuid", "8d0f3c70")?.code).to.equal("sync/invalid-value");
    expect(errorOf("federationGuid", Guid.empty)?.message).to.include("not that of zeros");
    expect(errorOf("the_guid", Guid.empty), "which a property can hold").to.equal(undefined);
    expect(scene.readBack("the_guid", Guid.empty)).to.equal(Guid.empty);
  });
});
