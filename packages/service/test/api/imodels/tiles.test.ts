import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";

import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { kitModule } from "../../../../../test/kit/KitTimeline.js";
import type { Tiles } from "../../../src/api/imodels/tileSchemas.js";
import { ServedIModel } from "../../endToEnd/ServedIModel.js";
import { TestService } from "../../TestService.js";

/** What the service has of the tiles of a version. */
interface Tileset {
  asset: { version: string };
  root: { boundingVolume: { box: number[] } };
}

describe("The tiles and views of versions over HTTP", () => {
  let test: TestService;
  let served: ServedIModel;

  before(async () => {
    test = await TestService.start({ connectors: { KIT: { module: kitModule } }, views: 3 });
    served = await ServedIModel.create(test);
    const fileId = await served.addFile("kit.json", kit({ id: "a", size: 1 }));
    const connection = await served.connect([{ storageFileId: fileId, connectorType: "KIT" }]);
    await served.run(connection);
    await served.replaceFile(fileId, kit({ id: "a", size: 2 }, { id: "b", size: 1 }));
    await served.run(connection);
  });
  after(() => test.close());

  const request = async <T>(method: string, path: string, body?: unknown) =>
    test.request<T>(method, `/imodels/${served.id}/${path}`, body);

  /** Asks for the tiles of a version, and waits until they are made. */
  async function makeTiles(version: string): Promise<Tiles> {
    let answer = await request<Tiles>("POST", `versions/${version}/tiles`);
    while (answer.body.state === "waiting") {
      await delay(100);
      answer = await request<Tiles>("GET", `versions/${version}/tiles`);
    }
    return answer.body;
  }

  describe("tiles", () => {
    it("are made once, by a worker, and are 3D Tiles", async () => {
      expect((await request("GET", "versions/1/tiles")).status).to.equal(404);
      const first = await request<Tiles>("POST", "versions/1/tiles");
      expect([first.status, first.body.state]).to.deep.equal([202, "waiting"]);
      const [made, again] = await Promise.all([makeTiles("1"), makeTiles("1")]);
      expect(made).to.deep.equal({ state: "made", count: 1 });
      expect(again).to.deep.equal(made);
      expect((await request("POST", "versions/1/tiles")).status).to.equal(200);
      const { attempts } = (await test.service.context.tiles.find(served.id, 1))!;
      expect(attempts).to.equal(1);
      const tileset = await request<Tileset>("GET", "versions/1/tiles/tileset.json");
      expect(tileset.body.asset.version).to.equal("1.1");
      const tile = await fetch(`${test.url}/imodels/${served.id}/versions/1/tiles/tiles/0.glb`, {
        headers: { authorization: `Bearer ${await test.tokenOf("tester")}` },
      });
      expect(tile.headers.get("content-type")).to.equal("model/gltf-binary");
      expect(
        Buffer.from(await tile.arrayBuffer())
          .subarray(0, 4)
          .toString(),
      ).to.equal("glTF");
    });

    it("differ from version to version, and none has them that shows nothing @all", async () => {
      const sizeOf = async (version: string) => {
        await makeTiles(version);
        const { body } = await request<Tileset>("GET", `versions/${version}/tiles/tileset.json`);
        return body.root.boundingVolume.box[3]! * 2;
      };
      expect(await sizeOf("latest")).to.be.greaterThan(await sizeOf("1"));
      expect(await makeTiles("0")).to.deep.equal({ state: "made", count: 0 });
      expect((await request("GET", "versions/0/tiles/tileset.json")).status).to.equal(404);
    });

    it("are made again where the storage has lost them @all", async () => {
      await makeTiles("1");
      const { changeset_id: changeset } = (await test.service.context.tiles.find(served.id, 1))!;
      for (const file of ["tileset.json", "tiles/0.glb"]) {
        const key = `imodels/${served.id}/tiles/1-${changeset}/${file}`;
        await test.service.context.blobs.delete(key);
        expect((await request("GET", `versions/1/tiles/${file}`)).status).to.equal(404);
        expect((await makeTiles("1")).state).to.equal("made");
        expect(await test.service.context.blobs.stat(key)).not.to.equal(undefined);
      }
    });

    it("give no other file, and nothing to others", async () => {
      await makeTiles("1");
      for (const file of ["tiles/7.glb", "..%2F..%2Fcheckpoints", "tiles%2F..%2Ftileset.json", "x"])
        expect((await request("GET", `versions/1/tiles/${file}`)).status, file).to.equal(404);
      expect((await request("POST", "versions/9/tiles")).status).to.equal(404);
      const stranger = { authorization: `Bearer ${await test.tokenOf("stranger")}` };
      for (const path of ["versions/1/tiles", "versions/1/tiles/tileset.json", "views/1/model"]) {
        const answer = await test.request("GET", `/imodels/${served.id}/${path}`, undefined, stranger);
        expect(answer.status, path).to.equal(403);
      }
    });

    it("say why they cannot be made, and are not tried again at once @all", async () => {
      const { tiles } = test.service.context;
      const path = `/imodels/${served.id}/versions/0/tiles`;
      await test.request("POST", path);
      const known = async () => (await test.request<Tiles>("POST", path)).body;
      while ((await known()).state === "waiting") await delay(100);
      const { db } = test.service.context;
      const failed = {
        state: "failed",
        count: null,
        error: JSON.stringify({ errorKey: "x", description: "Why." }),
      } as const;
      const change = db.updateTable("version_tiles").where("imodel_id", "=", served.id).where("index", "=", 0);
      await change.set({ ...failed, changed_at: new Date() }).execute();
      expect(await known()).to.deep.equal({ state: "failed", error: { code: "x", message: "Why." } });
      await change.set({ changed_at: new Date(Date.now() - 3_600_000) }).execute();
      expect((await known()).state).to.equal("waiting");
      while ((await known()).state === "waiting") await delay(100);
      expect((await tiles.find(served.id, 0))?.state).to.equal("made");
    });

    it("go with the iModel", async () => {
      const other = await ServedIModel.create(test, randomUUID());
      const { tiles, blobs } = test.service.context;
      await test.request("POST", `/imodels/${other.id}/versions/0/tiles`);
      const key = `imodels/${other.id}/tiles/0-0/tiles/0.glb`;
      await blobs.put(key, Readable.from("a file of an attempt that broke off"));
      await test.request("DELETE", `/imodels/${other.id}`);
      expect(await tiles.find(other.id, 0)).to.equal(undefined);
      expect(await blobs.stat(key)).to.equal(undefined);
    });
  });

  describe("views", () => {
    it("answer what the page asks of a version", async () => {
      const model = await request<{ name: string; elements: number }>("GET", "views/2/model");
      expect(model.body.name).to.equal("Plant, version 2");
      const found = await request<{ results: { id: string }[] }>("GET", "views/2/search?text=kit.json");
      expect(found.status).to.equal(200);
      const rows = await request<{ rows: unknown[][] }>("POST", "views/2/ecsql", {
        ecsql: "SELECT Identifier FROM bis.ExternalSourceAspect WHERE Kind='Part' ORDER BY Identifier",
      });
      expect(rows.body.rows).to.deep.equal([["a"], ["b"]]);
    });

    it("tell what changed between two versions", async () => {
      const { body } = await request<{ counts: Record<string, number> }>("GET", "views/1-2/changes");
      expect(body.counts).to.include({ deleted: 0 });
      expect(body.counts.new).to.be.greaterThan(0);
      expect(body.counts.changed).to.be.greaterThan(0);
    });

    it("refuse one more than an iTwin may have open at a time @all", async () => {
      const steps = ["0", "1", "2"];
      const statuses = await Promise.all(
        steps.map(async (step) => (await request("GET", `views/${step}/model`)).status),
      );
      expect(statuses.sort()).to.deep.equal([200, 200, 503]);
      expect((await request("GET", "views/0/model")).status).to.equal(200);
    });

    it("are closed for others when nobody has asked them for the longest time @all", async () => {
      for (const step of ["1", "2", "1", "0"]) await request("GET", `views/${step}/model`);
      while (openViews().length > 2) await delay(50);
      expect(openViews()).to.deep.equal(["Plant, version 0", "Plant, version 1"]);
    });

    it("are opened again after their process has died @all", async () => {
      await request("GET", "views/2/model");
      for (const pid of processesOf("serveView").keys()) process.kill(pid, "SIGKILL");
      let { status } = await request("GET", "views/2/model");
      for (let attempt = 0; status === 503 && attempt < 50; attempt++)
        ({ status } = await request("GET", "views/2/model"));
      expect(status).to.equal(200);
    });

    it("refuse what is no step", async () => {
      for (const step of ["2-1", "1-1", "x", "1-", "12345678901"])
        expect((await request("GET", `views/${step}/model`)).status, step).to.equal(422);
      expect((await request("GET", "views/9/model")).status).to.equal(404);
      expect((await request("GET", "views/1/nothing")).status).to.equal(404);
      expect((await request("POST", "views/1/ecsql", { ecsql: "SELECT nothing" })).status).to.equal(422);
    });
  });
});

/** The processes that run a program for this one: their arguments by their ids. */
function processesOf(program: string): Map<number, string> {
  const found = spawnSync("pgrep", ["-a", "-P", String(process.pid), "-f", program], { encoding: "utf8" }).stdout;
  const lines = found.split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [Number.parseInt(line), line]));
}

/** What the versions are called that are open, in order. */
function openViews(): string[] {
  const names = [...processesOf("serveView").values()].map((line) => /"name":"([^"]*)"/.exec(line)?.[1] ?? "");
  return names.sort();
}

function kit(...parts: { id: string; size: number }[]): string {
  return JSON.stringify({ categories: ["Kit"], parts });
}
