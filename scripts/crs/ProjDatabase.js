import { DbResult } from "@itwin/core-bentley";
import { normalize } from "../../lib/places/registry/names.js";
import { round, shorten, turn } from "./numbers.js";

/** Reads the tables of PROJ's database. Angles are in degrees, lengths in metres. */
export class ProjDatabase {
  constructor(sqlite) {
    this._sqlite = sqlite;
    this._units = new Map(
      this._all("SELECT auth_name, code, type, conv_factor FROM unit_of_measure").map((row) => [keyOf(row), row]),
    );
    this._datums = new Map(
      this._all("SELECT * FROM geodetic_datum WHERE auth_name='EPSG'").map((row) => [row.code, row]),
    );
    this._ellipsoids = new Map(
      this._all("SELECT * FROM ellipsoid WHERE auth_name='EPSG'").map((row) => [row.code, row]),
    );
    this._meridians = new Map(this._all("SELECT * FROM prime_meridian").map((row) => [keyOf(row), row]));
    this._extents = new Map(
      this._all("SELECT * FROM extent WHERE auth_name IN ('EPSG','PROJ')").map((row) => [keyOf(row), row]),
    );
    this._usages = this._readUsages();
    this._aliases = this._readAliases();
    this._datumOfCrs = new Map(
      this._all("SELECT code, datum_code FROM geodetic_crs WHERE auth_name='EPSG' AND datum_auth_name='EPSG'").map(
        ({ code, datum_code }) => [code, datum_code],
      ),
    );
    this._flat = new Set(
      this._all("SELECT code FROM geodetic_crs WHERE auth_name='EPSG' AND type='geographic 2D'").map(
        ({ code }) => code,
      ),
    );
    this._conversions = new Map(
      this._all("SELECT * FROM conversion_table WHERE auth_name='EPSG'").map((row) => [row.code, row]),
    );
    this._axes = this._readAxes();
  }

  /** Where the data come from. */
  source() {
    const values = new Map(this._all("SELECT key, value FROM metadata").map(({ key, value }) => [key, value]));
    return `EPSG Dataset ${values.get("EPSG.VERSION")} (${values.get("EPSG.DATE")}) by IOGP, https://epsg.org; database of PROJ ${values.get("PROJ.VERSION")}, https://proj.org`;
  }

  /** Of two systems with one name, that which is not deprecated comes first: the name is its own. */
  geographic() {
    return this._all(
      "SELECT * FROM geodetic_crs WHERE auth_name='EPSG' AND type='geographic 2D' ORDER BY deprecated, code",
    ).map((row) => ({
      code: row.code,
      name: row.name,
      aliases: this._aliasesOf("geodetic_crs", row.code),
      datum: row.datum_code,
      unit: this._axesOf(row.coordinate_system_code)[0].unit,
      area: this._areaOf("geodetic_crs", row.code).area,
    }));
  }

  projected() {
    return this._all(
      "SELECT * FROM projected_crs WHERE auth_name='EPSG' AND text_definition IS NULL ORDER BY deprecated, code",
    ).map((row) => {
      const axes = this._axesOf(row.coordinate_system_code);
      const conversion = this._conversions.get(row.conversion_code);
      return {
        code: row.code,
        name: row.name,
        aliases: this._aliasesOf("projected_crs", row.code),
        datum: this._datumOfCrs.get(row.geodetic_crs_code),
        unit: axes[0].unit,
        axes: directionsOf(axes),
        area: this._areaOf("projected_crs", row.code).area,
        conversion: this._conversion(conversion, this.datum(this._datumOfCrs.get(row.geodetic_crs_code))),
      };
    });
  }

  vertical() {
    return this._all("SELECT * FROM vertical_crs WHERE auth_name='EPSG'").map((row) => {
      const [axis] = this._axesOf(row.coordinate_system_code);
      return { code: row.code, name: row.name, unit: axis.unit, isDown: axis.orientation === "down" };
    });
  }

  compound() {
    const rows = this._all(
      "SELECT * FROM compound_crs WHERE auth_name='EPSG' AND horiz_crs_auth_name='EPSG' AND vertical_crs_auth_name='EPSG'",
    );
    return rows.map((row) => ({
      code: row.code,
      name: row.name,
      horizontal: row.horiz_crs_code,
      vertical: row.vertical_crs_code,
    }));
  }

  /** Systems of longitude, latitude and ellipsoidal height, each with the one that has the same datum and no height. */
  geographic3d() {
    const rows = this._all(`
      SELECT t.code AS code, t.name AS name, min(f.code) AS flat FROM geodetic_crs t JOIN geodetic_crs f
      ON f.auth_name='EPSG' AND f.type='geographic 2D' AND f.datum_code=t.datum_code AND f.deprecated=0
      WHERE t.auth_name='EPSG' AND t.type='geographic 3D' GROUP BY t.code`);
    return rows;
  }

  datum(code) {
    const row = this._datums.get(code);
    const meridian = this._meridians.get(`${row.prime_meridian_auth_name}:${row.prime_meridian_code}`);
    return {
      name: row.name,
      aliases: this._aliasesOf("geodetic_datum", code),
      ellipsoid: row.ellipsoid_code,
      meridian:
        this._offsetOf(code) ?? this._toDegrees(meridian.longitude, `${meridian.uom_auth_name}:${meridian.uom_code}`),
    };
  }

  ellipsoid(code) {
    const row = this._ellipsoids.get(code);
    const { conv_factor: metres } = this._units.get(`${row.uom_auth_name}:${row.uom_code}`);
    const semiMajor = row.semi_major_axis * metres;
    const semiMinor = row.semi_minor_axis * metres;
    const inverse = row.inv_flattening ?? (semiMajor === semiMinor ? 0 : semiMajor / (semiMajor - semiMinor));
    return {
      name: row.name,
      aliases: this._aliasesOf("ellipsoid", code),
      semiMajor,
      inverseFlattening: round(inverse),
    };
  }

  /**
   * Helmert transformations between datums, as seven parameters: position vector, in metres, seconds and ppm. One that a grid
   * supersedes still serves those without the grid.
   */
  helmerts() {
    const rows = this._all(`
      SELECT * FROM helmert_transformation_table WHERE auth_name='EPSG' AND deprecated=0 AND code NOT IN (
        SELECT superseded_code FROM supersession WHERE superseded_table_name='helmert_transformation'
        AND replacement_table_name='helmert_transformation' AND superseded_auth_name='EPSG' AND same_source_target_crs=1)`);
    return rows.flatMap((row) => {
      const [source, target] = [row.source_crs_code, row.target_crs_code].map((code) => this._datumOfCrs.get(code));
      const values = this._helmertValues(row);
      if (source === undefined || target === undefined || values === undefined) return [];
      const { area, name } = this._areaOf("helmert_transformation", row.code);
      const isOffshore = /- offshore/.test(name) && !/onshore and offshore/.test(name);
      const isFlat = this._flat.has(row.source_crs_code) && this._flat.has(row.target_crs_code);
      return [{ code: row.code, source, target, values, accuracy: row.accuracy, area, isOffshore, isFlat }];
    });
  }

  /** Datums that differ from another one in their longitudes alone, which are so many degrees to the west of its own. */
  longitudeRotations() {
    const rows = this._all(
      "SELECT * FROM other_transformation WHERE auth_name='EPSG' AND method_code IN ('9601', 9601) AND deprecated=0",
    );
    return rows.map((row) => ({
      source: this._datumOfCrs.get(row.source_crs_code),
      target: this._datumOfCrs.get(row.target_crs_code),
      offset: this._toDegrees(row.param1_value, `${row.param1_uom_auth_name}:${row.param1_uom_code}`),
    }));
  }

  /** Members of datum ensembles: they are the same within the accuracy of the ensemble. */
  ensembleMembers() {
    return this._all(`
      SELECT m.member_code AS member, m.ensemble_code AS ensemble, d.ensemble_accuracy AS accuracy
      FROM geodetic_datum_ensemble_member m JOIN geodetic_datum d ON d.code=m.ensemble_code AND d.auth_name='EPSG'
      WHERE m.ensemble_auth_name='EPSG' AND m.member_auth_name='EPSG'`);
  }

  /** NTv2 grids that lead from a datum to WGS 84, or to one that differs from it by a metre at most. */
  grids(datum) {
    const rows = this._all(
      "SELECT * FROM grid_transformation WHERE auth_name='EPSG' AND deprecated=0 AND method_code IN ('9615', 9615)",
    );
    return rows.flatMap((row) => {
      if (this._datumOfCrs.get(row.source_crs_code) !== datum) return [];
      const target = this._datumOfCrs.get(row.target_crs_code);
      const { area } = this._areaOf("grid_transformation", row.code);
      return [{ name: row.grid_name.toLowerCase(), accuracy: row.accuracy, area, target }];
    });
  }

  /** Of a datum whose prime meridian is Greenwich by name, and a few seconds beside it in truth: Tokyo 1892. */
  _offsetOf(datum) {
    const offsets = this.longitudeRotations().filter(({ source }) => source === datum);
    return this._datums.get(datum).prime_meridian_code === 8901 ? offsets[0]?.offset : undefined;
  }

  _helmertValues(row) {
    const length = this._factor(row, "translation_uom") ?? 1;
    const angle = this._factor(row, "rotation_uom") ?? 0;
    const scale = this._factor(row, "scale_difference_uom") ?? 0;
    const translation = [row.tx, row.ty, row.tz].map((value) => value * length);
    const isFrame = [9607, 1032, 1056, 1066, 9636, 1034].includes(Number(row.method_code));
    const rotation = [row.rx, row.ry, row.rz].map((value) => (isFrame ? -1 : 1) * (value ?? 0) * angle);
    const excess = (row.scale_difference ?? 0) * scale;
    const pivot = [row.px, row.py, row.pz].map((value) => value ?? 0);
    // About a pivot: X' = T + P + (1 + s) R (X - P), which is a translation and the same rotation about the origin.
    const turned = turn(rotation, pivot).map((value) => (1 + excess) * value);
    const moved = translation.map((value, axis) => value + pivot[axis] - turned[axis]);
    const seconds = rotation.map((value) => (value * 180 * 3600) / Math.PI);
    const all = [
      ...moved.map((value) => round(value)),
      ...seconds.map((value) => round(value, 12)),
      round(excess * 1e6, 12),
    ];
    return all.every(Number.isFinite) ? shorten(all) : undefined;
  }

  _conversion(row, { ellipsoid }) {
    const parameters = {};
    for (let index = 1; index <= 7; index++) {
      const code = row[`param${index}_code`];
      if (code === null || code === undefined) continue;
      const unit = this._units.get(`${row[`param${index}_uom_auth_name`]}:${row[`param${index}_uom_code`]}`);
      const value = row[`param${index}_value`];
      if (unit.type === "angle") parameters[code] = this._toDegrees(value, keyOf(unit));
      // San Francisco has a scale of 1.000007 parts per million, which are no millionths in truth.
      else if (unit.type === "scale" && Math.abs(value - 1) < 0.1) parameters[code] = value;
      else parameters[code] = round(value * unit.conv_factor, 14);
    }
    return { method: Number(row.method_code), parameters, ellipsoid: this.ellipsoid(ellipsoid) };
  }

  _toDegrees(value, unit) {
    if (unit === "EPSG:9110") return round(fromSexagesimal(value), 13);
    return round((value * this._units.get(unit).conv_factor * 180) / Math.PI, 13);
  }

  _factor(row, name) {
    const unit = this._units.get(`${row[`${name}_auth_name`]}:${row[`${name}_code`]}`);
    return unit?.conv_factor;
  }

  _areaOf(table, code) {
    const extent = this._extents.get(this._usages.get(`${table} ${code}`));
    if (extent === undefined || extent.west_lon === null) return { area: [-180, -90, 180, 90], name: "" };
    const { west_lon, south_lat, east_lon, north_lat, name } = extent;
    return { area: [west_lon, south_lat, east_lon, north_lat], name };
  }

  _aliasesOf(table, code) {
    return this._aliases.get(`${table} ${code}`) ?? "";
  }

  _axesOf(system) {
    return this._axes.get(system);
  }

  _readUsages() {
    const rows = this._all("SELECT * FROM usage WHERE object_auth_name='EPSG' ORDER BY code DESC");
    return new Map(
      rows.map((row) => [`${row.object_table_name} ${row.object_code}`, `${row.extent_auth_name}:${row.extent_code}`]),
    );
  }

  /** The names that Esri has, in one text with | between them, where they are not the same but for case and marks. */
  _readAliases() {
    const aliases = new Map();
    const names = new Map(
      ["geodetic_crs", "projected_crs", "geodetic_datum", "ellipsoid"].flatMap((table) =>
        this._all(`SELECT code, name FROM ${table} WHERE auth_name='EPSG'`).map(({ code, name }) => [
          `${table} ${code}`,
          normalize(name),
        ]),
      ),
    );
    const rows = this._all("SELECT * FROM alias_name WHERE auth_name='EPSG' AND source='ESRI'");
    for (const { table_name, code, alt_name } of rows) {
      if (names.get(`${table_name} ${code}`) === normalize(alt_name)) continue;
      const key = `${table_name} ${code}`;
      aliases.set(key, aliases.has(key) ? `${aliases.get(key)}|${alt_name}` : alt_name);
    }
    return aliases;
  }

  _readAxes() {
    const axes = new Map();
    const rows = this._all(
      "SELECT * FROM axis WHERE auth_name='EPSG' AND uom_code IS NOT NULL ORDER BY coordinate_system_code, coordinate_system_order",
    );
    for (const { coordinate_system_code: system, orientation, uom_auth_name, uom_code } of rows) {
      const unit = this._units.get(`${uom_auth_name}:${uom_code}`);
      const isAngle = unit.type === "angle";
      // Some deprecated systems leave the form of their degrees open.
      const factor =
        isAngle && unit.conv_factor === null ? 1 : isAngle ? this._toDegrees(1, keyOf(unit)) : unit.conv_factor;
      axes.set(system, [...(axes.get(system) ?? []), { orientation, unit: round(factor, 14) }]);
    }
    return axes;
  }

  _all(sql) {
    return this._sqlite.withPreparedSqliteStatement(sql, (statement) => {
      const rows = [];
      while (statement.step() === DbResult.BE_SQLITE_ROW) rows.push(rowOf(statement));
      return rows;
    });
  }
}

/** A row by the names of its columns. */
function rowOf(statement) {
  const row = {};
  for (let column = 0; column < statement.getColumnCount(); column++) {
    const cell = statement.getValue(column);
    row[cell.columnName] = cell.isNull ? null : cell.value;
  }
  return row;
}

function keyOf({ auth_name, code }) {
  return `${auth_name}:${code}`;
}

/** How the two axes point, in the order of ordinary software: east first, and north first only where it must be. */
function directionsOf([first, second]) {
  const letters = [first, second].map(({ orientation }) => orientation[0].toLowerCase());
  const both = letters.join("");
  return both === "ne" || letters[0] === letters[1] ? "en" : both;
}

/** Degrees, minutes and seconds as in 46.523045: 46 degrees, 52 minutes and 30.45 seconds. */
function fromSexagesimal(value) {
  const digits = Math.abs(value).toFixed(12);
  const [degrees, rest] = digits.split(".");
  const result =
    Number(degrees) + Number(rest.slice(0, 2)) / 60 + Number(`${rest.slice(2, 4)}.${rest.slice(4)}`) / 3600;
  return Math.sign(value) * result;
}
