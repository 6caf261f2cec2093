import type {
  CategoryEntry,
  ClassEntry,
  ElementDescription,
  ElementIndex,
  ModelChanges,
  ModelEntry,
  ModelSummary,
  NameEntry,
  SearchResults,
  Step,
  TableRows,
  Versions,
} from "./apiTypes.js";

/** An answer of the server that is no success, or none at all. */
export class ApiError extends Error {
  public override readonly name = "ApiError";

  public constructor(
    message: string,
    /** Of HTTP, if there was an answer. */
    public readonly status?: number,
  ) {
    super(message);
  }
}

type Query = Record<string, string | number | undefined>;

/** How {@link Api.table} sorts, filters and pages. */
export interface TableRequest {
  class: string;
  sort?: string;
  descending?: 1;
  filter?: string;
  offset: number;
  limit: number;
}

/** Where a tileset is read. */
export interface TileSource {
  /** The address of its tileset.json. */
  url: string;
  /** For all requests. */
  headers?: Record<string, string>;
  /** Reads its files, if not by requests to a server. */
  read?: (url: string) => Promise<Response>;
}

/** Which of the two iModels a tileset shows: that of now, or what is gone or elsewhere since. */
export type TilesetName = "now" | "before";

/** What the page knows of the iModel. */
export interface Api {
  model(): Promise<ModelSummary>;
  index(): Promise<ElementIndex>;
  categories(): Promise<CategoryEntry[]>;
  models(): Promise<ModelEntry[]>;
  classes(): Promise<ClassEntry[]>;
  element(id: string): Promise<ElementDescription>;
  /** Whether {@link element} can answer. */
  knows(id: string): boolean;
  /** An element that is deleted, by its id in the earlier iModel; undefined where that is not known. */
  deleted(id: string): Promise<ElementDescription | undefined>;
  changes(): Promise<ModelChanges>;
  search(text: string): Promise<SearchResults>;
  tiles(name: TilesetName): TileSource;
}

/** The server of this page. Every request carries its token. */
export class ServerApi implements Api {
  /** Why the server may not answer. */
  protected readonly silence: string = "Is the command that opened this page still running?";

  /** @param _base - of the addresses of all data */
  public constructor(
    private readonly _token: string,
    private readonly _base = "/api",
  ) {}

  /** For requests that other libraries make. */
  public get headers(): Record<string, string> {
    return { authorization: `Bearer ${this._token}` };
  }

  public knows = (): boolean => true;
  public deleted = async (): Promise<undefined> => undefined;

  public tiles(name: TilesetName): TileSource {
    return { url: `/tiles/${name === "now" ? "" : "before/"}tileset.json`, headers: this.headers };
  }

  public async model(): Promise<ModelSummary> {
    return this._get("/model");
  }

  public index = (): Promise<ElementIndex> => this._get("/index");
  public categories = (): Promise<CategoryEntry[]> => this._get("/categories");
  public models = (): Promise<ModelEntry[]> => this._get("/models");
  public classes = (): Promise<ClassEntry[]> => this._get("/classes");
  public element = (id: string): Promise<ElementDescription> => this._get(`/elements/${encodeURIComponent(id)}`);
  public changes = (): Promise<ModelChanges> => this._get("/changes");
  public search = (text: string): Promise<SearchResults> => this._get("/search", { text, limit: 100 });
  public table = (request: TableRequest): Promise<TableRows> => this._get("/table", { ...request });
  public names = (prefix: string): Promise<NameEntry[]> => this._get("/names", { prefix });

  public async versions(): Promise<Versions> {
    return this._get("/versions");
  }

  public ecsql(ecsql: string): Promise<TableRows> {
    return this._post("/ecsql", { ecsql, limit: 1000 });
  }

  /** Makes a page for another step. */
  public async open(step: Step): Promise<{ url: string }> {
    return this._post("/versions", step);
  }

  private _post<T>(path: string, body: object): Promise<T> {
    const headers = { ...this.headers, "content-type": "application/json" };
    return this.request(this._base + path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  private _get<T>(path: string, query: Query = {}): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    const address = this._base + path;
    return this.request(search === "" ? address : `${address}?${search}`, { headers: this.headers });
  }

  protected async request<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetch(path, init).catch(() => {
      throw new ApiError(`The server does not answer. ${this.silence}`);
    });
    if (response.ok) return (await response.json()) as T;
    const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
    const message = body?.error?.message ?? `The server answers with ${response.status}.`;
    throw new ApiError(message, response.status);
  }
}
