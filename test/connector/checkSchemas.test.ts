import { expect } from "chai";
import { ConnectorError } from "itwin-connector-framework";
import { checkSchemas } from "../../src/connector/schema/checkSchemas.js";
import { defaultSchema } from "./stream/StreamTestConnector.js";
import { StreamTimeline } from "./stream/StreamTimeline.js";

const classOf = (rest: object) => [{ name: "S", classes: [{ name: "Pump", ...rest }] }];
const propertyOf = (rest: object) => classOf({ properties: [{ name: "flow", type: "double", ...rest }] });
const navigationOf = (rest: object) => classOf({ navigations: [{ name: "spare", target: "Pump", ...rest }] });
const linkOf = (link: object) => [{ name: "S", classes: [], links: [{ name: "Feeds", ...link }] }];

/** What a connector in JavaScript may return, with the code and the message of the error. */
const faults: [schemas: unknown, code: string, message: RegExp][] = [
  [undefined, "schema/invalid-description", /^getSchemas\(\) is undefined, but must be an array/],
  [{ name: "S", classes: [] }, "schema/invalid-description", /must be an array/],
  [["S"], "schema/invalid-description", /^getSchemas\(\)\[0\] is "S", but must be an object with name, alias, /],
  [[null], "schema/invalid-description", /\[0\] is null/],
  [[{ file: 5 }], "schema/invalid-description", /\[0\]\.file is 5/],
  [[{ classes: [] }], "schema/invalid-name", /\[0\]\.name is undefined, but must be a text/],
  [[{ name: "S" }], "schema/invalid-description", /\.S\.classes is undefined, but must be an array/],
  [[{ name: "S", classes: null }], "schema/invalid-description", /\.S\.classes is null/],
  [[{ name: "S", classes: [], links: {} }], "schema/invalid-description", /\.S\.links is {}/],
  [[{ name: "S", alias: 5, classes: [] }], "schema/invalid-description", /alias is 5/],
  [[{ name: "S", classes: [null] }], "schema/invalid-description", /\.S\.classes\[0\] is null/],
  [[{ name: "S", classes: [{}] }], "schema/invalid-name", /classes\[0\]\.name is undefined/],
  [[{ name: "S", class: [] }], "schema/unknown-member", /\.S has an unknown member "class"/],
  [classOf({ name: 5 }), "schema/invalid-name", /name is 5/],
  [classOf({ label: 5 }), "schema/invalid-description", /\.Pump\.label is 5/],
  [classOf({ baseClass: 5 }), "schema/invalid-description", /\.Pump\.baseClass is 5/],
  [classOf({ base: "BisCore:Subject" }), "schema/unknown-member", /\.Pump has an unknown member "base"/],
  [classOf({ property: [] }), "schema/unknown-member", /"property"/],
  [classOf({ props: [] }), "schema/unknown-member", /"props"/],
  [classOf({ navigation: [] }), "schema/unknown-member", /"navigation"/],
  [classOf({ properties: null }), "schema/invalid-description", /properties is null/],
  [classOf({ properties: { flow: "double" } }), "schema/invalid-description", /must be an array/],
  [classOf({ properties: ["flow"] }), "schema/invalid-description", /properties\[0\] is "flow"/],
  [propertyOf({ type: undefined }), "schema/invalid-type", /\.Pump\.properties\.flow\.type is undefined/],
  [propertyOf({ type: Number }), "schema/invalid-type", /type is \[Function/],
  [propertyOf({ name: undefined }), "schema/invalid-name", /properties\[0\]\.name is undefined/],
  [propertyOf({ label: 5 }), "schema/invalid-description", /flow\.label is 5/],
  [propertyOf({ lable: "Flow" }), "schema/unknown-member", /"lable"/],
  [
    navigationOf({ target: undefined }),
    "schema/invalid-description",
    /\.Pump\.navigations\.spare\.target is undefined/,
  ],
  [navigationOf({ relationship: {} }), "schema/invalid-description", /relationship is {}/],
  [linkOf({ target: "Pump" }), "schema/invalid-description", /\.S\.links\.Feeds\.source is undefined/],
  [linkOf({ source: "Pump" }), "schema/invalid-description", /Feeds\.target is undefined/],
  [linkOf({ source: "Pump", target: "Pump", properties: [{ name: "a" }] }), "schema/invalid-type", /a\.type is undef/],
];

describe("The schemas that a connector returns", () => {
  it("are refused where a member is missing, misspelt or something else", () => {
    for (const [schemas, code, message] of faults) {
      const words = JSON.stringify(schemas);
      expect(() => checkSchemas(schemas), words)
        .to.throw(ConnectorError, message)
        .with.property("code", code);
    }
  });

  it("are accepted with all members, with members that are undefined, and with those of the connector itself", () => {
    const more = { name: "S", alias: undefined, classes: [{ name: "Pump", label: undefined, sheet: 1 }], origin: {} };
    checkSchemas([defaultSchema, more, { file: "/schemas/S.ecschema.xml" }]);
    checkSchemas([]);
  });

  it("are checked before a run writes", async () => {
    const timeline = new StreamTimeline();
    const schema = { name: "Stream", classes: [{ name: "Pump", properties: [{ name: "flow" }] }] };
    const { error } = await timeline.run({ schema: schema as never, entities: [] });
    expect(error).to.include({ code: "schema/invalid-type", phase: "schemas" });
  });
});
