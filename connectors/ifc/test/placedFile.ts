import { ifcText } from "./ifcText.js";

/** What a small IFC file says of its place. */
export interface PlacedFile {
  /** Default: IFC4. */
  schema?: string;
  /** The prefix of the unit of length, such as `.MILLI.`. Default: metres. */
  prefix?: string;
  /** Instances that say where the file is; #10 is the context of the model, #31 is a metre, #20 is the site. */
  lines?: string[];
  /** Latitude and longitude of the site, as IFC writes them. */
  latitude?: string;
  longitude?: string;
  /** Where the site is placed, in the unit of the file. */
  site?: string;
  /** Where the WorldCoordinateSystem is, and the direction of its x axis. */
  world?: string;
  worldX?: string;
  /** The direction of north. */
  trueNorth?: string;
}

const defaults = {
  schema: "IFC4",
  prefix: "$",
  lines: [] as string[],
  latitude: "$",
  longitude: "$",
  site: "0.,0.,0.",
  world: "0.,0.,0.",
  worldX: "1.,0.,0.",
};

/** A file with one box of a metre, at the site's placement. */
export function placedFile(given: PlacedFile = {}): string {
  const { schema, prefix, lines, latitude, longitude, site, world, worldX, trueNorth } = { ...defaults, ...given };
  const size = prefix === ".MILLI." ? "1000." : "1.";
  return ifcText(schema, [
    "#1=IFCPROJECT('P000000000000000000000',$,'Project',$,$,$,$,(#10),#2);",
    "#2=IFCUNITASSIGNMENT((#3,#4));",
    `#3=IFCSIUNIT(*,.LENGTHUNIT.,${prefix},.METRE.);`,
    "#4=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);",
    `#10=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#11,${trueNorth === undefined ? "$" : "#8"});`,
    `#8=IFCDIRECTION((${trueNorth ?? "0.,1."}));`,
    "#11=IFCAXIS2PLACEMENT3D(#12,#5,#6);",
    "#5=IFCDIRECTION((0.,0.,1.));",
    `#6=IFCDIRECTION((${worldX}));`,
    `#12=IFCCARTESIANPOINT((${world}));`,
    `#13=IFCCARTESIANPOINT((${site}));`,
    "#14=IFCAXIS2PLACEMENT3D(#13,$,$);",
    "#15=IFCLOCALPLACEMENT($,#14);",
    `#20=IFCSITE('S000000000000000000000',$,'Site',$,$,#15,$,$,.ELEMENT.,${latitude},${longitude},0.,$,$);`,
    "#21=IFCRELAGGREGATES('RA00000000000000000000',$,$,$,#1,(#20));",
    "#31=IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.);",
    "#48=IFCCARTESIANPOINT((0.,0.));",
    "#49=IFCAXIS2PLACEMENT2D(#48,$);",
    "#100=IFCCARTESIANPOINT((0.,0.,0.));",
    "#101=IFCAXIS2PLACEMENT3D(#100,$,$);",
    "#102=IFCLOCALPLACEMENT(#15,#101);",
    `#103=IFCRECTANGLEPROFILEDEF(.AREA.,$,#49,${size},${size});`,
    "#104=IFCDIRECTION((0.,0.,1.));",
    `#105=IFCEXTRUDEDAREASOLID(#103,#101,#104,${size});`,
    "#106=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#105));",
    "#107=IFCPRODUCTDEFINITIONSHAPE($,$,(#106));",
    "#108=IFCBUILDINGELEMENTPROXY('B100000000000000000000',$,'Box',$,$,#102,#107,$,$);",
    "#120=IFCRELCONTAINEDINSPATIALSTRUCTURE('RC12000000000000000000',$,$,$,(#108),#20);",
    ...lines,
  ]);
}

/** A coordinate system and a map conversion, by their values. */
export function onMap(name: string, conversion: string, rest = "$,$,$,$,#31"): string[] {
  return [`#30=IFCPROJECTEDCRS('${name}',$,${rest});`, `#32=IFCMAPCONVERSION(#10,#30,${conversion});`];
}
