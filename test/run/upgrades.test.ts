import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { upgradeFile } from "../../src/imodel/native.js";
import { BankTimeline } from "../bank/BankTimeline.js";
import { KitTimeline } from "../kit/KitTimeline.js";
import { execute, open } from "../support/sqlite.js";
import { temporaryFolder } from "../support/temporary.js";

const older = [
  "UPDATE ec_Schema SET VersionDigit3=VersionDigit3-1 WHERE Name='BisCore'",
  `UPDATE be_Prop SET StrData=replace(StrData, '"sub2":7', '"sub2":6') WHERE Namespace='dgn_Db' AND Name='SchemaVersion'`,
];

/** Versions of the file format and of BisCore, the last parts of them. */
function versionsOf(path: string): [profile: number, bisCore: number] {
  const db = open(path);
  const read = (sql: string) =>
    db.withSqliteStatement(sql, (statement) => {
      statement.step();
      return statement.getValueString(0);
    });
  const profile = read("SELECT StrData FROM be_Prop WHERE Namespace='dgn_Db' AND Name='SchemaVersion'");
  const bisCore = Number(read("SELECT VersionDigit3 FROM ec_Schema WHERE Name='BisCore'"));
  db.closeDb(false);
  return [(JSON.parse(profile) as { sub2: number }).sub2, bisCore];
}

describe("An iModel of an older version", () => {
  for (const isSnapshot of [true, false])
    for (const [updateDbProfile, updateDomainSchemas] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as [boolean, boolean][])
      it(`as a ${isSnapshot ? "snapshot" : "standalone iModel"} is upgraded as allowed: ${updateDbProfile}, ${updateDomainSchemas}`, async () => {
        const timeline = new KitTimeline({ isSnapshot });
        timeline.write({ categories: ["Steel"] });
        await timeline.resync();
        const [profile, bisCore] = versionsOf(timeline.iModelPath);
        execute(timeline.iModelPath, older);
        await timeline.resync({}, { updateDbProfile, updateDomainSchemas });
        expect(versionsOf(timeline.iModelPath)).to.deep.equal([
          profile - (updateDbProfile ? 0 : 1),
          bisCore - (updateDomainSchemas ? 0 : 1),
        ]);
      });

  it("is all that may fail to be upgraded: what cannot be read at all is an error", () => {
    const path = join(temporaryFolder(), "no.bim");
    writeFileSync(path, "no iModel".repeat(1000));
    expect(() => upgradeFile(path, { profile: true, domain: true })).to.throw("BE_SQLITE_NOTADB");
  });

  it("in a bank is upgraded with the push of the run", async () => {
    const timeline = new BankTimeline();
    timeline.kit.write({ categories: ["Steel"] });
    const seed = join(timeline.kit.folder, "out", "kit.bim");
    await timeline.kit.resync();
    const [profile, bisCore] = versionsOf(seed);
    execute(seed, older);
    await timeline.hub.createNewIModel({ iTwinId: timeline.bank.iTwinId, iModelName: "kit", version0: seed });
    const kept = await timeline.sync({}, { updateDbProfile: false, updateDomainSchemas: false });
    expect(kept.version).to.include({ isPushed: false });
    const { version } = await timeline.sync();
    expect(version).to.include({ changesetIndex: 1, isPushed: true });
    expect(versionsOf(await timeline.checkOut())).to.deep.equal([profile, bisCore]);
    expect((await timeline.sync()).version).to.include({ isPushed: false });
  });
});
