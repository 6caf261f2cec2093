import type { ReportedIssue } from "../model/records.js";

/** What a kind of lines means. */
interface Meaning {
  /** Which lines it is. */
  readonly lines: RegExp;
  /** What happened, to be continued with "of" and the entities. */
  readonly what: string;
  /** What the user can do. */
  readonly advice: string;
}

const otherRepresentation =
  "Export these elements with another representation, such as triangles (IfcTriangulatedFaceSet) or a B-rep.";
const repair = "Repair these elements in the program that they come from, and export the file again.";

/**
 * What web-ifc logs, by the texts in its WebAssembly (version 0.0.78). The first one that fits counts. A line that only names
 * a function and an instance traces a computation, and is no message.
 */
const meanings: readonly Meaning[] = [
  {
    lines: /threw|bool aborted|BoolProcess/,
    what: "An opening or a part that is to be cut off could not be cut out of the body",
    advice: `The body is shown without the cut. ${repair}`,
  },
  {
    lines: /[Ss]elf.?intersecting/,
    what: "A curve of the body crosses itself",
    advice: `The shape can be wrong. ${repair}`,
  },
  {
    lines: /TriangulateBounds|GetBounds|No basis found|outer bound/,
    what: "A face of the body has no proper outer boundary",
    advice: `The face can be missing. ${repair}`,
  },
  {
    lines:
      /token|type 0$|Invalid ExpressID|Invalid triangulated face index|unexpected line end|Invalid profile or directrix|ifc project/,
    what: "A value is missing in the geometry, or is no valid one",
    advice: `A part of the body can be missing. ${repair}`,
  },
  {
    lines: /[Uu]nexpected|[Uu]nsupported|Unrecognised|not possible|not implemented|[Ii]ncompatible/,
    what: "The geometry has something that is not supported",
    advice: `A part of the body is missing. ${otherRepresentation}`,
  },
  {
    lines: /placement/,
    what: "A placement leads to itself, or through too many others",
    advice: `The element can stand in the wrong place. ${repair}`,
  },
  {
    lines:
      /knot|Knot|monotonic|CLOTHOID|ARC|Arc|interval|zero radius|no points|degree|finite|IFCSECTIONEDSOLIDHORIZONTAL|vertices/,
    what: "A curve or a surface of the body has parameters that make no shape",
    advice: `A part of the body can be missing. ${repair}`,
  },
];

/** What a line says that is not known. */
const unknown: Omit<Meaning, "lines"> = {
  what: "web-ifc, which makes the meshes, has a message",
  advice: "Compare these elements with the program that they come from.",
};

/** How many entities a kind of message is about, and the first one. */
interface Said {
  readonly meaning: Omit<Meaning, "lines">;
  readonly example: string;
  readonly line: string;
  entities: number;
}

/** Collects what web-ifc logs of entities: one issue for each kind of message, in words. */
export class WebIfcLog {
  private readonly _said = new Map<string, Said>();

  /**
   * Takes in what was logged of an entity.
   * @param entity - how it is named to the user
   */
  public take(entity: string, lines: readonly string[]): void {
    const ofEntity = new Set<string>();
    for (const line of lines.map(messageIn)) {
      if (isTrace(line)) continue;
      const meaning = meanings.find(({ lines: pattern }) => pattern.test(line)) ?? unknown;
      if (ofEntity.has(meaning.what)) continue;
      ofEntity.add(meaning.what);
      const said = this._said.get(meaning.what);
      if (said === undefined) this._said.set(meaning.what, { meaning, example: entity, line, entities: 1 });
      else said.entities++;
    }
  }

  /** An issue for each kind, since the last call. */
  public drain(): ReportedIssue[] {
    const all = [...this._said.values()];
    this._said.clear();
    return all.map(({ meaning: { what, advice }, example, line, entities }) => ({
      code: "ifc/web-ifc",
      message: `${what}: ${entities === 1 ? example : `${entities} elements, such as ${example}`}. ${advice} (web-ifc: ${line})`,
    }));
  }
}

/** A line without what every line begins with. */
function messageIn(line: string): string {
  return line.replace(/^\[WEB-IFC\]\[\w+\]\s*/, "");
}

function isTrace(line: string): boolean {
  return /^\[\w+\([^)]*\)\]$/.test(line);
}
