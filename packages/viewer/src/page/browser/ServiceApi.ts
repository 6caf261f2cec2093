import { ApiError, ServerApi, type TileSource, type TilesetName } from "./Api.js";
import type { ModelSummary, Step, Version, Versions } from "./apiTypes.js";

/** The page of the service keeps its token here, for the tab alone, and the address to which it leads after signing in. */
const [tokenKey, returnKey] = ["token", "return"];

/** How long to wait before it is asked again whether tiles are made, in milliseconds. */
const interval = 500;

/** So many times in a row the service may fail to say whether tiles are made, as it does while it starts again. */
const patience = 60;

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
    const [from, to] = ["from", "to"].map((name) => parameters.get(name) ?? undefined);
    if (to === undefined) throw new ApiError("The address names no version of the iModel: it lacks to=…");
    const step = { from: from === undefined ? undefined : Number(from), to: Number(to) };
    const token = sessionStorage.getItem(tokenKey) ?? "";
    return new ServiceApi(token, `/imodels/${encodeURIComponent(id)}`, step);
  }

  /** Asks for the tiles, and waits until a worker has made them. Without them, the page shows what else there is. */
  public async prepare(say: (text: string) => void, fail: (error: unknown) => void): Promise<void> {
    const { from, to } = this._step;
    const before = from === undefined ? undefined : this._makeTiles(from, say);
    before?.catch(() => undefined); // only what is deleted or has moved is drawn from them
    this._hasGraphics = await this._makeTiles(to, say).catch((error: unknown) => {
      fail(error);
      return false;
    });
    await before?.catch(() => undefined);
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

  /** Without a token that counts, its user has to sign in first. */
  protected override async request<T>(path: string, init: RequestInit): Promise<T> {
    try {
      return await super.request<T>(path, init);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      sessionStorage.removeItem(tokenKey);
      sessionStorage.setItem(returnKey, location.href);
      location.assign("/");
      return new Promise<never>(() => undefined); // the page is left
    }
  }

  /** @returns whether the version has graphics */
  private async _makeTiles(version: number, say: (text: string) => void): Promise<boolean> {
    const address = `${this._imodel}/versions/${version}/tiles`;
    let tiles = await this.request<TilesState>(address, { method: "POST", headers: this.headers });
    for (let failures = 0; tiles.state === "waiting";) {
      say(`The graphics of version ${version} are being made …`);
      await new Promise((resolve) => setTimeout(resolve, interval));
      try {
        tiles = await this.request<TilesState>(address, { headers: this.headers });
        failures = 0;
      } catch (error) {
        if (!isTemporary(error) || ++failures > patience) throw error;
      }
    }
    const { state, count, error } = tiles;
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

/** The service may be starting again, or have too much to do. */
function isTemporary(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === undefined || error.status === 429 || error.status >= 500;
}
