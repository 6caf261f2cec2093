import type { Changeset, Connection, IModel, NotImported, Run, Task, TaskReport } from "./Api.js";
import { h } from "./dom.js";

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
}

/** An iModel: its connections with the last run of each, and its versions. */
export function showIModel({ imodel, connections, changesets }: IModelState, actions: Actions): HTMLElement {
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
    h("table", {}, h("tbody", {}, ...versionsOf(changesets).map((version) => showVersion(imodel, version, actions)))),
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
  imodel: IModel,
  { index, description, pushDateTime }: Omit<Changeset, "pushDateTime"> & { pushDateTime?: string },
  actions: Actions,
): HTMLElement {
  return h(
    "tr",
    { "data-version": index },
    h("td", {}, String(index)),
    h("td", {}, description),
    h("td", { class: "quiet" }, pushDateTime === undefined ? "" : new Date(pushDateTime).toLocaleString()),
    h("td", {}, h("button", { onclick: () => actions.download(imodel, index) }, "Download")),
  );
}

/** What the tasks of a run did, in a dialog. */
export function showReport(tasks: TaskReport[]): HTMLDialogElement {
  const dialog = h(
    "dialog",
    { class: "report", onclose: () => dialog.remove() },
    h("h2", {}, "Report"),
    ...tasks.map(showTaskReport),
    h("button", { onclick: () => dialog.close() }, "Close"),
  );
  return dialog;
}

function showTaskReport({ fileName = "", connectorType, result, error, report = {} }: TaskReport): HTMLElement {
  const { counts, skipped, elements, issues = [], notImported = [] } = report;
  return h(
    "div",
    { class: "task" },
    h("strong", {}, fileName),
    ` ${connectorType} `,
    h("span", { class: result }, result),
    error && showError(error),
    counts && h("p", {}, `Entities: ${describeCounts({ ...counts, ...(skipped && { skipped }) })}`),
    elements && h("p", {}, `Elements: ${describeCounts(elements)}`),
    listOf(issues.map(({ message }) => message)),
    notImported.length === 0 ? undefined : h("p", {}, "Not imported:"),
    listOf(notImported.map(describeNotImported)),
  );
}

function listOf(texts: string[]): HTMLElement | undefined {
  return texts.length === 0 ? undefined : h("ul", {}, ...texts.map((text) => h("li", {}, text)));
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
