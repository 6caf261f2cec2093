import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { IfcConnector } from "../src/IfcConnector.js";
import { edit, houseText } from "./house.js";
import { IfcTimeline } from "./support.js";

describe("the thread of an IFC file", () => {
  const terminate = Object.getOwnPropertyDescriptor(Worker.prototype, "terminate")!;
  let ended: number;
  beforeEach(() => {
    ended = 0;
    Object.defineProperty(Worker.prototype, "terminate", {
      ...terminate,
      value: function (this: Worker) {
        ended++;
        return (terminate.value as Worker["terminate"]).call(this);
      },
    });
  });
  afterEach(() => Object.defineProperty(Worker.prototype, "terminate", terminate));

  it("ends with a run that succeeds", async () => {
    await new IfcTimeline().sync(houseText);
    expect(ended).to.equal(1);
  });

  it("ends when the file is refused", async () => {
    await new IfcTimeline().refusal(edit(houseText, "'IFC4'", "'IFC9'"));
    expect(ended).to.equal(1);
  });

  const phases = [
    "importDomainSchema",
    "importDynamicSchema",
    "initializeJob",
    "importDefinitions",
    "updateExistingData",
  ] as const;
  for (const phase of phases)
    it(`ends when ${phase} fails`, async () => {
      const own = Object.getOwnPropertyDescriptor(IfcConnector.prototype, phase);
      Object.defineProperty(IfcConnector.prototype, phase, {
        configurable: true,
        writable: true,
        value: () => Promise.reject(new Error("broken on purpose")),
      });
      try {
        const timeline = new IfcTimeline();
        timeline.write(houseText);
        expect((await timeline.run()).error?.message).to.contain("broken on purpose");
      } finally {
        if (own === undefined) Reflect.deleteProperty(IfcConnector.prototype, phase);
        else Object.defineProperty(IfcConnector.prototype, phase, own);
      }
      expect(ended).to.equal(1);
    });
});
