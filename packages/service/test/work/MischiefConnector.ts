import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import {
  ConnectorError,
  ConnectorJobDefArgs,
  type NotImportedReport,
  type RejectedItem,
} from "itwin-connector-framework";
import KitConnector from "../../../../test/kit/KitConnector.js";
import { readKit, type KitSource } from "../../../../test/kit/kitSource.js";

/** What the connector does to its process, or to whoever waits for it. */
export type Mischief =
  | "exit"
  | "segfault"
  | "heap"
  | "memory"
  | "loop"
  | "hang"
  | "wait"
  | "stray"
  | "chatter"
  | "binary"
  | "retriable"
  | "environment"
  | "settings";

/** A kit whose connector misbehaves. */
export interface MischievousKit extends KitSource {
  mischief?: Mischief;
  /** A file that gets a line for each time the connector is called. */
  diary?: string;
  /** What the connector reports as not imported. */
  leftOut?: NotImportedReport[];
  /** What the connector skips. */
  skipped?: RejectedItem[];
  /** Goes on when this file is there. */
  until?: string;
}

type Deed = (kit: MischievousKit, args: ConnectorJobDefArgs) => Promise<void> | void;

const deeds: Record<Mischief, Deed> = {
  exit: () => process.exit(3),
  segfault: () => void process.kill(process.pid, "SIGSEGV"),
  heap: () => {
    const kept: string[][] = [];
    for (;;) kept.push(new Array<string>(100_000).fill("x"));
  },
  memory: async () => {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(50 * 1024 ** 2, 1));
      await delay(20);
    }
  },
  loop: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), // as a loop, without heating a core
  hang: () => new Promise<void>(() => {}),
  wait: async ({ until = "" }) => {
    while (!existsSync(until)) await delay(50);
  },
  stray: async () => {
    setTimeout(() => {
      throw new Error("nobody catches this");
    });
    await delay(10_000);
  },
  chatter: () => {
    for (let line = 0; line < 2000; line++) console.log("a".repeat(5000));
  },
  binary: () => {
    throw new ConnectorError("kit/binary", "read \0 and \ud800 where a number should be", {
      source: { file: "kit.json", line: 7 },
      advice: "Look at the line.",
    });
  },
  retriable: () => {
    throw new ConnectorError("kit/busy", "somebody else is reading", { recovery: "retriable" });
  },
  environment: () => {
    throw new ConnectorError("kit/environment", `DATABASE_URL is ${process.env.DATABASE_URL}`);
  },
  settings: (_, { settings }) => {
    throw new ConnectorError("kit/settings", JSON.stringify(settings));
  },
};

/** The connector of kits, for tests of what a connector can do to the service. */
export default class MischiefConnector extends KitConnector {
  private _kit: MischievousKit = {};
  private _args = new ConnectorJobDefArgs();

  public override initialize(params: ConnectorJobDefArgs): void {
    super.initialize(params);
    this._args = params;
  }

  public override async openSourceData(sourcePath: string): Promise<void> {
    this._kit = readKit(sourcePath);
    if (this._kit.diary !== undefined) appendFileSync(this._kit.diary, `${process.pid}\n`);
    await super.openSourceData(sourcePath);
  }

  public override async updateExistingData(): Promise<void> {
    await super.updateExistingData();
    for (const report of this._kit.leftOut ?? []) this.reportNotImported(report);
    for (const item of this._kit.skipped ?? []) this.synchronizer.statistics.reject(item);
    if (this._kit.mischief !== undefined) await deeds[this._kit.mischief](this._kit, this._args);
  }
}
