import { expect } from "chai";
import type { ErrorBody } from "../../src/platform/errors.js";
import { TestService } from "../TestService.js";
import { Scene } from "./synchronization/scene.js";

interface Described {
  paths: Record<string, { get?: { operationId: string; parameters?: { name: string; in: string }[] } }>;
}

describe("A list", () => {
  let test: TestService;
  let lists: { operationId: string; path: string }[];

  before(async () => {
    test = await TestService.start();
    const scene = await Scene.make(test);
    const ids: Record<string, string> = { iModelId: scene.iModelId };
    const { id: rootId } = await test
      .request<{ _links: { folder: { href: string } } }>("GET", `/storage?iTwinId=${test.iTwinId}`)
      .then(({ body }) => ({ id: body._links.folder.href.split("/").at(-1)! }));
    const storage = await scene.connect();
    const manifest = await scene.connect({}, "manifest");
    const { paths } = (await (await fetch(`${test.url}/openapi.json`)).json()) as Described;
    const required = `iTwinId=${test.iTwinId}&imodelId=${scene.iModelId}`;
    lists = Object.entries(paths).flatMap(([path, { get }]) => {
      const names = (get?.parameters ?? []).filter((parameter) => parameter.in === "query").map(({ name }) => name);
      if (get === undefined || !names.includes("$top")) return [];
      const connectionId = path.includes("manifest") ? manifest.id : storage.id;
      const idOf: Record<string, string> = { ...ids, connectionId, id: rootId };
      const needed = [...new URLSearchParams(required)].filter(([name]) => names.includes(name));
      if (names.includes("name") && path.endsWith("/search")) needed.push(["name", "*"]);
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => idOf[name]!);
      return [{ operationId: get.operationId, path: `${filled}?${new URLSearchParams(needed).toString()}&` }];
    });
  });
  after(async () => test.close());

  const ask = async (path: string, query: string) => test.request<ErrorBody>("GET", path + query);

  it("refuses parameters that it does not know, whichever list it is", async () => {
    expect(lists.length).to.be.greaterThan(12);
    for (const { operationId, path } of lists) {
      expect((await ask(path, "$top=10")).status, operationId).to.equal(200);
      const { status, body } = await ask(path, "colour=red");
      expect(status, operationId).to.equal(422);
      expect(body.error.details, operationId).to.deep.equal([
        { code: "InvalidValue", message: "Parameter colour is not known.", target: "colour" },
      ]);
    }
  });

  it("has pages of 1000 entries at most", async () => {
    for (const { operationId, path } of lists) {
      expect((await ask(path, "$top=1000")).status, operationId).to.equal(200);
      const { status, body } = await ask(path, "$top=1001");
      expect([status, body.error.message], operationId).to.deep.equal([422, "Page size is over 1000 items limit."]);
      if (path.startsWith("/storage")) expect(body.error.code).to.equal("InvalidStorageRequest");
    }
  });
});
