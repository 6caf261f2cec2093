import { guid, ifcText } from "./ifcText.js";

export { guid };

/** A file with more instances, and numbers for those that every one has. */
export interface ShapedFile {
  /** Default: IFC4X3_ADD2. */
  schema?: string;
  /** Such as `.MILLI.`. Default: metres. */
  prefix?: string;
  /** Whether angles are in degrees instead of radians. */
  degrees?: boolean;
  lines: readonly string[];
}

/**
 * A file with a project and a site: #10 is the context, #15 the placement of the site at the origin, #14 the axes there, #20
 * the site, #48 and #49 a point and axes in two dimensions, #104 the direction up.
 */
export function shapedFile({ schema = "IFC4X3_ADD2", prefix = "$", degrees = false, lines }: ShapedFile): string {
  return ifcText(schema, [
    "#1=IFCPROJECT('P000000000000000000000',$,'Project',$,$,$,$,(#10),#2);",
    `#2=IFCUNITASSIGNMENT((#3,${degrees ? "#5" : "#4"}));`,
    `#3=IFCSIUNIT(*,.LENGTHUNIT.,${prefix},.METRE.);`,
    "#4=IFCSIUNIT(*,.PLANEANGLEUNIT.,$,.RADIAN.);",
    "#5=IFCCONVERSIONBASEDUNIT(#6,.PLANEANGLEUNIT.,'DEGREE',#7);",
    "#6=IFCDIMENSIONALEXPONENTS(0,0,0,0,0,0,0);",
    `#7=IFCMEASUREWITHUNIT(IFCPLANEANGLEMEASURE(${Math.PI / 180}),#4);`,
    "#10=IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-5,#14,$);",
    "#13=IFCCARTESIANPOINT((0.,0.,0.));",
    "#14=IFCAXIS2PLACEMENT3D(#13,$,$);",
    "#15=IFCLOCALPLACEMENT($,#14);",
    "#20=IFCSITE('S000000000000000000000',$,'Site',$,$,#15,$,$,.ELEMENT.,$,$,$,$,$);",
    "#21=IFCRELAGGREGATES('RA00000000000000000000',$,$,$,#1,(#20));",
    "#48=IFCCARTESIANPOINT((0.,0.));",
    "#49=IFCAXIS2PLACEMENT2D(#48,$);",
    "#104=IFCDIRECTION((0.,0.,1.));",
    ...lines,
  ]);
}

/** An entity whose attributes end with its placement and its representation, which has some items. */
export function shown(
  number: number,
  {
    type,
    name,
    placement = "#15",
    identifier,
    kind,
    items,
    rest = "",
  }: {
    type: string;
    name: string;
    placement?: string;
    identifier: string;
    kind: string;
    items: readonly string[];
    /** The attributes behind the representation, each with a comma in front. */
    rest?: string;
  },
): string[] {
  return [
    `#${number}=${type}(${guid(number)},$,'${name}',$,$,${placement},#${number + 1}${rest});`,
    `#${number + 1}=IFCPRODUCTDEFINITIONSHAPE($,$,(#${number + 2}));`,
    `#${number + 2}=IFCSHAPEREPRESENTATION(#10,'${identifier}','${kind}',(${items.join()}));`,
  ];
}

/** An IfcCartesianPoint. */
export function point(id: number, ...coordinates: number[]): string {
  return `#${id}=IFCCARTESIANPOINT((${coordinates.map((value) => value.toFixed(4)).join()}));`;
}

/** An IfcAnnotation that shows some items. */
export function annotation(number: number, name: string, ...items: string[]): string[] {
  return shown(number, {
    type: "IFCANNOTATION",
    name,
    identifier: "Annotation",
    kind: "GeometricSet",
    items,
    rest: ",$",
  });
}

/** A box of a metre that stands on a placement. It takes five numbers. */
export function box(number: number, name: string, placement: string): string[] {
  return [
    `#${number}=IFCBUILDINGELEMENTPROXY(${guid(number)},$,'${name}',$,$,${placement},#${number + 1},$,$);`,
    `#${number + 1}=IFCPRODUCTDEFINITIONSHAPE($,$,(#${number + 2}));`,
    `#${number + 2}=IFCSHAPEREPRESENTATION(#10,'Body','SweptSolid',(#${number + 3}));`,
    `#${number + 3}=IFCEXTRUDEDAREASOLID(#${number + 4},#14,#104,1.);`,
    `#${number + 4}=IFCRECTANGLEPROFILEDEF(.AREA.,$,#49,1.,1.);`,
  ];
}
