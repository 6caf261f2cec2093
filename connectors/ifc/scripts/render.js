/**
 * Draws an iModel into a PNG file, from what exportGraphics gives of it:
 * `node connectors/ifc/scripts/render.js out/house.bim docs/house.png`, after `npm run build`.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { IModelHost, SnapshotDb } from "@itwin/core-backend";
import { Picture } from "./Picture.js";

/** Categories that the building's view shows: spaces and openings are not among them. */
const shownElements = `
  SELECT e.ECInstanceId FROM bis.GeometricElement3d e
  JOIN bis.CategorySelectorRefersToCategories r ON r.TargetECInstanceId=e.Category.Id WHERE e.GeometryStream IS NOT NULL`;

const [source, target, azimuth = "35", elevation = "25"] = process.argv.slice(2);
await IModelHost.startup();
const imodel = SnapshotDb.openFile(resolve(source));
const triangles = readTriangles(imodel);
imodel.close();
await IModelHost.shutdown();
const picture = new Picture(1200, 800);
picture.draw(triangles, (Number(azimuth) * Math.PI) / 180, (Number(elevation) * Math.PI) / 180);
writeFileSync(target, picture.toPng());

function readTriangles(imodel) {
  const elementIdArray = imodel.withPreparedStatement(shownElements, (statement) => [...statement].map(({ id }) => id));
  const triangles = [];
  imodel.exportGraphics({
    elementIdArray,
    onGraphics: ({ mesh: { points, indices }, color }) => {
      const at = (corner) => points.slice(3 * indices[corner], 3 * indices[corner] + 3);
      const [red, green, blue, transparency] = [0, 8, 16, 24].map((shift) => ((color >>> shift) & 255) / 255);
      for (let corner = 0; corner < indices.length; corner += 3)
        triangles.push({
          corners: [at(corner), at(corner + 1), at(corner + 2)],
          color: [red, green, blue],
          transparency,
        });
    },
  });
  return triangles;
}
