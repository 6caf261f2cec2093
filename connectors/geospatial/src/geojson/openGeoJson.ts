import { openText, type TableDocument } from "itwin-connector-framework/tables";
import type { FeatureSource } from "../source/Feature.js";
import type { LeftOut } from "../source/leftOut.js";
import type { GeospatialOptions } from "../source/geospatialOptions.js";
import { CollectionSource } from "./CollectionSource.js";
import { FeatureFile } from "./FeatureFile.js";
import { FeatureSurvey, type KnownFeatures } from "./FeatureSurvey.js";
import { Oddities } from "./Oddities.js";
import { convert, otherFormat, refuseOtherFormats } from "./otherFormats.js";
import { checkRoot, crsOf, notGeoJson } from "./rootMembers.js";

/** What opening a GeoJSON file needs beside the document. */
export interface GeoJsonContext {
  leftOut: LeftOut;
  /** Takes note of something that the user should know. */
  report: (key: string, message: string) => void;
  /** What an earlier run found out. Default: the features are read once to find it out. */
  known?: KnownFeatures;
}

/**
 * Opens a GeoJSON file: a FeatureCollection, features one after the other, a Feature or a geometry. Features are read once here,
 * so that what cannot be read is found before anything is written, and again for each pass over them. With what an earlier run
 * found out, they are not read here.
 * @throws ConnectorError for what is none
 */
export async function openGeoJson(
  document: TableDocument<GeospatialOptions>,
  { leftOut, report, known }: GeoJsonContext,
): Promise<FeatureSource> {
  const { errors, options, onProgress } = document;
  await refuseOtherFormats(errors);
  const newOddities = () => new Oddities(errors, options.strict === true, report, leftOut);
  const oddities = newOddities();
  const file = await FeatureFile.open(await openText(errors, options.encoding), { oddities, onProgress });
  const context = { errors, leftOut, oddities };
  if (file.whole !== undefined) return openWhole(file.whole, context, options.crs);
  const source = new CollectionSource(file, {
    ...context,
    oddities: newOddities(),
    known,
    onProgress,
    crs: options.crs,
  });
  if (known === undefined) await source.survey();
  return source;
}

/** A text without a list of features, or with an empty one. */
function openWhole(
  whole: unknown,
  context: ConstructorParameters<typeof FeatureSurvey>[0],
  givenCrs: string | undefined,
): FeatureSource {
  const { errors, oddities } = context;
  const root = checkRoot(whole, errors);
  if (root.type === "Topology") throw otherFormat({ name: 'TopoJSON ("type": "Topology")', advice: convert }, errors);
  const isCollection = root.type === "FeatureCollection";
  if (isCollection && !Array.isArray(root.features)) throw notGeoJson("its features are no list", errors);
  const feature = root.type === "Feature" ? root : { type: "Feature", geometry: root, properties: {} };
  const survey = new FeatureSurvey(context);
  const features = isCollection ? [] : [survey.add({ number: 1, feature })];
  oddities.report();
  const { hasIds, range, columns } = survey;
  return { names: columns.names, hasIds, range, crs: givenCrs ?? crsOf(root, errors), features: () => features };
}
