/** How long a worker waits for what, in seconds. */
export interface WorkerTimes {
  /** So long a run stays with a worker that says nothing. */
  lease: number;
  /** As often as this a worker says that it lives, and looks whether its run is to be cancelled. */
  renewal: number;
  /** As often as this each process looks for runs that nobody cares for. */
  watch: number;
  /** Seconds between looks for runs that wait; new runs of the own process are taken at once. */
  polling: number;
  /** So long a connector may take to end when it is told to. */
  grace: number;
  /** So long a run may go on when the service closes, before it is handed on. */
  closing: number;
  /** How long a task waits before its second attempt, its third, and so on; after these there is none. */
  taskRetries: number[];
  /** How long a run waits before its next attempt after a fault of the service, for each attempt that it has had. */
  runRetry: number;
}

/** The times of a service. A run whose worker has died is taken up within half a minute. */
export const defaultTimes: WorkerTimes = {
  lease: 20,
  renewal: 5,
  watch: 5,
  polling: 1,
  grace: 10,
  closing: 30,
  taskRetries: [2, 10],
  runRetry: 5,
};
