import { readFileSync } from "node:fs";
import { Point3d } from "@itwin/core-geometry";
import * as webIfc from "web-ifc";
import { addTriangle, noTriangles, type Triangles } from "./support.js";

/** What web-ifc itself finds in a file, straight from its API. */
export interface WebIfcCounts {
  products: number;
  /** The GlobalIds of the products of which it makes triangles. */
  meshed: Set<string>;
  triangles: Triangles;
  /** Each property set that an entity has: GlobalId, name of the set, and its single values by name. */
  sets: { owner: string; name: string; values: [name: string, value: unknown][] }[];
  /** How many connections and boundaries there are, by the name of the class. */
  relationships: Record<string, number>;
}

interface Line {
  expressID: number;
  type: number;
  GlobalId?: { value: string };
  Name?: { value: string };
  HasProperties?: { value: number }[];
  Quantities?: { value: number }[];
  NominalValue?: { value: unknown };
  RelatedObjects: { value: number }[];
  RelatingPropertyDefinition: { value: number };
  HasPropertySets?: { value: number }[];
}

/** Reads a file with web-ifc alone. */
export async function countWithWebIfc(path: string): Promise<WebIfcCounts> {
  const api = new webIfc.IfcAPI();
  await api.Init();
  const model = api.OpenModel(readFileSync(path));
  const ids = (type: number) => [...api.GetLineIDsWithType(model, type, true)];
  const line = (id: number) => api.GetLine(model, id) as Line;
  const products = ids(webIfc.IFCPRODUCT);
  const meshed = new Set<string>();
  const triangles = noTriangles();
  for (const id of products) if (addMesh(api, model, id, triangles)) meshed.add(line(id).GlobalId!.value);
  const sets = [
    ...ids(webIfc.IFCRELDEFINESBYPROPERTIES).flatMap((id) => {
      const { RelatedObjects, RelatingPropertyDefinition } = line(id);
      return RelatedObjects.map((object) => ({ object: object.value, set: RelatingPropertyDefinition.value }));
    }),
    ...ids(webIfc.IFCTYPEOBJECT).flatMap((object) =>
      (line(object).HasPropertySets ?? []).map(({ value }) => ({ object, set: value })),
    ),
  ].map(({ object, set }) => readSet(line, object, set));
  const relationships = {
    IfcRelSpaceBoundary: ids(webIfc.IFCRELSPACEBOUNDARY).length,
    IfcRelConnectsElements: ids(webIfc.IFCRELCONNECTSELEMENTS).length,
    IfcRelConnectsPorts: ids(webIfc.IFCRELCONNECTSPORTS).length,
  };
  api.CloseModel(model);
  return { products: products.length, meshed, triangles, sets, relationships };
}

function readSet(line: (id: number) => Line, object: number, set: number): WebIfcCounts["sets"][number] {
  const { Name, HasProperties = [], Quantities = [] } = line(set);
  const values: [string, unknown][] = [];
  for (const { value: id } of [...HasProperties, ...Quantities]) {
    const property = line(id);
    const value = valueOf(property);
    if (value !== undefined) values.push([property.Name!.value, value]);
  }
  return { owner: line(object).GlobalId!.value, name: Name?.value ?? "", values };
}

function valueOf(property: Line): unknown {
  const measured = Object.entries(property).find(
    ([name]) => name === "NominalValue" || /^[A-Z][a-z]+Value$/.test(name),
  );
  const typed = measured?.[1] as { name?: string; value?: unknown } | null | undefined;
  if (typed?.name === "IFCLOGICAL") return typed.value ?? "UNKNOWN"; // web-ifc loses .U.
  return typed?.value ?? undefined;
}

/** @returns whether it has any triangles */
function addMesh(api: webIfc.IfcAPI, model: number, id: number, triangles: Triangles): boolean {
  const before = triangles.count;
  const { geometries } = api.GetFlatMesh(model, id);
  for (let index = 0; index < geometries.size(); index++) {
    const { geometryExpressID, flatTransformation: m } = geometries.get(index);
    const geometry = api.GetGeometry(model, geometryExpressID);
    const vertices = api.GetVertexArray(geometry.GetVertexData(), geometry.GetVertexDataSize());
    const indices = api.GetIndexArray(geometry.GetIndexData(), geometry.GetIndexDataSize());
    const at = (corner: number) => {
      const [x, y, z] = [0, 1, 2].map((axis) => vertices[6 * indices[corner]! + axis]!) as [number, number, number];
      const row = (r: number) => m[r]! * x + m[4 + r]! * y + m[8 + r]! * z + m[12 + r]!;
      return Point3d.create(row(0), -row(2), row(1)); // its y points up
    };
    for (let corner = 0; corner < indices.length; corner += 3)
      addTriangle(triangles, [at(corner), at(corner + 1), at(corner + 2)]);
  }
  return triangles.count > before;
}
