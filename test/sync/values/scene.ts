import { join } from "node:path";
import { PhysicalModel, SnapshotDb, SpatialCategory, type Element } from "@itwin/core-backend";
import type { Id64String } from "@itwin/core-bentley";
import { Code, GeometryStreamBuilder, IModel, type ElementProps, type GeometryStreamProps } from "@itwin/core-common";
import { Point3d, Sphere } from "@itwin/core-geometry";
import { temporaryFolder } from "../../support/temporary.js";

const primitives = ["int", "long", "double", "boolean", "string", "dateTime", "point2d", "point3d", "binary"];
const dateTimeInfo = (info: string) =>
  `<ECCustomAttributes><DateTimeInfo xmlns="CoreCustomAttributes.01.00.03">${info}</DateTimeInfo></ECCustomAttributes>`;

const schema = `<?xml version="1.0" encoding="UTF-8"?>
<ECSchema schemaName="Values" alias="v" version="01.00.00" xmlns="http://www.bentley.com/schemas/Bentley.ECXML.3.2">
<ECSchemaReference name="BisCore" version="01.00.14" alias="bis"/>
<ECSchemaReference name="CoreCustomAttributes" version="01.00.03" alias="CoreCA"/>
<ECSchemaReference name="ECDbMap" version="02.00.04" alias="ecdbmap"/>
<ECEnumeration typeName="Level" backingTypeName="int" isStrict="true"><ECEnumerator name="Low" value="1"/><ECEnumerator name="High" value="2"/></ECEnumeration>
<ECEnumeration typeName="Hint" backingTypeName="string" isStrict="false"><ECEnumerator name="Some" value="some"/></ECEnumeration>
<ECStructClass typeName="Size"><ECProperty propertyName="Width" typeName="double"/></ECStructClass>
<ECEntityClass typeName="Thing"><BaseClass>bis:PhysicalElement</BaseClass>
${primitives.map((type) => `<ECProperty propertyName="The_${type}" typeName="${type}"/>`).join("\n")}
<ECProperty propertyName="The_date" typeName="dateTime">${dateTimeInfo("<DateTimeComponent>Date</DateTimeComponent>")}</ECProperty>
<ECProperty propertyName="The_guid" typeName="binary" extendedTypeName="BeGuid"/>
<ECProperty propertyName="The_level" typeName="Level"/>
<ECProperty propertyName="The_hint" typeName="Hint"/>
<ECArrayProperty propertyName="The_list" typeName="int"/>
<ECProperty propertyName="The_grade" typeName="int" minimumValue="1" maximumValue="10"/>
<ECProperty propertyName="The_mark" typeName="string" maximumLength="3"/>
<ECArrayProperty propertyName="The_pair" typeName="int" minOccurs="0" maxOccurs="2"/>
<ECStructProperty propertyName="The_size" typeName="Size"/>
<ECStructArrayProperty propertyName="The_sizes" typeName="Size"/>
<ECNavigationProperty propertyName="Spare" relationshipName="ThingRefersToSpare" direction="Forward"/>
</ECEntityClass>
<ECEntityClass typeName="Strict"><BaseClass>bis:PhysicalElement</BaseClass>
<ECProperty propertyName="Needed" typeName="string"><ECCustomAttributes><PropertyMap xmlns="ECDbMap.02.00.04"><IsNullable>false</IsNullable></PropertyMap></ECCustomAttributes></ECProperty>
</ECEntityClass>
<ECEntityClass typeName="Remark"><BaseClass>bis:ElementMultiAspect</BaseClass><ECProperty propertyName="Text" typeName="string"/></ECEntityClass>
<ECRelationshipClass typeName="ThingRefersToSpare" modifier="None" strength="referencing">
<Source multiplicity="(0..*)" roleLabel="refers to" polymorphic="true"><Class class="Thing"/></Source>
<Target multiplicity="(0..1)" roleLabel="is referred to by" polymorphic="true"><Class class="Thing"/></Target>
</ECRelationshipClass>
</ECSchema>`;

/** Props of an element of the schema Values. */
export type ThingProps = Partial<ElementProps> & Record<string, unknown>;

/** An iModel with classes of all types of properties. */
export class ValueScene {
  private constructor(
    public readonly imodel: SnapshotDb,
    public readonly model: Id64String,
    public readonly category: Id64String,
  ) {}

  public static async create(): Promise<ValueScene> {
    const imodel = SnapshotDb.createEmpty(join(temporaryFolder(), "values.bim"), { rootSubject: { name: "values" } });
    imodel.channels.addAllowedChannel("shared");
    await imodel.importSchemaStrings([schema]);
    const model = PhysicalModel.insert(imodel, IModel.rootSubjectId, "Model");
    return new ValueScene(imodel, model, SpatialCategory.insert(imodel, IModel.dictionaryId, "Category", {}));
  }

  public propsOf(props: ThingProps) {
    const { model, category } = this;
    return { classFullName: "Values:Thing", model, category, code: Code.createEmpty(), ...props };
  }

  public elementOf(props: ThingProps): Element {
    return this.imodel.constructEntity<Element>(this.propsOf(props));
  }

  /** Inserts an element as core-backend alone does, and reads one of its properties again. */
  public readBack(key: string, value: unknown): unknown {
    const id = this.imodel.elements.insertElement(this.elementOf({ [key]: value }).toJSON());
    return this.imodel.elements.getElementProps<ElementProps & Record<string, unknown>>(id)[key];
  }
}

/** A sphere at the origin of its element. */
export function ball(): GeometryStreamProps {
  const builder = new GeometryStreamBuilder();
  builder.appendGeometry(Sphere.createCenterRadius(Point3d.createZero(), 1));
  return builder.geometryStream;
}
