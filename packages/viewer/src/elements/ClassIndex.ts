import type { IModelDb } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { ConnectorError } from "itwin-connector-framework";
import { readProperties, type PropertyInfo } from "./PropertyInfo.js";
import { idIn, readRows, textIn } from "./rows.js";

/** A class of an iModel. */
export interface ClassInfo {
  readonly id: Id64String;
  /** `Schema:Class`. */
  readonly name: string;
  readonly schema: string;
  readonly label: string;
  /** For use in ECSQL. */
  readonly ecsql: string;
  /** Whether it is a class of entities, not of relationships, structs or custom attributes. */
  readonly isEntity: boolean;
  /** Its base classes, the nearest ones only. */
  readonly bases: readonly ClassInfo[];
  /** The properties that it declares itself. */
  readonly own: readonly PropertyInfo[];
}

type MutableClass = ClassInfo & { bases: ClassInfo[]; own: PropertyInfo[] };

/** All classes of an iModel with their properties. An iModel that is open for reading has the same ones for ever. */
export class ClassIndex {
  private readonly _byName = new Map<string, ClassInfo>();
  private readonly _properties = new Map<Id64String, readonly PropertyInfo[]>();

  private constructor(private readonly _byId: ReadonlyMap<Id64String, ClassInfo>) {
    for (const info of _byId.values()) this._byName.set(info.name.toLowerCase(), info);
  }

  /** Reads the classes. */
  public static async read(imodel: IModelDb): Promise<ClassIndex> {
    const classes = new Map<Id64String, MutableClass>();
    for (const row of await readRows(imodel, classesEcsql)) {
      const [id, schema, name] = [idIn(row, 0), String(row[1]), String(row[2])];
      const names = {
        name: `${schema}:${name}`,
        schema,
        label: textIn(row, 3) ?? name,
        ecsql: `[${schema}].[${name}]`,
      };
      classes.set(id, { id, ...names, isEntity: row[4] === 0, bases: [], own: [] });
    }
    for (const row of await readRows(imodel, basesEcsql)) {
      const base = classes.get(idIn(row, 1));
      if (base !== undefined) classes.get(idIn(row, 0))?.bases.push(base);
    }
    for await (const { classId, property } of readProperties(imodel)) classes.get(classId)?.own.push(property);
    return new ClassIndex(classes);
  }

  /** All classes. */
  public get all(): Iterable<ClassInfo> {
    return this._byId.values();
  }

  /** A class by its id. */
  public get(id: Id64String): ClassInfo {
    const info = this._byId.get(id);
    if (info === undefined) throw new Error(`the iModel has no class ${id}`);
    return info;
  }

  /**
   * A class by its name, as `Schema:Class` or `Schema.Class`, in any case of letters.
   * @throws ConnectorError `usage/unknown-class`
   */
  public named(name: string): ClassInfo {
    const found = this._byName.get(name.replace(".", ":").toLowerCase());
    if (found !== undefined) return found;
    throw new ConnectorError("usage/unknown-class", `The iModel has no class "${name}".`, {
      advice: "Give the name as Schema:Class.",
    });
  }

  /** The base classes of a class from the nearest to the farthest, without the class itself. */
  public basesOf(info: ClassInfo): ClassInfo[] {
    const found = new Set<ClassInfo>();
    const add = (base: ClassInfo): void => {
      found.add(base);
    };
    for (let level = info.bases; level.length > 0; level = level.flatMap(({ bases }) => bases)) level.forEach(add);
    return [...found];
  }

  /** Whether a class is one of the given name, or derived from it. */
  public isA(info: ClassInfo, name: string): boolean {
    return info.name === name || info.bases.some((base) => this.isA(base, name));
  }

  /** The properties of a class: those of its base classes first. An override takes the place of what it overrides. */
  public propertiesOf(info: ClassInfo): readonly PropertyInfo[] {
    let known = this._properties.get(info.id);
    if (known === undefined) this._properties.set(info.id, (known = this._collect(info)));
    return known;
  }

  private _collect(info: ClassInfo): PropertyInfo[] {
    const byName = new Map<string, PropertyInfo>();
    const inherited = info.bases.flatMap((base) => this.propertiesOf(base));
    for (const property of inherited) {
      const key = property.name.toLowerCase();
      if (!byName.has(key)) byName.set(key, property);
    }
    for (const property of info.own) byName.set(property.name.toLowerCase(), property);
    return [...byName.values()];
  }
}

const classesEcsql = `
  SELECT c.ECInstanceId, s.Name, c.Name, c.DisplayLabel, c.Type
  FROM meta.ECClassDef c JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id`;

const basesEcsql = `
  SELECT SourceECInstanceId, TargetECInstanceId FROM meta.ClassHasBaseClasses ORDER BY SourceECInstanceId, Ordinal`;
