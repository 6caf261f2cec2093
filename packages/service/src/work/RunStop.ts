import type { ExecutionResult } from "../platform/database/columns/RunState.js";
import type { AbortOrder } from "./process/ConnectorProcess.js";

/** Why a run is stopped before its end. */
export type StopKind = "cancelled" | "timedOut" | "leaseLost" | "closing";

/** How a kind is called: as the code of a `ConnectorError`, in a sentence, and as a result where the run is over with it. */
const kinds: Record<StopKind, { code: string; message: string; result?: ExecutionResult }> = {
  cancelled: { code: "service/cancelled", message: "The run was cancelled.", result: "Cancelled" },
  timedOut: { code: "service/timed-out", message: "The run took longer than it may.", result: "TimedOut" },
  leaseLost: { code: "service/lease-lost", message: "The worker has lost the run to another one." },
  closing: { code: "service/closing", message: "The service is closing." },
};

/** The order to stop a run. */
export class RunStop extends Error implements AbortOrder {
  public constructor(public readonly kind: StopKind) {
    super(kinds[kind].message);
    this.name = "RunStop";
  }

  /** As the code of a `ConnectorError`. */
  public get code(): string {
    return kinds[this.kind].code;
  }

  /** Whether nothing more may be done. */
  public get isUrgent(): boolean {
    return this.kind === "leaseLost";
  }

  /** What the rest of the run comes to; undefined where the run is not over, but goes on elsewhere. */
  public get result(): ExecutionResult | undefined {
    return kinds[this.kind].result;
  }
}
