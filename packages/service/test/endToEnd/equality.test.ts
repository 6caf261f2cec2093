import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BentleyStatus } from "@itwin/core-bentley";
import { expect } from "chai";
import {
  compareIModels,
  ConnectorJobDefArgs,
  ConnectorRunner,
  IModelBankArgs,
  type IModelComparison,
} from "itwin-connector-framework";
import { IModelBank } from "../../../../src/bank/IModelBank.js";
import { BankedIModel } from "../../../../src/imodel/BankedIModel.js";
import { checkOutVersion } from "../../../../src/cli/bank/checkoutCommand.js";
import { fromLongId } from "../../src/platform/ids.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { TestService } from "../TestService.js";
import { connectors, repositoryFile, ServedIModel, tasksOf, type ShownRun } from "./ServedIModel.js";

/** A sample of a connector: what its state `2-changed` changes in the iModel. */
interface Sample {
  connectorType: keyof typeof connectors;
  /** Path of the file, for each state. */
  file: (state: "1-first" | "2-changed") => string;
  changes: Record<string, string[]>;
}

const sampleOf = (name: string, file: string) => (state: string) =>
  repositoryFile(`connectors/${name}/sample/${state}/${file}`);

const samples: Sample[] = [
  {
    connectorType: "SHELLEDWCSV",
    file: sampleOf("csv", "plant.csv"),
    changes: { 'Plant "HV-1003"': ["weight_kg"] },
  },
  {
    connectorType: "PSEXCEL",
    file: sampleOf("xlsx", "plant.xlsx"),
    changes: { 'Pumps "P-102"': ["Spare"] },
  },
  {
    connectorType: "IFC",
    file: sampleOf("ifc", "house.ifc"),
    changes: {
      'IfcRoot "0E6PCT$piBx9ocXoNPTEvM"': [
        "BBoxHigh.Z",
        "geometry[2]",
        "BBoxLow.Z",
        "Ifc:Qto_WallBaseQuantities.GrossSideArea",
      ],
    },
  },
];

/** An iModel in a bank, which runs of the framework develop without a service. */
class BankedPlant {
  public readonly bank = join(temporaryFolder(), "bank");
  private readonly _cacheDirectory = temporaryFolder();

  private constructor(private readonly _sample: Sample) {}

  public static async create(sample: Sample): Promise<BankedPlant> {
    const plant = new BankedPlant(sample);
    await BankedIModel.create(IModelBank.create(plant.bank), sample.connectorType);
    return plant;
  }

  /** Brings in a copy of a document of a service. */
  public async run(sourcePath: string, storageFileId: string): Promise<void> {
    const { connectorType } = this._sample;
    const { module: connectorModule, ...args } = connectors[connectorType];
    const documentGuid = fromLongId(storageFileId)!.itemId;
    const runner = new ConnectorRunner(
      Object.assign(new ConnectorJobDefArgs(), { connectorModule, ...args, sourcePath, documentGuid }),
      Object.assign(new IModelBankArgs(), { url: this.bank, iModelName: connectorType }),
      { documentName: basename(sourcePath), cacheDirectory: this._cacheDirectory },
    );
    expect(await runner.synchronize(), String(runner.result.error?.stack)).to.equal(BentleyStatus.SUCCESS);
  }

  /** The latest version, as a snapshot. */
  public async checkOut(): Promise<string> {
    const file = join(temporaryFolder(), "plant.bim");
    await checkOutVersion({ bank: this.bank, imodel: this._sample.connectorType, file });
    return file;
  }
}

/** What differs, but for the states that items were met in: the properties of changed elements. */
function changesIn({ elements, ...others }: IModelComparison): Record<string, string[]> {
  expect([...elements.onlyInA, ...elements.onlyInB, ...others.iModel, ...others.schemas]).to.deep.equal([]);
  const changed = elements.changed.map(({ label, properties }): [string, string[]] => {
    const names = properties.map(({ property }) => property);
    return [label, names.filter((name) => !/ExternalSourceAspect.*Checksum$/.test(name))];
  });
  return Object.fromEntries(changed.filter(([, names]) => names.length > 0));
}

function messageOf(run: ShownRun): string {
  expect(run.result, JSON.stringify(run.jobs)).to.equal("Success");
  return tasksOf(run)[0]!.details!.synchronizationReport.message;
}

async function expectEqual(a: string, b: string): Promise<void> {
  const comparison = await compareIModels(a, b);
  expect(comparison.isEqual, JSON.stringify(comparison)).to.equal(true);
}

describe("An iModel that the service makes @all", () => {
  let test: TestService;
  before(async () => (test = await TestService.start({ connectors })));
  after(() => test.close());

  for (const sample of samples) {
    const { connectorType, file, changes } = sample;
    const name = basename(file("1-first"));
    describe(`of ${name}`, () => {
      let imodel: ServedIModel;
      let plant: BankedPlant;
      let storageFileId: string;
      let connection: string;
      /** The first version. */
      let first: string;

      it("equals the one that the runner makes in a bank", async () => {
        imodel = await ServedIModel.create(test, connectorType);
        storageFileId = await imodel.addFile(name, readFileSync(file("1-first")));
        connection = await imodel.connect([{ storageFileId, connectorType }]);
        expect(messageOf(await imodel.run(connection))).to.match(/^\d+ new, 0 changed, 0 unchanged, 0 deleted\.$/);
        plant = await BankedPlant.create(sample);
        await plant.run(file("1-first"), storageFileId);
        first = await imodel.download();
        await expectEqual(first, await plant.checkOut());
      });

      it("stays as it is, without another version, when nothing has changed", async () => {
        const before = await imodel.publishedBy();
        expect(messageOf(await imodel.run(connection))).to.equal("The file is unchanged.");
        expect(await imodel.publishedBy()).to.deep.equal(before);
      });

      it("changes where the file has changed, and nowhere else", async () => {
        await imodel.replaceFile(storageFileId, readFileSync(file("2-changed")));
        expect(messageOf(await imodel.run(connection))).to.match(/^0 new, 1 changed, \d+ unchanged, 0 deleted\.$/);
        const latest = await imodel.download();
        expect(changesIn(await compareIModels(first, latest))).to.deep.equal(changes);
        await plant.run(file("2-changed"), storageFileId);
        await expectEqual(latest, await plant.checkOut());
      });
    });
  }
});
