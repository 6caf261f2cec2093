import * as framework from "itwin-connector-framework";
import { expect } from "chai";

/** The required names and values of the API; the API report holds the signatures. */
describe("The public API", () => {
  const { ConnectorJobDefArgs, ConnectorLoggerCategory, ConnectorRunner, ITwinConnector, ItemState, Synchronizer } =
    framework;

  it("has the enum values", () => {
    expect(ItemState).to.include({ Unchanged: 0, New: 1, Changed: 2 });
    expect(ConnectorLoggerCategory.Framework).to.equal("itwin-connector.Framework");
  });

  const members: [target: object, names: string[]][] = [
    [ConnectorRunner, ["fromArgs"]],
    [ConnectorRunner.prototype, ["getCacheDirectory", "synchronize"]],
    [
      ITwinConnector.prototype,
      ["getJobSubjectName", "jobSubject", "onOpenIModel", "supportsMultipleFilesPerChannel", "synchronizer"],
    ],
    [
      Synchronizer.prototype,
      [
        "detectChanges",
        "detectDeletedElements",
        "insertResultsIntoIModel",
        "onElementSeen",
        "recordDocument",
        "setExternalSourceAspect",
        "updateIModel",
        "updateResultsInIModel",
      ],
    ],
  ];
  for (const [target, names] of members)
    for (const name of names)
      it(`has ${name}`, () => {
        expect(Object.getOwnPropertyDescriptor(target, name)).not.to.equal(undefined);
      });

  it("has the arguments of a job, and of servers and banks", () => {
    expect(new ConnectorJobDefArgs()).to.include({ allDocsProcessed: false, doDetectDeletedElements: true });
    expect(new framework.ServerArgs()).to.be.an("object");
    expect(new framework.IModelBankArgs()).to.have.property("url");
  });

  it("names a job after the connector and the source", () => {
    const connector = Object.create(ITwinConnector.prototype) as framework.ITwinConnector;
    connector.getConnectorName = () => "Kit";
    expect(connector.getJobSubjectName("/a/kit.json")).to.equal("Kit:/a/kit.json");
    expect(connector.supportsMultipleFilesPerChannel()).to.equal(false);
  });
});
