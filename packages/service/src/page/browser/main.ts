import { Api, ApiError, type Connection, type IModel, type Run } from "./Api.js";
import { byId, h } from "./dom.js";
import { showIModel, showReport, type Actions, type IModelState } from "./views.js";

/** Kept for the tab alone: it is gone when the tab is closed. */
const tokenKey = "token";

/** Where the viewer keeps the address to which its user comes back after signing in. */
const returnKey = "return";

/** How long to wait before events are asked for again, in milliseconds. */
const retryDelay = 2000;

class Page implements Actions {
  private readonly _states = new Map<string, IModelState>();
  private _events = new AbortController();
  private _hasViewer = false;

  public constructor(private readonly _api: Api) {}

  public async open(): Promise<void> {
    const [iTwins, hasViewer] = await Promise.all([this._api.iTwins(), this._api.hasViewer()]);
    this._hasViewer = hasViewer;
    const choice = byId("itwins") as HTMLSelectElement;
    choice.replaceChildren(...iTwins.map(({ id, displayName }) => h("option", { value: id }, displayName)));
    choice.onchange = () => attempt(() => this._show(choice.value));
    byId("itwin-choice").hidden = false;
    byId("sign-out").hidden = false;
    byId("sign-out").onclick = signOut;
    if (iTwins.length > 0) await this._show(choice.value);
    else byId("main").replaceChildren(h("p", { class: "quiet" }, "There is no iTwin that you are a member of."));
  }

  public start({ id }: Connection): void {
    attempt(() => this._api.start(`/synchronization/imodels/storageconnections/${id}/run`));
  }

  public cancel(run: Run): void {
    attempt(() => this._api.cancel(run));
  }

  public showReport(run: Run): void {
    attempt(async () => {
      const dialog = showReport(await this._api.report(run), this._hasViewer ? run.iModelId : undefined);
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  public download(imodel: IModel, index: number): void {
    attempt(async () => {
      const url = URL.createObjectURL(await this._api.snapshot(imodel.id, index));
      h("a", { href: url, download: `${imodel.displayName}-${index}.bim` }).click();
      URL.revokeObjectURL(url);
    });
  }

  private async _show(iTwinId: string): Promise<void> {
    this._events.abort();
    this._events = new AbortController();
    this._states.clear();
    byId("main").replaceChildren();
    const { signal } = this._events;
    const imodels = await this._api.iModels(iTwinId);
    for (const imodel of imodels) this._states.set(imodel.id, await this._load(imodel));
    if (imodels.length === 0) byId("main").append(h("p", { class: "quiet" }, "There are no iModels yet."));
    for (const state of this._states.values()) this._draw(state);
    void this._follow(iTwinId, signal);
  }

  private async _load(imodel: IModel): Promise<IModelState> {
    const connections = await this._api.connections(imodel.id);
    const withRuns = connections.map(async (connection) => ({
      connection,
      run: await this._lastRun(imodel, connection),
    }));
    const changesets = await this._api.changesets(imodel.id);
    return { imodel, connections: await Promise.all(withRuns), changesets, hasViewer: this._hasViewer };
  }

  private async _lastRun(imodel: IModel, { kind, _links: { lastRun } }: Connection): Promise<Run | undefined> {
    if (lastRun === undefined) return undefined;
    return { ...(await this._api.run(lastRun.href)), iModelId: imodel.id, kind };
  }

  private _draw(state: IModelState): void {
    const section = showIModel(state, this);
    const known = document.querySelector(`[data-imodel="${state.imodel.id}"]`);
    if (known === null) byId("main").append(section);
    else known.replaceWith(section);
  }

  /** Events end with the connection; what was missed meanwhile is loaded anew. */
  private async _follow(iTwinId: string, signal: AbortSignal): Promise<void> {
    const isCurrent = () => !signal.aborted;
    while (isCurrent()) {
      try {
        for await (const run of this._api.events(iTwinId, signal)) await this._update(run);
        await new Promise((resolve) => setTimeout(resolve, retryDelay));
        if (isCurrent()) for (const { imodel } of this._states.values()) await this._reload(imodel);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) signOut();
        await new Promise((resolve) => setTimeout(resolve, retryDelay)); // the service may be starting again
      }
    }
  }

  private async _update(run: Run): Promise<void> {
    const state = this._states.get(run.iModelId);
    const shown = state?.connections.find(({ connection }) => connection.id === run.connectionId);
    if (state === undefined || shown === undefined || run.state === "Completed")
      return this._reload({ id: run.iModelId, displayName: state?.imodel.displayName ?? run.iModelId });
    shown.run = run;
    this._draw(state);
  }

  private async _reload(imodel: IModel): Promise<void> {
    const state = await this._load(imodel);
    this._states.set(imodel.id, state);
    this._draw(state);
  }
}

/** Does what the user asked for; what goes wrong is shown. */
function attempt(work: () => Promise<void>): void {
  show("");
  work().catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) signOut();
    else show(error instanceof Error ? error.message : String(error));
  });
}

function show(message: string): void {
  byId("message").textContent = message;
  byId("message").hidden = message === "";
}

function signOut(): void {
  sessionStorage.removeItem(tokenKey);
  location.reload();
}

function begin(token: string): void {
  sessionStorage.setItem(tokenKey, token);
  const address = sessionStorage.getItem(returnKey);
  sessionStorage.removeItem(returnKey);
  if (address !== null) {
    location.assign(address);
    return;
  }
  byId("main").replaceChildren();
  attempt(() => new Page(new Api(token)).open());
}

function showSignIn(): void {
  const id = h("input", { name: "id", autocomplete: "username" });
  const secret = h("input", { name: "secret", type: "password", autocomplete: "current-password" });
  const token = h("input", { name: "token", type: "password", autocomplete: "off" });
  const signIn = async () => begin(token.value === "" ? await Api.signIn(id.value, secret.value) : token.value.trim());
  const submit = (event: Event) => {
    event.preventDefault();
    attempt(signIn);
  };
  const form = h(
    "form",
    { class: "sign-in", onsubmit: submit },
    h("p", {}, "Sign in with a client of this service, or with an access token."),
    h("label", {}, "Client id", id),
    h("label", {}, "Client secret", secret),
    h("label", {}, "or access token", token),
    h("button", {}, "Sign in"),
  );
  byId("main").replaceChildren(form);
}

const known = sessionStorage.getItem(tokenKey);
if (known === null) showSignIn();
else begin(known);
