import { expect } from "chai";
import { StepSyntaxError } from "../src/step/StepSyntaxError.js";
import type { MeshResult } from "../src/worker/mesherMessages.js";
import type { Mesher, Meshers } from "../src/worker/Meshers.js";
import { MeshesAhead, type MeshSource } from "../src/worker/MeshesAhead.js";
import { MeshingOrder } from "../src/worker/MeshingOrder.js";

/** Notes what it is told, and meshes when the test says so. */
class NotedMeshers implements Meshers, Mesher {
  public readonly told: string[] = [];
  private readonly _waiting: (() => void)[] = [];

  public constructor(
    public readonly ahead: number,
    private readonly _bytes = 12,
  ) {}

  public warmUp(): void {
    this.told.push("warm up");
  }

  public choose(): Mesher {
    return this;
  }

  public open(number: number): void {
    this.told.push(`open ${number}`);
  }

  public async mesh(number: number, id: number): Promise<MeshResult> {
    this.told.push(`${id} of ${number}`);
    const triangles = new Uint32Array(this._bytes / 4);
    const mesh = { geometry: id, points: new Float64Array(), triangles, transform: [], color: [0, 0, 0, 1] } as const;
    return new Promise((resolve) => this._waiting.push(() => resolve({ meshes: [mesh], log: [] })));
  }

  public close(number: number): void {
    this.told.push(`close ${number}`);
  }

  /** Answers the next requests. */
  public async answer(count = Infinity): Promise<void> {
    for (let next = this._waiting.shift(); next !== undefined; next = this._waiting.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
      if (--count <= 0) return;
    }
  }
}

/** Slices of three entities, those above 100 in a level of their own. Entities above 900 cannot be meshed. */
const source: MeshSource = {
  cut: (ids) => {
    if (ids.includes(13)) throw new StepSyntaxError("13", 13);
    const slice = { text: new Uint8Array(), segments: 24, metresPerLength: 1 };
    return { slice, entities: new Set(ids.slice(0, 3)) };
  },
  levelOf: (id) => (id > 100 && id < 900 ? 1 : 0),
  canMesh: (id) => id < 900,
};

interface Started {
  readonly meshes: MeshesAhead;
  readonly meshers: NotedMeshers;
}

function start(meshers: NotedMeshers, ...batches: number[][]): Started {
  const order = new MeshingOrder(5);
  const meshes = new MeshesAhead(meshers, source, order);
  for (const ids of batches) {
    order.begin(ids);
    order.expect(ids);
    meshes.expect(ids);
  }
  return { meshes, meshers };
}

async function take({ meshes, meshers }: Started, id: number): Promise<number | undefined> {
  const result = meshes.mesh(id);
  await meshers.answer();
  return (await result).meshes[0]?.geometry;
}

describe("meshes made ahead", () => {
  it("are those of as many slices as there are threads and one more, in order", async () => {
    const started = start(new NotedMeshers(2), [1, 2, 3, 4, 5], [6, 7]);
    const { told } = started.meshers;
    expect(told.splice(0)).to.deep.equal(["open 0", "1 of 0", "2 of 0", "3 of 0", "open 1", "4 of 1", "5 of 1", "open 2", "6 of 2", "7 of 2"]); // prettier-ignore
    await started.meshers.answer();
    expect(told.splice(0), "all is meshed").to.deep.equal(["close 0", "close 1", "close 2"]);
    for (const id of [1, 2, 3, 4, 5, 6, 7]) expect(await take(started, id)).to.equal(id);
    expect(told).to.deep.equal([]);
  });

  it("wait while those that are made take too much memory, but for the one that is asked for", async () => {
    const started = start(new NotedMeshers(1, 2 ** 26), [1, 2, 3, 4, 5, 6, 7, 8]);
    const { meshers } = started;
    await meshers.answer();
    expect(meshers.told.splice(0)).to.deep.equal(["open 0", "1 of 0", "2 of 0", "3 of 0", "open 1", "4 of 1", "5 of 1", "6 of 1", "close 0", "close 1"]); // prettier-ignore
    for (const id of [1, 2, 3, 4, 5]) expect(await take(started, id)).to.equal(id);
    expect(meshers.told).to.deep.equal([]);
    expect(await take(started, 7), "while 6 waits").to.equal(7);
    expect(meshers.told).to.deep.equal(["open 2", "7 of 2", "8 of 2", "close 2"]);
  });

  it("are not made in the thread that reads the file, nor is a slice kept that the next one of its level replaces", async () => {
    const started = start(new NotedMeshers(0), [1, 101, 901, 2, 102, 3]);
    const { meshers } = started;
    expect(meshers.told).to.deep.equal([]);
    for (const id of [1, 101, 2, 102, 3]) expect(await take(started, id)).to.equal(id);
    expect(meshers.told).to.deep.equal(["open 0", "1 of 0", "open 1", "101 of 1", "2 of 0", "102 of 1", "close 1", "open 2", "close 0", "3 of 2", "close 2"]); // prettier-ignore
  });

  it("are not made of what has no place", async () => {
    const { meshers } = start(new NotedMeshers(1), [1, 901, 2]);
    await meshers.answer();
    expect(meshers.told).to.deep.equal(["open 0", "1 of 0", "2 of 0", "close 0"]);
  });

  it("share a thread with what is asked for without being expected", async () => {
    const started = start(new NotedMeshers(1), [1, 2]);
    expect(await take(started, 50)).to.equal(50);
    expect(await take(started, 51)).to.equal(51);
    expect(started.meshers.told.filter((told) => /open|close|5/.test(told))).to.deep.equal(["open 0", "open 1", "50 of 1", "close 0", "close 1", "open 2", "51 of 2"]); // prettier-ignore
    expect(await take(started, 2)).to.equal(2);
  });

  it("end at damage in the file, which is an error of the entity that has it", async () => {
    const started = start(new NotedMeshers(1), [1], [13, 14], [15]);
    await started.meshers.answer();
    expect(await take(started, 1)).to.equal(1);
    const error = await started.meshes.mesh(13).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(StepSyntaxError);
  });
});
