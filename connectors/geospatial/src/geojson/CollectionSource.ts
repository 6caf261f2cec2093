import type { PointRange } from "itwin-connector-framework/places";
import type { OnProgress } from "itwin-connector-framework/tables";
import type { Feature, FeatureSource } from "../source/Feature.js";
import type { FeatureFile } from "./FeatureFile.js";
import { FeatureSurvey, foreign, type FeatureFindings, type SurveyContext } from "./FeatureSurvey.js";
import type { JsonObject } from "./JsonObject.js";
import { Oddities } from "./Oddities.js";
import { readFeature } from "./readFeature.js";
import { checkRoot, crsOf, notGeoJson, wgs84 } from "./rootMembers.js";

/** What a source of features needs beside its file. */
export interface CollectionContext extends SurveyContext {
  onProgress: OnProgress;
  /** The coordinate system that the options name. */
  crs: string | undefined;
}

/** Members that are read, or follow from others. */
const collectionMembers = new Set(["type", "features", "bbox", "crs"]);

/** The features of a collection, or features one after the other. The first pass over them surveys them too. */
export class CollectionSource implements FeatureSource {
  public crs: string;
  private readonly _survey: FeatureSurvey;
  private _isSurveyed = false;

  public constructor(
    private readonly _file: FeatureFile,
    private readonly _context: CollectionContext,
  ) {
    this._survey = new FeatureSurvey(_context);
    this.crs = _context.crs ?? _context.known?.crs ?? wgs84;
  }

  public get names(): readonly string[] {
    return this._survey.columns.names;
  }

  public get hasIds(): boolean {
    return this._survey.hasIds;
  }

  public get range(): PointRange {
    return this._survey.range;
  }

  /** What the next run can rely on. */
  public get findings(): FeatureFindings {
    const { names, hasIds, crs, range } = this;
    return { names, hasIds, crs, corners: range.corners };
  }

  public get readAs(): string | undefined {
    return this._file.isSequence && !this._file.isNamedSequence ? "features one after the other" : undefined;
  }

  /** Reads all features for what is to be known before they are written. */
  public async survey(): Promise<void> {
    const pass = this._readFirst();
    while ((await pass.next()).done !== true);
  }

  public features(): AsyncGenerator<readonly Feature[]> {
    return this._isSurveyed ? this._read() : this._readFirst();
  }

  private async *_readFirst(): AsyncGenerator<readonly Feature[]> {
    const { oddities, onProgress } = this._context;
    const pass = this._file.read({ oddities, onProgress });
    let next = await pass.next();
    for (; next.done !== true; next = await pass.next()) yield next.value.map((feature) => this._survey.add(feature));
    this._survey.finish();
    if (!this._file.isSequence) this._checkRoot(next.value);
    oddities.report();
    this._isSurveyed = true;
  }

  private async *_read(): AsyncGenerator<readonly Feature[]> {
    const { errors, onProgress } = this._context;
    const oddities = new Oddities(errors, false, () => undefined); // they are reported already
    for await (const features of this._file.read({ oddities, onProgress }))
      yield features.map((feature) => readFeature(feature, this._survey.columns, errors));
  }

  private _checkRoot(found: unknown): void {
    const { errors, leftOut, known, crs: given } = this._context;
    const root = checkRoot(found, errors);
    if (root.type !== "FeatureCollection") throw notGeoJson(`its type is ${JSON.stringify(root.type)}`, errors);
    noteForeignMembers(root, leftOut);
    if (given !== undefined) return;
    const crs = crsOf(root, errors);
    if (known !== undefined && crs !== known.crs) known.onOutdated();
    this.crs = crs;
  }
}

function noteForeignMembers(collection: JsonObject, leftOut: SurveyContext["leftOut"]): void {
  for (const member of Object.keys(collection))
    if (!collectionMembers.has(member)) leftOut.add("member of the collection", foreign, member);
}
