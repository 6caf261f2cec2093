import { ApiError, ServerApi, type TileSource, type TilesetName } from "./Api.js";
import type { ModelSummary, Step, Version, Versions } from "./apiTypes.js";

/** The page of the service keeps its token here, for the tab alone. */
const tokenKey = "token";

/** How long to wait before it is asked again whether tiles are made, in milliseconds. */
const interval = 500;

/** So many versions are asked for at once. */
const versionsAtOnce = 1000;

/** What the service says of the tiles of a version. */
interface TilesState {
  state: "waiting" | "made" | "failed";
  /** Files with graphics; none if there is nothing to show. */
  count?: number;
  error?: { message: string };
}

/**
 * A service that has the versions of the iModel, as its page shows them: a worker makes the tiles of a version once, and a
 * process of the service reads the rest. The address of the page names the iModel and the step.
 */
export class ServiceApi extends ServerApi {
  protected override readonly silence: string = "Try again in a moment.";
  private _hasGraphics = false;

  public constructor(
    token: string,
    private readonly _imodel: string,
    private readonly _step: Step,
  ) {
    super(token, `${_imodel}/views/${textOf(_step)}`);
  }

  /**
   * The service that an address asks for, such as `?imodel=<id>&from=2&to=3`.
   * @returns undefined where it asks for none
   */
  public static for(parameters: URLSearchParams): ServiceApi | undefined {
    const id = parameters.get("imodel");
    if (id === null) return undefined;
    const token = sessionStorage.getItem(tokenKey);
    if (token === null) location.assign("/"); // where its user signs in
    const from = parameters.get("from");
    const step = { from: from === null ? undefined : Number(from), to: Number(parameters.get("to")) };
    return new ServiceApi(token ?? "", `/imodels/${encodeURIComponent(id)}`, step);
  }

  /** Asks for the tiles, and waits until a worker has made them. */
  public async prepare(say: (text: string) => void): Promise<void> {
    const { from, to } = this._step;
    this._hasGraphics = await this._makeTiles(to, say);
    if (from !== undefined) await this._makeTiles(from, say);
  }

  public override async model(): Promise<ModelSummary> {
    return { ...(await super.model()), graphics: this._hasGraphics, timeline: true };
  }

  public override tiles(name: TilesetName): TileSource {
    const version = name === "now" ? this._step.to : this._step.from;
    return { url: `${this._imodel}/versions/${version}/tiles/tileset.json`, headers: this.headers };
  }

  public override async versions(): Promise<Versions> {
    const names = await this._list<{ displayName: string; changesetIndex: number }>("namedversions", "namedVersions");
    const changesets = await this._list<{ index: number; description: string; pushDateTime: string }>("changesets");
    const namesOf = (index: number) =>
      names.filter(({ changesetIndex }) => changesetIndex === index).map(({ displayName }) => displayName);
    const versions = changesets.map(({ index, description, pushDateTime: pushed }): Version => {
      return { index, names: namesOf(index), description, pushed };
    });
    return { versions: [{ index: 0, names: namesOf(0) }, ...versions], step: this._step };
  }

  public override async open({ from, to }: Step): Promise<{ url: string }> {
    const parameters = new URLSearchParams(location.search);
    parameters.delete("from");
    parameters.set("to", String(to));
    if (from !== undefined) parameters.set("from", String(from));
    return { url: `?${parameters.toString()}` };
  }

  /** @returns whether the version has graphics */
  private async _makeTiles(version: number, say: (text: string) => void): Promise<boolean> {
    const address = `${this._imodel}/versions/${version}/tiles`;
    let { state, count, error } = await this.request<TilesState>(address, { method: "POST", headers: this.headers });
    while (state === "waiting") {
      say(`The graphics of version ${version} are being made …`);
      await new Promise((resolve) => setTimeout(resolve, interval));
      ({ state, count, error } = await this.request<TilesState>(address, { headers: this.headers }));
    }
    if (state === "failed") throw new ApiError(error?.message ?? "The graphics of this version cannot be made.");
    return count !== 0;
  }

  private async _list<T>(what: string, field = what): Promise<T[]> {
    const found: T[] = [];
    for (;;) {
      const query = `$orderBy=${what === "changesets" ? "index" : "changesetIndex"}&$top=${versionsAtOnce}&$skip=${found.length}`;
      const answer = await this.request<Record<string, T[]>>(`${this._imodel}/${what}?${query}`, {
        headers: { ...this.headers, prefer: "return=representation" },
      });
      const page = answer[field] ?? [];
      found.push(...page);
      if (page.length < versionsAtOnce) return found;
    }
  }
}

function textOf({ from, to }: Step): string {
  return from === undefined ? String(to) : `${from}-${to}`;
}
