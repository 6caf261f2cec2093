import { existsSync } from "node:fs";
import { expect } from "chai";
import type { DocumentAttributes, RunOptions } from "itwin-connector-framework";
import { BankTimeline } from "../bank/BankTimeline.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import type { KitSource } from "../kit/kitSource.js";
import { contentOf } from "../support/temporary.js";

const kit: KitSource = {
  categories: ["Steel"],
  groups: [{ id: "g1", label: "first" }],
  parts: [
    { id: "a", size: 1 },
    { id: "b", pieces: [{ material: "oak" }] },
  ],
};

const strings = (...names: string[]) => names.map((name) => ({ name, type: "PrimitiveProperty", typeName: "string" }));

/** A schema such as document management systems give, in a version. */
const schemaOf = (version: string, ...moreProperties: string[]) => ({
  $schema: "https://dev.bentley.com/json_schemas/ec/32/ecschema",
  name: "Documents",
  alias: "docs",
  version,
  references: [{ name: "BisCore", version: "01.00.04" }],
  items: {
    Link: {
      schemaItemType: "EntityClass",
      baseClass: "BisCore.RepositoryLink",
      properties: [
        ...strings("Revision", "Suitability", ...moreProperties),
        { name: "Pages", type: "PrimitiveProperty", typeName: "int" },
        { name: "Issued", type: "PrimitiveProperty", typeName: "dateTime" },
        { name: "State", type: "PrimitiveProperty", typeName: "Documents.State" },
        { name: "Tags", type: "PrimitiveArrayProperty", typeName: "string" },
      ],
    },
    State: {
      schemaItemType: "Enumeration",
      type: "string",
      isStrict: true,
      enumerators: [
        { name: "Draft", value: "draft" },
        { name: "Final", value: "final" },
      ],
    },
    Review: {
      schemaItemType: "EntityClass",
      baseClass: "BisCore.ElementUniqueAspect",
      properties: strings("Reviewer", "Remark"),
    },
    Stamp: {
      schemaItemType: "EntityClass",
      baseClass: "BisCore.ElementMultiAspect",
      properties: strings("Text"),
    },
    Abstract: { schemaItemType: "EntityClass", modifier: "Abstract", baseClass: "BisCore.RepositoryLink" },
    Person: { schemaItemType: "EntityClass", baseClass: "BisCore.InformationRecordElement" },
  },
});
const schema = schemaOf("01.00.00");
const link = (properties: DocumentAttributes["properties"]) => ({ schema, className: "Documents:Link", properties });

const linkColumns = `
  SELECT ECInstanceId, CodeValue, UserLabel, Revision, Suitability, Pages, Issued, State, Tags FROM docs.Link`;

class Attributed {
  public readonly timeline = new KitTimeline();

  public async sync(documentAttributes?: DocumentAttributes, more: RunOptions = {}) {
    this.timeline.write(kit);
    return this.timeline.resync({}, {}, { documentAttributes, ...more });
  }

  public async refusal(documentAttributes: DocumentAttributes) {
    this.timeline.write(kit);
    const { error } = await this.timeline.run({}, {}, { documentAttributes });
    expect(error?.phase).to.equal("schemas");
    expect(error?.advice).to.be.a("string");
    return error!;
  }

  public get lastModified(): unknown {
    return this.timeline.query("SELECT LastMod FROM bis.RepositoryLink");
  }
}

describe("The attributes of a document", () => {
  const all = {
    Revision: "R01",
    Pages: 12,
    Issued: "2024-03-01T12:00:00.000Z",
    State: "draft",
    Tags: ["civil", "bridge"],
    CodeValue: "89c7f032-6dfb-4a0b-8511-983e2d18728a",
    UserLabel: "Master plan",
  };

  it("give its element their class, code and label", async () => {
    const attributed = new Attributed();
    const { counts } = await attributed.sync(link(all));
    expect(counts.new).to.equal(4);
    const [row, ...others] = attributed.timeline.query(linkColumns);
    expect(others).to.be.empty;
    expect(row).to.deep.include({ revision: "R01", pages: 12, state: "draft", tags: ["civil", "bridge"] });
    expect(row).to.include({ codeValue: all.CodeValue, userLabel: "Master plan" });
    expect(String(row!.issued)).to.contain("2024-03-01T12:00:00");
    expect(attributed.timeline.query("SELECT COUNT(*) n FROM bis.RepositoryLink")[0]!.n).to.equal(1);
  });

  it("are written only when they change, and what is gone from them is cleared", async () => {
    const attributed = new Attributed();
    await attributed.sync(link(all));
    const before = attributed.lastModified;
    const again = await attributed.sync(link(all));
    expect(again.documents.unchanged).to.equal(1);
    expect(attributed.lastModified).to.deep.equal(before);

    const changed = await attributed.sync(link({ Suitability: "S02", CodeValue: "other" }));
    expect(changed.documents.unchanged, "the file is the same").to.equal(1);
    expect(changed.elements).to.deep.equal({ inserted: 0, updated: 0, deleted: 0 });
    const [row] = attributed.timeline.query(linkColumns);
    expect(row).to.include({ suitability: "S02", codeValue: "other" });
    expect(row).to.not.have.any.keys("revision", "pages", "issued", "state");
  });

  it("replace an element of another class, and all that hangs on it stays", async () => {
    const attributed = new Attributed();
    const documentName = "storage/kit.json";
    await attributed.sync(undefined, { documentName });
    const { documents, counts } = await attributed.sync(link(all), { documentName });
    expect(documents.unchanged).to.equal(1);
    expect(counts.deleted).to.equal(0);
    const [row] = attributed.timeline.query("SELECT ECInstanceId, Url FROM docs.Link");
    expect(row).to.include({ url: documentName });
    const scopes = "SELECT DISTINCT Scope.Id FROM bis.ExternalSourceAspect WHERE Kind='Part'";
    expect(attributed.timeline.query(scopes).map((scope) => scope["scope.id"] ?? scope.id)).to.deep.equal([row!.id]);
    const repository = "SELECT Repository.Id i FROM bis.ExternalSource";
    expect(attributed.timeline.query(repository).map(({ i }) => i)).to.deep.equal([row!.id]);

    await attributed.sync(link(all), { documentName });
    attributed.timeline.write({ ...kit, parts: [kit.parts![0]!] });
    const changed = await attributed.timeline.resync({}, {}, { documentName });
    expect(changed.counts).to.include({ new: 0, unchanged: 3, deleted: 1 });
    expect(attributed.timeline.query("SELECT ECInstanceId FROM docs.Link")).to.have.length(1);
    await attributed.timeline.resync({}, {}, { documentName, unmap: true });
    expect(attributed.timeline.query("SELECT ECInstanceId FROM bis.RepositoryLink")).to.be.empty;
  });

  for (const [className, name] of [
    ["Review", "Reviewer"],
    ["Stamp", "Text"],
  ] as const)
    it(`can be an aspect of its element, such as a ${className}`, async () => {
      const attributed = new Attributed();
      const attributes = (value: string) => ({
        schema,
        className: `Documents:${className}`,
        properties: { [name]: value, UserLabel: "Plan" },
      });
      const values = () =>
        attributed.timeline.query(`SELECT ${name} text FROM docs.${className}`).map(({ text }) => text);
      await attributed.sync(attributes("one"));
      expect(values()).to.deep.equal(["one"]);
      await attributed.sync(attributes("two"));
      expect(values()).to.deep.equal(["two"]);
      expect(attributed.timeline.query("SELECT UserLabel FROM bis.RepositoryLink")).to.deep.equal([
        { userLabel: "Plan" },
      ]);
      const before = attributed.lastModified;
      await attributed.sync(attributes("two"));
      expect(attributed.lastModified).to.deep.equal(before);

      await attributed.sync(link(all));
      expect(values(), "the class of the attributes is another one now").to.be.empty;
    });

  it("bring their schema up to date", async () => {
    const attributed = new Attributed();
    await attributed.sync(link(all));
    const properties = { Revision: "R02", Author: "me" };
    await attributed.sync({ schema: schemaOf("01.00.01", "Author"), className: "Documents.Link", properties });
    expect(attributed.timeline.query("SELECT Revision, Author FROM docs.Link")).to.deep.equal([
      { revision: "R02", author: "me" },
    ]);
    await attributed.sync({ className: "Documents:Link", properties: { Author: "you" } });
    expect(attributed.timeline.query("SELECT Author FROM docs.Link")).to.deep.equal([{ author: "you" }]);
  });

  it("leave a code to the document that has it, and say so", async () => {
    const attributed = new Attributed();
    await attributed.sync(link({ CodeValue: "same" }), { documentName: "one.json" });
    const { issues } = await attributed.sync(link({ CodeValue: "same" }), { documentName: "two.json" });
    expect(issues.map(({ code }) => code)).to.deep.equal(["document/code-taken"]);
    expect(attributed.timeline.query("SELECT CodeValue FROM docs.Link ORDER BY CodeValue")).to.deep.equal([
      { codeValue: "same" },
      { codeValue: "two.json" },
    ]);
  });

  it("are refused where they do not fit, and the iModel is as it was", async () => {
    const attributed = new Attributed();
    const codeOf = async (attributes: DocumentAttributes) => (await attributed.refusal(attributes)).code;
    expect(await codeOf(link({ Bogus: 1 }))).to.equal("document/unknown-property");
    expect(existsSync(attributed.timeline.iModelPath)).to.equal(false);
    await attributed.sync(link(all));
    const content = contentOf(attributed.timeline.iModelPath);
    const of = (className: string) => ({ schema, className, properties: {} });
    for (const className of ["Documents:Bogus", "Bogus:Link", "Link"])
      expect(await codeOf(of(className)), className).to.equal("document/unknown-class");
    for (const className of ["Documents:Person", "Documents:Abstract", "BisCore:Subject"])
      expect(await codeOf(of(className)), className).to.equal("document/unsuitable-class");
    expect(await codeOf(link({ JsonProperties: "{}" }))).to.equal("document/unknown-property");
    for (const wrong of [
      { Pages: "12" },
      { Pages: 1.5 },
      { Revision: 7 },
      { State: "lost" },
      { Issued: "soon" },
      { Tags: "civil" },
      { CodeValue: 3 },
    ])
      expect(await codeOf(link(wrong)), JSON.stringify(wrong)).to.equal("document/wrong-value");
    for (const wrong of [{}, { ...schemaOf("02.00.00"), references: [{ name: "Bogus", version: "01.00.00" }] }])
      expect(await codeOf({ ...link({}), schema: wrong })).to.equal("document/schema");
    expect(contentOf(attributed.timeline.iModelPath)).to.equal(content);
  });

  it("are refused before anything else where they are no attributes", async () => {
    const attributed = new Attributed();
    attributed.timeline.write(kit);
    for (const wrong of [{}, { className: "Documents:Link" }, { className: 1, properties: {} }]) {
      const { error } = await attributed.timeline.run(
        {},
        {},
        { documentAttributes: wrong as unknown as DocumentAttributes },
      );
      expect(error).to.include({ code: "usage/document-attributes", phase: "arguments" });
    }
  });

  it("reach the iModel of a bank", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write(kit);
    await timeline.sync();
    for (const [revision, version] of [
      ["R01", 2],
      ["R01", 2],
      ["R02", 3],
    ] as const) {
      const result = await timeline.run({}, {}, { documentAttributes: link({ Revision: revision }) });
      expect(result.error, String(result.error?.stack)).to.equal(undefined);
      expect(result.version!.changesetIndex).to.equal(version);
    }
  });
});

describe("The properties of a document", () => {
  it("are kept with those that the run knows", async () => {
    const attributed = new Attributed();
    const documentProperties = { attributesJson: '{"owner":"me"}', parentGuid: "0b6d1c52-6c50-4f4e-8d1e-6a2f9f0d7e11" };
    await attributed.sync(undefined, { documentProperties });
    const [row] = attributed.timeline.query("SELECT JsonProperties FROM bis.RepositoryLink");
    expect(JSON.parse(row!.jsonProperties as string)).to.deep.equal({ DocumentProperties: documentProperties });
    const again = await attributed.sync(undefined, { documentProperties });
    expect(again.documents.unchanged).to.equal(1);
  });
});
