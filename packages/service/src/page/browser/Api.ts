/** A time as the service sends it, or none. */
type Time = string | undefined;

export interface ITwin {
  id: string;
  displayName: string;
}

export interface IModel {
  id: string;
  displayName: string;
}

export interface Connection {
  id: string;
  kind: "storage" | "manifest";
  displayName: string;
  _links: { lastRun?: { href: string } };
}

export interface Task {
  id: string;
  fileName?: string;
  sourceFileId?: string;
  state: string;
  result: string;
  progress?: { phase: string; items: number; done?: number; total?: number };
  error?: { errorCode: string; message: string; details?: string };
}

export interface Run {
  id: string;
  iModelId: string;
  connectionId: string;
  kind: "storage" | "manifest";
  state: string;
  result: string;
  startDateTime: string;
  endDateTime: Time;
  error?: { description: string };
  jobs: { connectorType: string; tasks: Task[] }[];
}

export interface Changeset {
  index: number;
  description: string;
  pushDateTime: string;
}

export interface NotImported {
  what: string;
  reason: string;
  example: string;
  count: number;
}

export interface Issue {
  message: string;
  severity?: string;
  code?: string;
  /** The element of the iModel that it is about. */
  elementId?: string;
}

export interface TaskReport extends Task {
  connectorType: string;
  report?: {
    counts?: Record<string, number>;
    /** Entities that were skipped because of a fault. */
    skipped?: number;
    elements?: Record<string, number>;
    /** How the source was read where it leaves that open. */
    readAs?: string[];
    issues?: Issue[];
    notImported?: NotImported[];
  };
}

/** What each task of a run did, and the versions before and after the run, once it is over. */
export interface RunReport {
  tasks: TaskReport[];
  versions?: { from: number; to: number };
}

/** The operations of the service that the page uses. */
export class Api {
  public constructor(private readonly _token: string) {}

  /** Signs in with client credentials at the embedded issuer. */
  public static async signIn(clientId: string, clientSecret: string): Promise<string> {
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const response = await fetch("/oauth/token", { method: "POST", body: new URLSearchParams(form) });
    const answer = (await response.json()) as { access_token?: string; error_description?: string };
    if (answer.access_token === undefined) throw new Error(answer.error_description ?? "No token was given.");
    return answer.access_token;
  }

  public async iTwins(): Promise<ITwin[]> {
    return (await this._get<{ iTwins: ITwin[] }>("/itwins")).iTwins;
  }

  public async iModels(iTwinId: string): Promise<IModel[]> {
    return (await this._get<{ iModels: IModel[] }>(`/imodels?iTwinId=${iTwinId}&$top=1000`)).iModels;
  }

  public async connections(iModelId: string): Promise<Connection[]> {
    const list = async (kind: Connection["kind"]) => {
      const path = `/synchronization/imodels/${kind}connections?imodelId=${iModelId}&$top=1000`;
      const { connections } = await this._get<{ connections: Connection[] }>(path);
      return connections.map((connection) => ({ ...connection, kind }));
    };
    return (await Promise.all([list("storage"), list("manifest")])).flat();
  }

  /** A run, with the names of the files of its tasks, which the platform's operation does not tell. */
  public async run(href: string): Promise<Omit<Run, "iModelId" | "kind">> {
    const path = new URL(href).pathname;
    const [{ run }, { tasks }] = await Promise.all([
      this._get<{ run: Run }>(path),
      this._get<{ tasks: TaskReport[] }>(`${path}/report`),
    ]);
    const names = new Map(tasks.map(({ id, fileName }) => [id, fileName]));
    for (const task of run.jobs.flatMap((job) => job.tasks)) task.fileName = names.get(task.id);
    return run;
  }

  public async changesets(iModelId: string): Promise<Changeset[]> {
    const path = `/imodels/${iModelId}/changesets?$orderBy=index desc&$top=1000`;
    return (await this._get<{ changesets: Changeset[] }>(path)).changesets;
  }

  public async report(run: Run): Promise<RunReport> {
    return this._get(`${runPath(run)}/report`);
  }

  /** Whether the service can show iModels. */
  public async hasViewer(): Promise<boolean> {
    return (await this._get<{ viewer: boolean }>("/page/features")).viewer;
  }

  public async start(href: string): Promise<void> {
    await this._send("POST", href);
  }

  public async cancel(run: Run): Promise<void> {
    await this._send("POST", `${runPath(run)}/cancel`);
  }

  /** A version of an iModel, as a snapshot. */
  public async snapshot(iModelId: string, index: number): Promise<Blob> {
    return (await this._send("GET", `/imodels/${iModelId}/versions/${index}/snapshot`)).blob();
  }

  /** The runs of an iTwin as they change, until the signal says so or the connection ends. */
  public async *events(iTwinId: string, signal: AbortSignal): AsyncGenerator<Run> {
    const response = await this._send("GET", `/events?iTwinId=${iTwinId}`, signal);
    if (response.body === null) return;
    let text = "";
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) yield JSON.parse(data) as Run;
      }
    }
  }

  private async _get<T>(path: string): Promise<T> {
    return (await (await this._send("GET", path)).json()) as T;
  }

  private async _send(method: string, path: string, signal?: AbortSignal): Promise<Response> {
    const headers = { authorization: `Bearer ${this._token}`, prefer: "return=representation" };
    const response = await fetch(path, { method, headers, signal });
    if (response.ok) return response;
    const { error } = (await response.json()) as { error: { message: string } };
    throw new ApiError(response.status, error.message);
  }
}

/** An answer that is not a success. */
export class ApiError extends Error {
  public constructor(
    public readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function runPath({ kind, connectionId, id }: Run): string {
  return `/synchronization/imodels/${kind}connections/${connectionId}/runs/${id}`;
}
