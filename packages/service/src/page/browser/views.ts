import type { Changeset, Connection, IModel, Issue, NotImported, Run, RunReport, Task, TaskReport } from "./Api.js";
import { h } from "./dom.js";
import { linkToView, type Shown } from "./viewLinks.js";

/** What the user can do with what is shown. */
export interface Actions {
  start(connection: Connection): void;
  cancel(run: Run): void;
  showReport(run: Run): void;
  download(imodel: IModel, index: number): void;
}

/** An iModel with what belongs to it. */
export interface IModelState {
  imodel: IModel;
  connections: { connection: Connection; run?: Run }[];
  changesets: Changeset[];
  /** Whether the service can show it. */
  hasViewer: boolean;
}

/** An iModel: its connections with the last run of each, and its versions. */
export function showIModel(state: IModelState, actions: Actions): HTMLElement {
  const { imodel, connections, changesets } = state;
  return h(
    "section",
    { class: "imodel", "data-imodel": imodel.id },
    h("h2", {}, imodel.displayName),
    h("h3", {}, "Connections"),
    connections.length === 0
      ? h("p", { class: "quiet" }, "None yet.")
      : h(
          "table",
          {},
          headings("Connection", "Last run", "Progress", ""),
          h("tbody", {}, ...connections.map(({ connection, run }) => showConnection(connection, run, actions))),
        ),
    h("h3", {}, "Versions"),
    h("table", {}, h("tbody", {}, ...versionsOf(changesets).map((version) => showVersion(state, version, actions)))),
  );
}

function headings(...texts: string[]): HTMLElement {
  return h("thead", {}, h("tr", {}, ...texts.map((text) => h("th", {}, text))));
}

function showConnection(connection: Connection, run: Run | undefined, actions: Actions): HTMLElement {
  const isActive = run !== undefined && run.state !== "Completed";
  const report = run && h("button", { onclick: () => actions.showReport(run) }, "Report");
  // What a run of a manifest connection is to do, only a manifest tells.
  const start = connection.kind === "storage" && h("button", { onclick: () => actions.start(connection) }, "Run");
  const act = isActive ? h("button", { onclick: () => actions.cancel(run) }, "Cancel") : start || undefined;
  return h(
    "tr",
    { "data-connection": connection.id },
    h("td", {}, connection.displayName),
    h("td", {}, ...(run === undefined ? ["never"] : showRun(run))),
    h("td", {}, ...(run === undefined ? [] : tasksOf(run).map(showTask))),
    h("td", {}, act, " ", report),
  );
}

function showRun(run: Run): Node[] {
  const isOver = run.state === "Completed";
  return [
    h("span", { class: `result ${run.result}` }, isOver ? run.result : run.state),
    h("div", { class: "quiet" }, new Date(run.endDateTime ?? run.startDateTime).toLocaleString()),
    ...(run.error === undefined ? [] : [h("div", { class: "Error" }, run.error.description)]),
  ];
}

function tasksOf(run: Run): Task[] {
  return run.jobs.flatMap(({ tasks }) => tasks);
}

function showTask(task: Task): HTMLElement {
  const { progress } = task;
  const name = task.fileName ?? task.sourceFileId ?? "";
  if (task.state === "Completed" || progress === undefined)
    return h("div", { class: task.result }, `${name}: ${task.state === "Completed" ? task.result : task.state}`);
  // Without a total the bar shows that something goes on, and the number of entities how much.
  const bar = progress.total === undefined ? {} : { value: progress.done ?? 0, max: progress.total };
  return h(
    "div",
    {},
    `${name}: ${progress.phase} `,
    h("progress", bar),
    h("span", { class: "quiet" }, ` ${progress.items} entities`),
  );
}

/** Version 0 has no changeset. */
function versionsOf(changesets: Changeset[]): (Omit<Changeset, "pushDateTime"> & { pushDateTime?: string })[] {
  return [...changesets].sort((a, b) => b.index - a.index).concat([{ index: 0, description: "Created" } as Changeset]);
}

function showVersion(
  { imodel, hasViewer }: IModelState,
  { index, description, pushDateTime }: Omit<Changeset, "pushDateTime"> & { pushDateTime?: string },
  actions: Actions,
): HTMLElement {
  return h(
    "tr",
    { "data-version": index },
    h("td", {}, String(index)),
    h("td", {}, description),
    h("td", { class: "quiet" }, pushDateTime === undefined ? "" : new Date(pushDateTime).toLocaleString()),
    h("td", {}, ...(hasViewer ? linksToVersion(imodel.id, index) : [])),
    h("td", {}, h("button", { onclick: () => actions.download(imodel, index) }, "Download")),
  );
}

/** To a version in the viewer, and to what it changed. */
function linksToVersion(imodel: string, to: number): (Node | string)[] {
  const view = linkToView({ imodel, to }, "View");
  return to === 0 ? [view] : [view, " · ", linkToView({ imodel, from: to - 1, to }, "What it changed")];
}

/**
 * What the tasks of a run did, in a dialog.
 * @param imodel - the id of the iModel, where the service can show it
 */
export function showReport({ tasks, versions }: RunReport, imodel?: string): HTMLDialogElement {
  const shown = imodel !== undefined && versions !== undefined ? { imodel, to: versions.to } : undefined;
  const dialog = h(
    "dialog",
    { class: "report", onclose: () => dialog.remove() },
    h("h2", {}, "Report"),
    shown && h("p", {}, ...linksToRun(shown, versions?.from ?? shown.to, tasks)),
    ...tasks.map((task) => showTaskReport(task, shown)),
    h("button", { onclick: () => dialog.close() }, "Close"),
  );
  return dialog;
}

/** To what a run changed, and to the elements of its issues. */
function linksToRun(shown: Shown, from: number, tasks: TaskReport[]): (Node | string)[] {
  const changes =
    from < shown.to ? linkToView({ ...shown, from }, "Show what the run changed") : "The run changed nothing.";
  const highlight = tasks.flatMap(({ report }) => report?.issues ?? []).flatMap(({ elementId }) => elementId ?? []);
  if (highlight.length === 0) return [changes];
  return [changes, " · ", linkToView({ ...shown, highlight }, "Show the elements of the issues")];
}

function showTaskReport(
  { fileName = "", connectorType, result, error, report = {} }: TaskReport,
  shown: Shown | undefined,
): HTMLElement {
  const { counts, skipped, elements } = report;
  return h(
    "div",
    { class: "task" },
    h("strong", {}, fileName),
    ` ${connectorType} `,
    h("span", { class: result }, result),
    error && showError(error),
    counts && h("p", {}, `Entities: ${describeCounts({ ...counts, ...(skipped && { skipped }) })}`),
    elements && h("p", {}, `Elements: ${describeCounts(elements)}`),
    ...showNotes(report, shown),
  );
}

/** How the source was read, what the user should know, and what was left out. */
function showNotes(
  { readAs = [], issues = [], notImported = [] }: NonNullable<TaskReport["report"]>,
  shown: Shown | undefined,
): (HTMLElement | undefined)[] {
  return [
    listOf(readAs.map((how) => [`Read as: ${how}`])),
    listOf(issues.map((issue) => showIssue(issue, shown))),
    notImported.length === 0 ? undefined : h("p", {}, "Not imported:"),
    listOf(notImported.map((entry) => [describeNotImported(entry)])),
  ];
}

function showIssue({ message, elementId }: Issue, shown: Shown | undefined): (Node | string)[] {
  if (elementId === undefined || shown === undefined) return [message];
  return [`${message} `, linkToView({ ...shown, element: elementId }, "Show the element")];
}

function listOf(items: (Node | string)[][]): HTMLElement | undefined {
  return items.length === 0 ? undefined : h("ul", {}, ...items.map((item) => h("li", {}, ...item)));
}

function describeNotImported({ count, what, reason, example }: NotImported): string {
  return `${count.toLocaleString()} ${what}; ${reason} (such as ${example})`;
}

function showError({ message, details = "", errorCode }: NonNullable<TaskReport["error"]>): HTMLElement {
  return h("p", { class: "Error" }, `${message} ${details} [${errorCode}]`);
}

function describeCounts(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([what, count]) => `${count.toLocaleString()} ${what}`)
    .join(", ");
}
