import type { Id64String } from "@itwin/core-bentley";
import type { ModelContents } from "./ModelContents.js";
import { idIn, scanRows } from "./rows.js";

/** So many elements are read at once. */
const elementsPerQuery = 20_000;

/** Numbers of ids, in the order in which they are met. */
class Numbering {
  private readonly _numbers = new Map<Id64String, number>();

  public get ids(): Id64String[] {
    return [...this._numbers.keys()];
  }

  public of(id: Id64String): number {
    let number = this._numbers.get(id);
    if (number === undefined) this._numbers.set(id, (number = this._numbers.size));
    return number;
  }
}

/**
 * The elements that may have graphics, with their categories, models and classes, as the text of a JSON object in pieces:
 * `{ ids, categories, models, classes, lists }`, where a number is an index into the list of the same name.
 */
export async function* elementIndexJson(contents: ModelContents): AsyncGenerator<string> {
  const numberings = { categories: new Numbering(), models: new Numbering(), classes: new Numbering() };
  const numbers = { categories: [] as number[], models: [] as number[], classes: [] as number[] };
  let ids: Id64String[] = [];
  let separator = "";
  const idsJson = () => {
    const text = ids.length === 0 ? "" : `${separator}"${ids.join('","')}"`;
    separator = ",";
    ids = [];
    return text;
  };
  yield '{"ids":[';
  for await (const [id, category, model, classId] of eachGeometricElement(contents)) {
    numbers.categories.push(numberings.categories.of(category));
    numbers.models.push(numberings.models.of(model));
    numbers.classes.push(numberings.classes.of(classId));
    ids.push(id);
    if (ids.length === elementsPerQuery) yield idsJson();
  }
  yield idsJson();
  yield "]";
  for (const [name, values] of Object.entries(numbers)) yield* listJson(name, values);
  const classes = numberings.classes.ids.map((id) => contents.classes.get(id).name);
  const lists = { categories: numberings.categories.ids, models: numberings.models.ids, classes };
  yield `,"lists":${JSON.stringify(lists)}}`;
}

function* listJson(name: string, values: readonly number[]): Generator<string> {
  yield `,"${name}":[`;
  for (let start = 0; start < values.length; start += elementsPerQuery)
    yield `${start === 0 ? "" : ","}${values.slice(start, start + elementsPerQuery).join()}`;
  yield "]";
}

type GeometricElement = readonly [id: Id64String, category: Id64String, model: Id64String, classId: Id64String];

async function* eachGeometricElement({ imodel }: ModelContents): AsyncGenerator<GeometricElement> {
  for (const className of ["bis.GeometricElement3d", "bis.GeometricElement2d"]) {
    const ecsql = `
      SELECT ECInstanceId, Category.Id, Model.Id, ECClassId FROM ${className}
      WHERE GeometryStream IS NOT NULL AND ECInstanceId>? ORDER BY ECInstanceId`;
    for await (const row of scanRows(imodel, ecsql, { rowsPerQuery: elementsPerQuery }))
      yield [idIn(row, 0), idIn(row, 1), idIn(row, 2), idIn(row, 3)];
  }
}
