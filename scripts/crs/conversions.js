/** Codes of parameters in the EPSG Dataset. */
const p = {
  latitudeOfOrigin: 8801,
  longitudeOfOrigin: 8802,
  scale: 8805,
  falseEasting: 8806,
  falseNorthing: 8807,
  latitudeOfCentre: 8811,
  longitudeOfCentre: 8812,
  azimuth: 8813,
  skew: 8814,
  scaleAtCentre: 8815,
  eastingAtCentre: 8816,
  northingAtCentre: 8817,
  pseudoParallel: 8818,
  pseudoScale: 8819,
  latitudeOfFalseOrigin: 8821,
  longitudeOfFalseOrigin: 8822,
  parallel1: 8823,
  parallel2: 8824,
  eastingAtOrigin: 8826,
  northingAtOrigin: 8827,
  latitudeOfTangent: 8832,
  longitudeOfDown: 8833,
  coLatitude: 1036,
  ellipsoidScale: 1038,
};

const falseOrigin = (v) => `x_0=${v(p.falseEasting)} y_0=${v(p.falseNorthing)}`;
const originOf = (v) => `lat_0=${v(p.latitudeOfOrigin)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`;
const falseOriginOf = (v) =>
  `lat_0=${v(p.latitudeOfFalseOrigin)} lon_0=${v(p.longitudeOfFalseOrigin)} x_0=${v(p.eastingAtOrigin)} y_0=${v(p.northingAtOrigin)}`;
const parallels = (v) => `lat_1=${v(p.parallel1)} lat_2=${v(p.parallel2)}`;
const oblique = (v) =>
  `lat_0=${v(p.latitudeOfCentre)} lonc=${v(p.longitudeOfCentre)} alpha=${v(p.azimuth)} gamma=${v(p.skew)}`;
const krovak = (v) =>
  `krovak lat_0=${v(p.latitudeOfCentre)} lon_0=${v(p.longitudeOfDown)} k=${v(p.pseudoScale)} ${falseOrigin(v)}`;

/** Each method of the EPSG Dataset, by its code, in the parameters of proj4. Of others, proj4 gives no or wrong results. */
const methods = {
  1024: (v) => `webmerc lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  1041: krovak,
  9819: krovak,
  9801: (v) => `lcc lat_1=${v(p.latitudeOfOrigin)} k_0=${v(p.scale)} ${originOf(v)}`,
  9802: (v) => `lcc ${parallels(v)} ${falseOriginOf(v)}`,
  9803: (v) => `lcc ${parallels(v)} ${falseOriginOf(v)}`,
  1051: (v) => `lcc ${parallels(v)} k_0=${v(p.ellipsoidScale)} ${falseOriginOf(v)}`,
  9804: (v) => `merc lon_0=${v(p.longitudeOfOrigin)} k=${v(p.scale)} ${falseOrigin(v)}`,
  9805: (v) => `merc lat_ts=${v(p.parallel1)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  9806: (v) => `cass ${originOf(v)}`,
  9807: (v) => `tmerc k=${v(p.scale)} ${originOf(v)}`,
  9808: (v) => `tmerc k=${v(p.scale)} ${originOf(v)}`,
  9809: (v) => `sterea k=${v(p.scale)} ${originOf(v)}`,
  9810: (v) => `stere k=${v(p.scale)} ${originOf(v)}`,
  9811: (v) => `nzmg ${originOf(v)}`,
  9812: (v) => `omerc no_uoff ${oblique(v)} k=${v(p.scaleAtCentre)} ${falseOrigin(v)}`,
  9815: (v) => `omerc ${oblique(v)} k=${v(p.scaleAtCentre)} x_0=${v(p.eastingAtCentre)} y_0=${v(p.northingAtCentre)}`,
  9818: (v) => `poly ${originOf(v)}`,
  9820: (v) => `laea ${originOf(v)}`,
  1027: (v) => `laea ${originOf(v)}`,
  9822: (v) => `aea ${parallels(v)} ${falseOriginOf(v)}`,
  9823: (v) => `eqc lat_ts=${v(p.parallel1)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  1029: (v) => `eqc lat_ts=${v(p.parallel1)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  9829: (v) =>
    `stere lat_0=${Math.sign(v(p.latitudeOfTangent)) * 90} lat_ts=${v(p.latitudeOfTangent)} lon_0=${v(p.longitudeOfDown)} ${falseOrigin(v)}`,
  9834: (v) => `cea lat_ts=${v(p.parallel1)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  9835: (v) => `cea lat_ts=${v(p.parallel1)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  1078: (v) => `eqearth lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  9827: (v) => `bonne lat_1=${v(p.latitudeOfOrigin)} lon_0=${v(p.longitudeOfOrigin)} ${falseOrigin(v)}`,
  // The Swiss form of the oblique Mercator, which PROJ takes for that of an azimuth of 90 degrees.
  swiss: (v) =>
    `somerc lat_0=${v(p.latitudeOfCentre)} lon_0=${v(p.longitudeOfCentre)} k_0=${v(p.scaleAtCentre)} x_0=${v(p.eastingAtCentre)} y_0=${v(p.northingAtCentre)}`,
};

/** The projection as a text for proj4, without datum, ellipsoid and units; undefined where it has none that is right. */
export function conversionText({ method, parameters }) {
  const isSwiss = method === 9815 && parameters[p.azimuth] === 90 && parameters[p.skew] === 90;
  const write = methods[isSwiss ? "swiss" : method];
  if (write === undefined) return undefined;
  return write((code) => parameters[code] ?? 0);
}
