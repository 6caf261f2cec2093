import type { IModelDb } from "@itwin/core-backend";
import { Id64, IModelStatus, type Id64String } from "@itwin/core-bentley";
import {
  ElementGeometry,
  type ElementGeometryDataEntry,
  type ElementProps,
  type GeometricElementProps,
} from "@itwin/core-common";
import { IModelJson } from "@itwin/core-geometry";
import { findClassId, readClassInfo } from "../../imodel/classMetadata.js";
import { queryIds } from "../../imodel/queries.js";
import { coordinateFault } from "../values/geometryFaults.js";
import { within } from "../values/shapes.js";
import { firstFault, type ValueFault } from "../values/ValueFault.js";

/** The native code has room for so many bytes of a code. */
const longestCode = 350;

/**
 * Finds the value for which an iModel has refused an element. The native code only tells a number of an error. What it
 * looks at costs too much to check it for each element that is written.
 */
export function findRefusedValue(imodel: IModelDb, props: ElementProps, error: unknown): ValueFault | undefined {
  const { errorNumber } = (error ?? {}) as { errorNumber?: IModelStatus };
  return (
    classFault(imodel, props) ??
    modelFault(imodel, props, errorNumber) ??
    codeFault(imodel, props, errorNumber) ??
    parentFault(imodel, props) ??
    dataFault(imodel, props)
  );
}

function classFault(imodel: IModelDb, { classFullName }: ElementProps): ValueFault | undefined {
  const classId = findClassId(imodel, classFullName);
  if (classId === undefined || !readClassInfo(imodel, classId).isAbstract) return undefined;
  return { property: "classFullName", value: classFullName, expected: "a class that is not abstract" };
}

function modelFault(imodel: IModelDb, { model, classFullName }: ElementProps, status?: IModelStatus) {
  if (!exists(imodel, "bis.Model", model)) return { property: "model", value: model, expected: "the id of a model" };
  if (status !== IModelStatus.WrongModel) return undefined;
  return { property: "model", value: model, expected: `a model that takes a ${classFullName}` };
}

function codeFault(imodel: IModelDb, { code }: ElementProps, status?: IModelStatus): ValueFault | undefined {
  const { spec, scope, value = "" } = code;
  if (!exists(imodel, "bis.CodeSpec", spec))
    return { property: "code.spec", value: spec, expected: "the id of a CodeSpec" };
  if (!exists(imodel, "bis.Element", scope))
    return { property: "code.scope", value: scope, expected: "the id of an element" };
  if (status !== IModelStatus.InvalidCode || Buffer.byteLength(value) <= longestCode) return undefined;
  return { property: "code.value", value, expected: `a text of at most ${longestCode} bytes in UTF-8` };
}

function parentFault(imodel: IModelDb, { parent }: ElementProps): ValueFault | undefined {
  if (parent === undefined || exists(imodel, "bis.Element", parent.id)) return undefined;
  return { property: "parent.id", value: parent.id, expected: "the id of an element" };
}

function dataFault(
  imodel: IModelDb,
  { elementGeometryBuilderParams }: Partial<GeometricElementProps>,
): ValueFault | undefined {
  const entries = elementGeometryBuilderParams?.entryArray ?? [];
  return firstFault(
    entries.map((entry, index) =>
      within(`elementGeometryBuilderParams.entryArray[${index}]`, entryFault(imodel, entry)),
    ),
  );
}

function entryFault(imodel: IModelDb, entry: ElementGeometryDataEntry): ValueFault | undefined {
  const part = ElementGeometry.toGeometryPart(entry);
  if (part !== undefined && !exists(imodel, "bis.GeometryPart", part))
    return { property: "", value: part, expected: "the id of a BisCore:GeometryPart" };
  const geometry = ElementGeometry.toGeometryQuery(entry);
  return geometry && coordinateFault(IModelJson.Writer.toIModelJson(geometry));
}

function exists(imodel: IModelDb, className: string, id: Id64String): boolean {
  if (!Id64.isValidId64(id)) return false;
  return queryIds(imodel, `SELECT ECInstanceId FROM ${className} WHERE ECInstanceId=?`, [id]).length > 0;
}
