import type { ServiceContext } from "../ServiceContext.js";
import type { BossQueue } from "./BossQueue.js";

/** What workers need of a service. */
export type WorkerContext = Pick<ServiceContext, "config" | "db" | "metrics" | "log"> & { queue: BossQueue };
