import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { findLocation } from "../../../src/cli/init/frameworkSpec.js";
import { temporaryFolder } from "../../support/temporary.js";

/** Where a package in a folder of a project with a manifest finds the framework. */
function locate(manifest: string): string | undefined {
  const project = temporaryFolder();
  mkdirSync(join(project, "survey"));
  writeFileSync(join(project, "package.json"), manifest);
  return findLocation("framework", project, join(project, "survey"));
}

describe("Where a project has the framework from", () => {
  const locations: Record<string, { spec: string; becomes: string | undefined }> = {
    "a tarball": { spec: "file:../packs/framework.tgz", becomes: "file:../../packs/framework.tgz" },
    "a folder with another way to write it": { spec: "file:./framework", becomes: "file:../framework" },
    "a tarball by its whole path": { spec: "file:/packs/framework.tgz", becomes: "file:/packs/framework.tgz" },
    "a repository": { spec: "git+https://host.example/f.git#v1", becomes: "git+https://host.example/f.git#v1" },
    "a repository by its short name": { spec: "me/framework", becomes: "me/framework" },
    "a web address": { spec: "https://host.example/f.tgz", becomes: "https://host.example/f.tgz" },
    "a version": { spec: "0.1.0-beta.1", becomes: undefined },
    "a tag": { spec: "latest", becomes: undefined },
    "another package in its place": { spec: "npm:@me/framework@1", becomes: undefined },
  };
  for (const [title, { spec, becomes }] of Object.entries(locations))
    it(`is known for ${title}`, () => {
      for (const member of ["dependencies", "devDependencies"])
        expect(locate(JSON.stringify({ [member]: { framework: spec } }))).to.equal(becomes);
    });

  it("is not known where it does not have it, or its manifest cannot be read", () => {
    for (const manifest of ["{}", '{ "dependencies": { "framework": 1 } }', "no JSON"])
      expect(locate(manifest)).to.equal(undefined);
    expect(findLocation("framework", join(temporaryFolder(), "none"), temporaryFolder())).to.equal(undefined);
  });
});
