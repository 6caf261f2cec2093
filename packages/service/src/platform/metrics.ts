import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the service counts, for Prometheus. */
export class Metrics {
  public readonly registry = new Registry();
  /** Answers, by operation and status. */
  public readonly requests = new Histogram({
    name: "http_request_seconds",
    help: "How long requests took, by operation and status.",
    labelNames: ["operation", "status"],
    buckets: [0.005, 0.02, 0.05, 0.2, 1, 5, 30],
    registers: [this.registry],
  });
  /** Runs that ended, by result. */
  public readonly runs = new Counter({
    name: "runs_total",
    help: "Runs that ended in this process, by result.",
    labelNames: ["result"],
    registers: [this.registry],
  });
  /** Runs that this process executes at the moment. */
  public readonly executing = new Gauge({
    name: "runs_executing",
    help: "Runs that this process executes.",
    registers: [this.registry],
  });
  /** Bytes that were uploaded through the service. */
  public readonly uploadedBytes = new Counter({
    name: "uploaded_bytes_total",
    help: "Bytes that were uploaded through this process.",
    registers: [this.registry],
  });

  public constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
