import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  ConnectorError,
  StreamConnector,
  type SchemaDescription,
  type SourceDocument,
  type SourceEntity,
} from "itwin-connector-framework";

/** What the connector does wrong, as `argsJson`. */
export type Fault =
  | "random-state"
  | "known-by-place"
  | "forgets-deletions"
  | "same-document"
  | "writes-behind"
  | "file-beside"
  | "always-fails"
  | "holds-all"
  | "broken-geometry";

const schema: SchemaDescription = {
  name: "Lines",
  classes: [
    { name: "Line", baseClass: "BisCore:GroupInformationElement", properties: [{ name: "text", type: "string" }] },
    { name: "Ball" },
  ],
};

/** A connector for files with a line `id text` for each entity, with faults on demand. */
export default class LinesConnector extends StreamConnector {
  private _path = "";

  public override getApplicationId = (): string => "lines";
  public override getApplicationVersion = (): string => "1.0.0";
  public override getConnectorName = (): string => "Lines";
  protected override getSchemas = () => [schema];
  protected override getDefinitions = () => ({ categories: [{ name: "Lines" }] });

  private _has(fault: Fault): boolean {
    return (this.args.argsJson as { fault?: Fault } | undefined)?.fault === fault;
  }

  protected override async getDocument(path: string): Promise<SourceDocument> {
    this._path = path;
    if (this._has("always-fails")) throw new TypeError("no such thing");
    if (this._has("forgets-deletions")) this.synchronizer.detectDeletedElements = () => {};
    if (this._has("file-beside")) writeFileSync(join(this.args.outputDir!, "log.txt"), "");
    const document = await super.getDocument(path);
    return this._has("same-document") ? { ...document, id: "lines" } : document;
  }

  public override getJobSubjectName(sourcePath: string): string {
    return this._has("same-document") ? "lines" : super.getJobSubjectName(sourcePath);
  }

  protected override async writeDefinitions(): Promise<void> {
    if (!this._has("writes-behind")) return;
    const { elements } = this.synchronizer.imodel;
    elements.updateElement(elements.getElementProps(this.modelId("group")));
  }

  protected override async *readEntities(): AsyncGenerator<SourceEntity> {
    const held = this._has("holds-all") ? readFileSync(this._path, "utf8").split("\n") : [];
    let place = 0;
    for await (const line of createInterface(createReadStream(this._path))) {
      const [id = "", text = ""] = line.split(" ");
      misbehave(text);
      if (text === "lost") continue;
      yield {
        kind: "Line",
        id: this._has("known-by-place") ? `${place++}` : id,
        data: [text, this._has("random-state") ? Math.random() : held.length],
        toElement: () => (this._has("broken-geometry") ? ball : { classFullName: "Lines:Line", text }),
      };
    }
  }
}

/** The beginning of a Parasolid body, which is all that a check of values can look at. The iModel drops it. */
const data = Buffer.from("B0\0\0\0: TRANSMIT FILE created by modeller version 3000226").toString("base64");

const ball = {
  classFullName: "Lines:Ball",
  geom: [{ brep: { data } }],
  placement: { origin: [1, 2, 3], angles: {} },
};

/** What a line can make the connector do. */
function misbehave(text: string): void {
  if (text === "raw") throw new TypeError("no such thing");
  if (text === "unplaced") throw new ConnectorError("lines/bad", "It is bad.");
  if (text === "placed") throw new ConnectorError("lines/bad", "It is bad.", { source: { line: 1 } });
  if (text === "pollutes") Object.assign(Object.prototype, { polluted: true });
}
