/**
 * Measures the exports of graphics: `npm run bench:viewer -- [--elements 100000] [file.ifc]`: boxes, and a building if an IFC
 * file is given. One of 2,600 elements and 260,000 triangles is the measure; connectors/ifc/scripts/repeat-storeys.js makes
 * one of a smaller file.
 *
 * Prints the CPU time of an export to glb against `exportGraphics` alone, the least of three rounds in which they take turns,
 * the sizes of the files, and the most memory that the process had after 3D Tiles were written.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { SnapshotDb, type IModelDb } from "@itwin/core-backend";
import { export3dTiles, exportGlb } from "itwin-connector-viewer";
import { startHost } from "../src/imodel/host.js";
import { makeBoxModel, makeBuilding } from "./viewerModels.js";

const bar = 1.5;
const rounds = 3;
const args = process.argv.slice(2);
const count = args.includes("--elements") ? Number(args[args.indexOf("--elements") + 1]) : 100_000;
const ifcFile = args.find((argument) => argument.endsWith(".ifc"));

const folder = mkdtempSync(join(tmpdir(), "bench-viewer-"));
const stopHost = await startHost();
try {
  if (ifcFile !== undefined) await measure("IFC building", await makeBuilding(ifcFile, folder));
  await measure("boxes", makeBoxModel(count, folder));
} finally {
  await stopHost();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(title: string, path: string): Promise<void> {
  const imodel = SnapshotDb.openFile(path);
  const out = join(folder, "out.glb");
  const [alone, exports] = [new Array<number>(), new Array<number>()];
  let result = await exportGlb(imodel, out, { overwrite: true });
  for (let round = 0; round < rounds; round++) {
    alone.push(await cpuOf(async () => drawAll(imodel)));
    exports.push(await cpuOf(async () => (result = await exportGlb(imodel, out, { overwrite: true }))));
  }
  const ratio = Math.min(...exports) / Math.min(...alone);
  const { elements, triangles, size } = result;
  const { size: small } = await exportGlb(imodel, out, { overwrite: true, properties: false, compress: "meshopt" });
  console.log(`${title}: ${elements} elements, ${triangles} triangles`);
  console.log(`  export / exportGraphics: ${ratio.toFixed(2)} (at most ${bar}) ${ratio <= bar ? "met" : "NOT MET"}`);
  console.log(
    `  ${megabytes(size)}; without properties, compressed ${megabytes(small)}, and by gzip ${megabytes(gzipSync(readFileSync(out)).length)}`,
  );
  const seconds = (await cpuOf(() => export3dTiles(imodel, join(folder, `${title}.3dtiles`)))) / 1000;
  const most = process.resourceUsage().maxRSS / 1024;
  console.log(`  3D Tiles: ${seconds.toFixed(1)} s of CPU; most memory ${most.toFixed(0)} MB`);
  imodel.close();
}

function drawAll(imodel: IModelDb): void {
  const ecsql = "SELECT ECInstanceId FROM bis.GeometricElement3d WHERE GeometryStream IS NOT NULL";
  const elementIdArray = imodel.withPreparedStatement(ecsql, (statement) =>
    [...statement].map(({ id }: { id: string }) => id),
  );
  imodel.exportGraphics({ elementIdArray, onGraphics: () => {}, onLineGraphics: () => {} });
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
