import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { LineSegment3d, Matrix4d, Point3d, Point4d, Transform } from "@itwin/core-geometry";
import { Ajv } from "ajv";
import { expect } from "chai";
import { export3dTiles, type GraphicsExport, type GraphicsExportOptions } from "itwin-connector-viewer";
import type { TileJson, TilesetJson } from "../src/tiles/tileset.js";
import { Glb } from "./Glb.js";
import { expectSameTriangles } from "./measure.js";
import { at, box, Scene, streamOf, trianglesOf } from "./Scene.js";
import { tilesetSchema } from "./tilesetSchema.js";

const isTileset = new Ajv({ allErrors: true }).compile(tilesetSchema);

/** A tile of an export, with what it shows. */
interface ReadTile {
  readonly tile: TileJson;
  readonly glb?: Glb;
  readonly parent?: TileJson;
}

/** A tileset that was read from its folder. */
class Tileset {
  public readonly json: TilesetJson;
  public readonly tiles: ReadTile[] = [];

  private constructor(private readonly _folder: string) {
    this.json = JSON.parse(readFileSync(join(_folder, "tileset.json"), "utf8")) as TilesetJson;
  }

  /** Reads a tileset, and expects that it and all its contents are valid. */
  public static async readValid(folder: string): Promise<Tileset> {
    const tileset = new Tileset(folder);
    expect(isTileset(tileset.json), JSON.stringify(isTileset.errors)).to.equal(true);
    await tileset._read(tileset.json.root);
    const files = tileset.tiles.filter(({ glb }) => glb !== undefined);
    expect(readdirSync(join(folder, "tiles"))).to.have.length(files.length);
    return tileset;
  }

  /** The triangles of all tiles. */
  public trianglesById(): Map<string, number[]> {
    return new Map(this.tiles.flatMap(({ glb }) => (glb === undefined ? [] : [...glb.trianglesById()])));
  }

  private async _read(tile: TileJson, parent?: TileJson): Promise<void> {
    const glb = tile.content && (await Glb.readValid(join(this._folder, tile.content.uri)));
    this.tiles.push({ tile, glb, parent });
    for (const child of tile.children ?? []) await this._read(child, tile);
  }
}

async function exportScene(
  scene: Scene,
  options?: GraphicsExportOptions,
): Promise<{ tileset: Tileset; result: GraphicsExport }> {
  const path = scene.save();
  const result = await export3dTiles(path, join(scene.folder, "tiles"), options);
  return { tileset: await Tileset.readValid(join(scene.folder, "tiles")), result };
}

/** Boxes in a field, one of which is large. */
function field(count: number): Scene {
  const scene = new Scene();
  for (let index = 0; index < count; index++)
    scene.add(streamOf(box(1 + (index % 3))), at(10 * (index % 100), 10 * Math.floor(index / 100), index % 5));
  scene.add(streamOf(box(500, 500, 1)), at(0, 0, -2), { userLabel: "ground" });
  return scene;
}

describe("export3dTiles", () => {
  it("writes the triangles that the platform makes, each once", async () => {
    const scene = field(3500);
    scene.imodel.saveChanges();
    const expected = trianglesOf(scene.imodel);
    const { tileset, result } = await exportScene(scene);
    expectSameTriangles(tileset.trianglesById(), expected);
    expect(result).to.deep.include({ elements: 3501, triangles: 12 * 3501, issues: [] });
    const ids = tileset.tiles.flatMap(({ glb }) => glb!.column("id"));
    expect(new Set(ids).size).to.equal(ids.length);
    const size = readdirSync(join(result.path, "tiles")).reduce(
      (sum, name) => sum + statSync(join(result.path, "tiles", name)).size,
      0,
    );
    expect(result.size).to.equal(size + statSync(join(result.path, "tileset.json")).size);
  });

  it("shows large elements first, in boxes that hold all that is below them", async () => {
    const { tileset } = await exportScene(field(1700));
    expect(tileset.tiles.length).to.be.greaterThan(2);
    expect(tileset.tiles[0]!.glb!.column("label")).to.include("ground");
    const [, , , x, , , , y, , , , z] = tileset.json.root.boundingVolume.box;
    // As large as everything: however far away the camera is, the first tile is loaded.
    expect(tileset.json.geometricError).to.be.closeTo(2 * Math.hypot(x!, y!, z!), 1e-6);
    for (const { tile, parent, glb } of tileset.tiles) {
      expect(tile.geometricError === 0).to.equal(tile.children === undefined);
      if (parent !== undefined) expect(tile.geometricError).to.be.at.most(parent.geometricError);
      const outer = parent ?? tile;
      for (const [id, corners] of glb!.trianglesById())
        corners.forEach((value, place) => {
          for (const { box: sides } of [tile.boundingVolume, outer.boundingVolume]) {
            const axis = place % 3;
            expect(Math.abs(value - sides[axis]!), id).to.be.at.most(sides[3 + 4 * axis]! + 0.001);
          }
        });
    }
  });

  it("is at its place on the Earth to a millimetre", async () => {
    const scene = new Scene();
    const position = Cartographic.fromDegrees({ longitude: 13.4, latitude: 52.5, height: 40 });
    const location = EcefLocation.createFromCartographicOrigin(position, Point3d.create(1000, 2000, 3), undefined);
    scene.imodel.updateEcefLocation(location);
    const id = scene.add(streamOf(box()), at(400_000.5, 5_800_000.25, 30));
    const { tileset } = await exportScene(scene);
    const [x, y, z] = tileset.trianglesById().get(id) as [number, number, number];
    const columns = tileset.json.root.transform!;
    const toEarth = Matrix4d.createRowValues(
      ...(Array.from({ length: 16 }, (_, place) => columns[4 * (place % 4) + Math.floor(place / 4)]) as Parameters<
        typeof Matrix4d.createRowValues
      >),
    );
    const found = toEarth.multiplyPoint4d(Point4d.create(x, y, z, 1));
    const expected = Transform.createOriginAndMatrix(
      location.getTransform().origin,
      location.getTransform().matrix,
    ).multiplyXYZ(x, y, z);
    const inSpace = Point3d.create(x, y, z);
    const corners = [0, 1].flatMap((a) =>
      [0, 1].flatMap((b) => [0, 1].map((c) => Point3d.create(400_000.5 + a, 5_800_000.25 + b, 30 + c))),
    );
    expect(Math.min(...corners.map((corner) => corner.distance(inSpace)))).to.be.lessThan(0.001);
    expect(Point3d.create(found.x, found.y, found.z).distance(expected)).to.be.lessThan(0.001);
  });

  it("has no transform where the place is not known", async () => {
    const { tileset } = await exportScene(field(1));
    expect(tileset.json.root).not.to.have.property("transform");
  });

  it("compresses each tile", async () => {
    const scene = field(2000);
    const path = scene.save();
    const plain = await export3dTiles(path, join(scene.folder, "plain"), { instances: false });
    const small = await export3dTiles(path, join(scene.folder, "small"), { instances: false, compress: "meshopt" });
    await Tileset.readValid(small.path);
    expect(small.size).to.be.lessThan(0.5 * plain.size);
  });

  it("says that drawings are not in the tiles, and refuses an iModel that has nothing else", async () => {
    const scene = field(1);
    scene.addDrawing("Plan", streamOf(LineSegment3d.createXYZXYZ(0, 0, 0, 1, 1, 0)));
    const { result } = await exportScene(scene);
    expect(result.issues.map(({ message }) => message)).to.deep.equal([
      "elements of drawings and sheets are not in the tiles, which are for models in space: 1",
    ]);
    const flat = new Scene();
    flat.addDrawing("Plan", streamOf(LineSegment3d.createXYZXYZ(0, 0, 0, 1, 1, 0)));
    const error = await export3dTiles(flat.save(), join(flat.folder, "tiles")).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "viewer/no-geometry");
    expect(readdirSync(flat.folder)).to.deep.equal(["scene.bim"]);
  });

  it("replaces no folder that is something else", async () => {
    const scene = field(1);
    const path = scene.save();
    const error = await export3dTiles(path, scene.folder, { overwrite: true }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "usage/file-exists");
    expect(error).to.have.property("message").that.contains("is not an earlier export");
    expect(readdirSync(scene.folder)).to.deep.equal(["scene.bim"]);
  });

  it("replaces a folder only if that is asked for", async () => {
    const scene = field(1);
    const [path, out] = [scene.save(), join(scene.folder, "tiles")];
    await export3dTiles(path, out);
    writeFileSync(join(out, "mine.txt"), "");
    const error = await export3dTiles(path, out).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "usage/file-exists");
    expect(existsSync(join(out, "mine.txt"))).to.equal(true);
    await export3dTiles(path, out, { overwrite: true });
    expect(readdirSync(out).sort()).to.deep.equal(["tiles", "tileset.json"]);
  });
});
