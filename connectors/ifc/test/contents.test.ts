import type { SpatialViewDefinition } from "@itwin/core-backend";
import { Cartographic } from "@itwin/core-common";
import { Point3d } from "@itwin/core-geometry";
import { expect } from "chai";
import { edit, houseText, sampleText } from "./house.js";
import { exportTriangles, IfcTimeline } from "./support.js";

describe("what an IFC file becomes", () => {
  let timeline: IfcTimeline;
  before(async () => {
    timeline = new IfcTimeline();
    const result = await timeline.result(houseText);
    expect(result.issues).to.deep.equal([]);
  });
  const query = (ecsql: string) => timeline.query(ecsql);
  const pairs = (ecsql: string) => query(ecsql).map((row) => Object.values(row).join(" > "));

  it("has a class for each type, below its supertypes and the right class of BIS", () => {
    const bases = pairs(`
      SELECT c.Name, b.Name FROM meta.ClassHasBaseClasses h JOIN meta.ECClassDef c ON c.ECInstanceId=h.SourceECInstanceId
      JOIN meta.ECClassDef b ON b.ECInstanceId=h.TargetECInstanceId JOIN meta.ECSchemaDef s ON s.ECInstanceId=c.Schema.Id
      WHERE s.Name='Ifc' AND c.Name IN ('IfcWall', 'IfcBuildingElement', 'IfcElement', 'IfcOpeningElement', 'IfcSpace',
      'IfcSpatialElement', 'IfcProject', 'IfcWallType', 'IfcTypeProduct', 'IfcElementType', 'IfcZone', 'IfcGroup',
      'IfcFeatureElementSubtraction', 'IfcSystem') ORDER BY c.Name`);
    expect(bases).to.deep.equal([
      "IfcBuildingElement > IfcBuiltElement",
      "IfcElement > PhysicalElement",
      "IfcElementType > PhysicalType",
      "IfcFeatureElementSubtraction > SpatialLocationElement",
      "IfcGroup > GroupInformationElement",
      "IfcOpeningElement > IfcFeatureElementSubtraction",
      "IfcProject > SpatialLocationElement",
      "IfcSpace > IfcSpatialStructureElement",
      "IfcSpatialElement > SpatialLocationElement",
      "IfcSystem > IfcGroup",
      "IfcWall > IfcBuildingElement",
      "IfcWallType > IfcBuildingElementType",
      "IfcZone > IfcSystem",
    ]);
    expect(query("SELECT count(*) n FROM Ifc.IfcBuildingElement")).to.deep.equal([{ n: 17 }]);
  });

  it("has the spatial structure as parents and children", () => {
    expect(
      pairs("SELECT p.Name, c.Name FROM Ifc.IfcProject p JOIN Ifc.IfcSite c ON c.Parent.Id=p.ECInstanceId"),
    ).to.deep.equal(["House > Site"]);
    expect(
      pairs("SELECT p.Name, c.Name FROM Ifc.IfcSite p JOIN Ifc.IfcBuilding c ON c.Parent.Id=p.ECInstanceId"),
    ).to.deep.equal(["Site > House"]);
    expect(
      pairs(
        "SELECT p.Name, c.Name FROM Ifc.IfcBuilding p JOIN Ifc.IfcBuildingStorey c ON c.Parent.Id=p.ECInstanceId ORDER BY c.Name",
      ),
    ).to.deep.equal(["House > Storey 0", "House > Storey 1"]);
    expect(
      pairs(
        "SELECT p.Name, c.Name FROM Ifc.IfcBuildingStorey p JOIN Ifc.IfcSpace c ON c.Parent.Id=p.ECInstanceId ORDER BY c.Name",
      ),
    ).to.deep.equal(["Storey 0 > R0", "Storey 1 > R1"]);
  });

  it("relates what is contained, cut, filled, grouped and served", () => {
    const ends = (name: string, where: string) =>
      pairs(`SELECT s.UserLabel, t.UserLabel t FROM Ifc.${name} r JOIN bis.Element s ON s.ECInstanceId=r.SourceECInstanceId
        JOIN bis.Element t ON t.ECInstanceId=r.TargetECInstanceId ${where} ORDER BY s.UserLabel, t.UserLabel`);
    expect(ends("IfcRelContainedInSpatialStructure", "WHERE s.UserLabel IN ('roof', 'wall 0.0')")).to.deep.equal([
      "roof > Storey 1",
      "wall 0.0 > Storey 0",
    ]);
    expect(ends("IfcRelVoidsElement", "WHERE t.UserLabel LIKE 'wall 0%'")).to.deep.equal([
      "opening in wall 0.0 > wall 0.0",
      "opening in wall 0.1 > wall 0.1",
      "opening in wall 0.2 > wall 0.2",
    ]);
    expect(ends("IfcRelFillsElement", "WHERE s.UserLabel LIKE 'door%'")).to.deep.equal([
      "door in wall 0.0 > opening in wall 0.0",
    ]);
    expect(ends("IfcRelAssignsToGroup", "WHERE s.UserLabel='Flat'")).to.deep.equal(["Flat > R0", "Flat > R1"]);
    expect(ends("IfcRelServicesBuildings", "")).to.deep.equal(["Glazing > House"]);
    expect(query("SELECT count(*) n FROM bis.ElementGroupsMembers")).to.deep.equal([{ n: 7 }]);
  });

  it("relates elements to their types as BIS does", () => {
    const found = query(`
      SELECT t.Name, count(*) n FROM bis.PhysicalElementIsOfType r JOIN Ifc.IfcWallType t ON t.ECInstanceId=r.TargetECInstanceId
      JOIN Ifc.IfcWall w ON w.ECInstanceId=r.SourceECInstanceId GROUP BY t.Name`);
    expect(found).to.deep.equal([{ name: "Outer wall", n: 8 }]);
  });

  it("has direct attributes, with types and units", () => {
    expect(query("SELECT Name, LongName, PredefinedType FROM Ifc.IfcSpace WHERE Name='R0'")[0]).to.include({
      name: "R0",
      longName: "Living room",
    });
    expect(query("SELECT OverallHeight h, OverallWidth w, Tag FROM Ifc.IfcDoor")).to.deep.equal([
      { h: 2.1, w: 1, tag: "DOOR IN WALL 0.0" },
    ]);
    expect(query("SELECT RefLatitude a, RefLongitude o, RefElevation e FROM Ifc.IfcSite")).to.deep.equal([
      { a: 48.5, o: 9.258333333333333, e: 120 },
    ]);
    expect(query("SELECT BuildingAddress a FROM Ifc.IfcBuilding")).to.deep.equal([
      { a: "Musterstraße 1; Town; 12345" },
    ]);
  });

  it("has property sets and quantities, own and of the type", () => {
    const own = query(
      "SELECT p.IsExternal, p.FireRating, p.Combustible FROM Ifc.Pset_WallCommon p JOIN Ifc.IfcWall w ON w.ECInstanceId=p.Element.Id WHERE w.Name='wall 0.0'",
    );
    expect(own).to.deep.equal([{ isExternal: true, fireRating: "F 90", combustible: "UNKNOWN" }]);
    const ofType = query(
      "SELECT p.ThermalTransmittance u FROM Ifc.Pset_WallCommon p JOIN Ifc.IfcWallType t ON t.ECInstanceId=p.Element.Id",
    );
    expect(ofType).to.deep.equal([{ u: 0.24 }]);
    const quantities = query(
      "SELECT q.Length, q.GrossSideArea FROM Ifc.Qto_WallBaseQuantities q JOIN Ifc.IfcWall w ON w.ECInstanceId=q.Element.Id WHERE w.Name='wall 0.0'",
    );
    expect(quantities).to.deep.equal([{ length: 8, grossSideArea: 24 }]);
    const described = pairs(`
      SELECT p.Name, p.Description FROM meta.ECPropertyDef p JOIN meta.ECClassDef c ON c.ECInstanceId=p.Class.Id
      WHERE c.Name='Qto_WallBaseQuantities' ORDER BY p.Name`);
    expect(described).to.deep.equal(["GrossSideArea > IfcAreaMeasure in m²", "Length > IfcLengthMeasure in m"]);
  });

  it("has materials with their layers, and classifications", () => {
    const wall = "JOIN Ifc.IfcWall w ON w.ECInstanceId=a.Element.Id WHERE w.Name='wall 0.0'";
    expect(
      query(
        `SELECT a.Position, a.Material, a.LayerThickness t, a.Name FROM Ifc.IfcMaterialLayer a ${wall} ORDER BY a.Position`,
      ),
    ).to.deep.equal([
      { position: "1.1", material: "Brick", t: 0.2, name: "Core" },
      { position: "1.2", material: "Dämmung", t: 0.1, name: "Insulation" },
    ]);
    expect(
      query(`SELECT a.LayerSetDirection d, a.DirectionSense s FROM Ifc.IfcMaterialLayerSetUsage a ${wall}`),
    ).to.deep.equal([{ d: "AXIS2", s: "POSITIVE" }]);
    expect(
      query(`SELECT a.Classification c, a.Identification i, a.Name FROM Ifc.IfcClassificationReference a ${wall}`),
    ).to.deep.equal([{ c: "Uniformat", i: "B2010", name: "Exterior Walls" }]);
  });

  it("shares mapped geometry as a GeometryPart", () => {
    const windows = query("SELECT ECInstanceId id FROM Ifc.IfcWindow WHERE GeometryStream IS NOT NULL");
    expect(windows).to.have.length(4 + 1);
    expect(query("SELECT count(*) n FROM bis.GeometryPart")).to.deep.equal([{ n: 1 }]);
    const { area } = timeline.read((imodel) => exportTriangles(imodel, [windows[0]!.id as string]));
    expect(area).to.be.closeTo(2 * (1.2 * 1.2 + 2 * 1.2 * 0.1), 1e-6);
  });

  it("cuts openings, in metres", () => {
    const [wall] = query("SELECT ECInstanceId id FROM Ifc.IfcWall WHERE Name='wall 0.0'");
    const { area, range } = timeline.read((imodel) => exportTriangles(imodel, [wall!.id as string]));
    const [faces, hole] = [2 * (8 * 3 + 8 * 0.3 + 3 * 0.3), 1 * 2.1];
    expect(area).to.be.closeTo(faces - 2 * hole - 2 * 1 * 0.3 + 0.3 * (1 + 2 * 2.1) + 0.3 * 1, 0.35);
    expect(range.high.x - range.low.x).to.be.closeTo(8, 1e-6);
  });

  it("shows the colors of materials, with their transparency", () => {
    const colors = new Map<string, number>();
    const [window] = query("SELECT ECInstanceId id FROM Ifc.IfcWindow");
    const [roof] = query("SELECT ECInstanceId id FROM Ifc.IfcRoof");
    timeline.read((imodel) =>
      imodel.exportGraphics({
        elementIdArray: [window!.id as string, roof!.id as string],
        onGraphics: ({ elementId, color }) => void colors.set(elementId, color),
      }),
    );
    expect(colors.get(window!.id as string)).to.equal(((153 << 24) | (230 << 16) | (191 << 8) | 140) >>> 0);
    expect(colors.get(roof!.id as string)! & 0xffffff).to.equal((56 << 16) | (77 << 8) | 179);
  });

  it("has a view of the whole building, with a category for each type but not of spaces and openings", () => {
    const shown = pairs(`
      SELECT c.CodeValue FROM bis.SpatialViewDefinition v
      JOIN bis.CategorySelectorRefersToCategories r ON r.SourceECInstanceId=v.CategorySelector.Id
      JOIN bis.SpatialCategory c ON c.ECInstanceId=r.TargetECInstanceId WHERE v.CodeValue='Building' ORDER BY c.CodeValue`);
    expect(shown).to.deep.equal([
      "IfcBuilding",
      "IfcBuildingStorey",
      "IfcDoor",
      "IfcFurniture",
      "IfcProject",
      "IfcRoof",
      "IfcSite",
      "IfcSlab",
      "IfcWall",
      "IfcWindow",
    ]);
    const [view] = query("SELECT ECInstanceId id FROM bis.SpatialViewDefinition");
    timeline.read((imodel) => {
      expect(imodel.queryFilePropertyBlob({ namespace: "dgn_View", name: "DefaultView" })).to.be.instanceOf(Uint8Array);
      const { origin, extents } = imodel.elements.getElement<SpatialViewDefinition>(view!.id as string);
      expect(Number.isFinite(origin.magnitude()) && extents.x > 8).to.equal(true);
    });
    expect(
      pairs(
        "SELECT DISTINCT c.CodeValue FROM Ifc.IfcOpeningElement e JOIN bis.Category c ON c.ECInstanceId=e.Category.Id",
      ),
    ).to.deep.equal(["IfcOpeningElement"]);
  });

  it("lies where the site says, turned to true north", () => {
    timeline.read((imodel) => {
      const { longitudeDegrees, latitudeDegrees, height } = imodel.spatialToCartographicFromEcef(
        Point3d.create(0, 0, 0),
      );
      expect([longitudeDegrees, latitudeDegrees].map((degrees) => degrees.toFixed(6))).to.deep.equal([
        "9.258333",
        "48.500000",
      ]);
      expect(height).to.be.closeTo(120, 1e-3);
      const north = imodel.spatialToCartographicFromEcef(Point3d.create(60, 80, 0));
      expect(north.longitudeDegrees, "100 m along TrueNorth").to.be.closeTo(longitudeDegrees, 1e-7);
      expect((north.latitudeDegrees - latitudeDegrees) * 111_200).to.be.closeTo(100, 0.2);
    });
  });

  it("lies where a map conversion says, on its projection", async () => {
    const onMap = new IfcTimeline("bungalow.ifc");
    expect((await onMap.result(sampleText("other/bungalow.ifc"))).issues).to.deep.equal([]);
    onMap.read((imodel) => {
      const origin = imodel.spatialToCartographicFromEcef(Point3d.create(0, 0, 0));
      expect(origin.longitudeDegrees, "the middle of UTM zone 32").to.be.closeTo(9, 1e-9);
      expect(origin.latitudeDegrees).to.be.closeTo(48.7531, 1e-3);
      expect(origin.height).to.be.closeTo(120, 1e-3);
      const along = imodel
        .spatialToEcef(Point3d.create(1000, 0, 0))
        .distance(imodel.spatialToEcef(Point3d.createZero()));
      expect(along, "the scale of UTM").to.be.closeTo(1000 / 0.9996, 0.05);
      const east = imodel.spatialToCartographicFromEcef(Point3d.create(800, -600, 0));
      expect(east.latitudeDegrees, "east of the map").to.be.closeTo(origin.latitudeDegrees, 1e-4);
      expect(east.longitudeDegrees).to.be.greaterThan(9);
    });
    const moved = edit(sampleText("other/bungalow.ifc"), "500000.,5400000.", "510000.,5400000.");
    const before = onMap.read((imodel) => imodel.ecefLocation!.toJSON());
    await onMap.sync(moved);
    expect(
      onMap.read((imodel) => imodel.ecefLocation!.toJSON()),
      "an iModel stays where it is",
    ).to.deep.equal(before);
  });

  it("says that a coordinate system is not known, and takes one from the options", async () => {
    const text = edit(sampleText("other/bungalow.ifc"), "EPSG:32632", "Local grid 7");
    const unknown = new IfcTimeline("bungalow.ifc");
    expect((await unknown.result(text)).issues.map(({ code }) => code)).to.deep.equal(["places/unknown-crs"]);
    expect(unknown.read((imodel) => imodel.isGeoLocated)).to.equal(false);
    const told = new IfcTimeline("bungalow.ifc");
    told.args = { crs: "EPSG:25832" };
    expect((await told.result(text)).issues).to.deep.equal([]);
    const place = told.read((imodel) => Cartographic.fromEcef(imodel.ecefLocation!.origin)!);
    expect(place.longitudeDegrees).to.be.closeTo(9, 1e-6);
  });
});
