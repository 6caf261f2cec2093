import {
  Extension,
  ExtensionProperty,
  PropertyType,
  type IProperty,
  type Nullable,
  type WriterContext,
} from "@gltf-transform/core";

const name = "EXT_instance_features";

interface IInstanceFeatures extends IProperty {
  featureCount: number;
}

/** Says that the instances of a node have feature ids in their attribute `_FEATURE_ID_0`. */
export class InstanceFeatures extends ExtensionProperty<IInstanceFeatures> {
  public static override EXTENSION_NAME = name;
  declare public extensionName: typeof name;
  declare public propertyType: "InstanceFeatures";
  declare public parentTypes: [PropertyType.NODE];

  protected override init(): void {
    this.extensionName = name;
    this.propertyType = "InstanceFeatures";
    this.parentTypes = [PropertyType.NODE];
  }

  protected override getDefaults(): Nullable<IInstanceFeatures> {
    return Object.assign(super.getDefaults(), { featureCount: 0 });
  }

  /** How many features the instances have. */
  public get featureCount(): number {
    return this.get("featureCount");
  }

  public setFeatureCount(count: number): this {
    return this.set("featureCount", count);
  }
}

/** `EXT_instance_features`, which @gltf-transform/extensions does not have. The only property table is the first. */
export class EXTInstanceFeatures extends Extension {
  public static override readonly EXTENSION_NAME = name;
  public override readonly extensionName = name;

  /** Makes the features of a node. */
  public createInstanceFeatures(): InstanceFeatures {
    return new InstanceFeatures(this.document.getGraph());
  }

  /** Files are only written. */
  public override read(): this {
    return this;
  }

  public override write(context: WriterContext): this {
    for (const node of this.document.getRoot().listNodes()) {
      const features = node.getExtension<InstanceFeatures>(name);
      const index = context.nodeIndexMap.get(node);
      const definition = index === undefined ? undefined : context.jsonDoc.json.nodes?.[index];
      if (features === null || definition === undefined) continue;
      const featureIds = [{ featureCount: features.featureCount, attribute: 0, propertyTable: 0 }];
      definition.extensions = { ...definition.extensions, [name]: { featureIds } };
    }
    return this;
  }
}
