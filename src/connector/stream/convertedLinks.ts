import type { UnitConversions } from "../schema/UnitConversions.js";
import { isRecord } from "../../sync/values/shapes.js";
import { isNavigation, type EntityRelationship, type SourceEntity } from "./SourceEntity.js";

/** An entity with the values of its relationships in the units that the iModel has: itself where nothing is converted. */
export function withConvertedLinks(entity: SourceEntity, conversions: UnitConversions): SourceEntity {
  const { relationships } = entity;
  if (conversions.key === undefined || !Array.isArray(relationships)) return entity;
  const converted = (relationships as EntityRelationship[]).map((relationship) =>
    convertLink(relationship, conversions),
  );
  return converted.every((relationship, index) => relationship === relationships[index])
    ? entity
    : new ConvertedEntity(entity, converted);
}

/** What a connector in JavaScript gives in another form is left to the check of references. */
function convertLink(relationship: EntityRelationship, conversions: UnitConversions): EntityRelationship {
  if (!isRecord(relationship) || isNavigation(relationship)) return relationship;
  const { className, properties } = relationship;
  if (typeof className !== "string" || !isRecord(properties)) return relationship;
  const converted = conversions.convert(className, properties);
  return converted === properties ? relationship : { ...relationship, properties: converted };
}

/** The entity itself with other relationships. Its members are read only when they are needed. */
class ConvertedEntity implements SourceEntity {
  public constructor(
    private readonly _entity: SourceEntity,
    public readonly relationships: readonly EntityRelationship[],
  ) {}

  public get kind(): string {
    return this._entity.kind;
  }

  public get id(): string {
    return this._entity.id;
  }

  public get version(): SourceEntity["version"] {
    return this._entity.version;
  }

  public get checksum(): SourceEntity["checksum"] {
    return this._entity.checksum;
  }

  public get data(): SourceEntity["data"] {
    return this._entity.data;
  }

  public get parent(): SourceEntity["parent"] {
    return this._entity.parent;
  }

  public get scope(): SourceEntity["scope"] {
    return this._entity.scope;
  }

  public get location(): SourceEntity["location"] {
    return this._entity.location;
  }

  public get record(): SourceEntity["record"] {
    return this._entity.record;
  }

  public toElement(...[context]: Parameters<SourceEntity["toElement"]>): ReturnType<SourceEntity["toElement"]> {
    return this._entity.toElement(context);
  }
}
