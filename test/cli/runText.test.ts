import { expect } from "chai";
import { exitCodeOf, finalStatus } from "../../src/cli/populate/runText.js";
import { outcomesOf, type RunOutcome } from "../../packages/client/src/outcomes.js";
import type { ExecutionResult, Run, Task } from "../../packages/client/src/types.js";

const outcome = (result: ExecutionResult, more: Partial<RunOutcome> = {}): RunOutcome => ({
  runUrl: "http://x/run",
  isNewRun: true,
  result,
  files: [],
  ...more,
});

const task = (more: Partial<Task>): Task => ({
  id: "t",
  retryAttempts: 0,
  state: "Completed",
  result: "Error",
  storageFileId: "f",
  ...more,
});

const runOf = (...tasks: Task[]): Run => ({
  id: "r",
  state: "Completed",
  result: "Error",
  jobs: [{ id: "j", state: "Completed", result: "Error", connectorType: "IFC", tasks }],
});

describe("What is said of a run", () => {
  it("is an exit code for each result", () => {
    const results = ["Success", "PartialSuccess", "Error", "Skipped", "Cancelled", "TimedOut", "Undetermined"] as const;
    expect(results.map((result) => exitCodeOf(outcome(result)))).to.deep.equal([0, 3, 4, 5, 6, 7, 0]);
    expect(exitCodeOf(outcome("Undetermined", { isNewRun: false })), "another run goes on").to.equal(8);
    expect(exitCodeOf(outcome("Something" as ExecutionResult)), "a result that nobody knows").to.equal(4);
  });

  it("has the error of a file, with place and advice, as services of this framework tell them", () => {
    const error = {
      errorCode: "csv/x",
      message: "It is cut.",
      details: "a.csv, line 2: Fix it.",
      description: "Fix it.",
    };
    const run = runOf(task({ error }));
    const files = outcomesOf([{ id: "f", name: "a.csv", connectorType: "SHELLEDWCSV" }], run);
    const lines = finalStatus(outcome("Error", { files, run })).split("\n");
    expect(lines.slice(-3)).to.deep.equal([
      "a.csv: error [csv/x] a.csv, line 2: It is cut.",
      "  Fix it.",
      "Error: http://x/run",
    ]);
  });

  it("ends with the URL of the run only if the service goes on", () => {
    expect(finalStatus(outcome("Error"), true).split("\n").at(-1)).to.equal("Error");
    expect(finalStatus(outcome("Error")).split("\n").at(-1)).to.equal("Error: http://x/run");
  });

  it("has the error of a file as the platform tells it, which may be little", () => {
    const files = outcomesOf([{ id: "f", name: "a.ifc", connectorType: "IFC" }], runOf(task({ error: {} })));
    expect(finalStatus(outcome("Error", { files }))).to.contain("\na.ifc: error it failed\n");
  });

  it("has the error of the run, which may come before that of any file", () => {
    const error = { errorKey: "UserNotAuthenticated", description: "The user has to consent." };
    const run = { ...runOf(), error };
    const files = outcomesOf([{ id: "f", name: "a.ifc", connectorType: "IFC" }], run);
    const text = finalStatus(outcome("Error", { files, run }));
    expect(text).to.contain("Undetermined").and.to.contain("error [UserNotAuthenticated] The user has to consent.");
  });
});
