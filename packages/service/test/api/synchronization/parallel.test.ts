import { expect } from "chai";
import { hasPostgres } from "../../../../../test/support/postgres.js";
import { Cluster } from "../../Cluster.js";

const requests = 100;

describe("Requests for a run that come at once to two processes of the service (needs a Postgres server)", () => {
  let cluster: Cluster;

  before(async function () {
    if (!hasPostgres) this.skip();
    cluster = await Cluster.start(2);
  });
  after(() => hasPostgres && cluster.stop());

  for (let round = 0; round < 5; round++)
    it(`start one run (${round})`, async () => {
      const { clients } = cluster;
      const iModelId = await clients[0]!.createIModel(`Plant ${round}`);
      const fileId = await clients[0]!.createFile(`plant-${round}.csv`, "id\nP-1");
      const connectionId = await clients[0]!.connect(iModelId, fileId, "CSV");

      const answers = await Promise.all(
        Array.from({ length: requests }, (_, index) => clients[index % 2]!.askForRun(connectionId)),
      );

      const counts = { 202: 0, 303: 0, 409: 0 };
      for (const { status } of answers) counts[status as keyof typeof counts]++;
      expect(counts[202], JSON.stringify(counts)).to.equal(1);
      expect(counts[303] + counts[409], JSON.stringify(counts)).to.equal(requests - 1);
      const runs = await clients[1]!.runsOf(connectionId);
      expect(runs).to.have.lengthOf(1);
      const location = answers.find(({ status }) => status === 202)!.headers.get("location")!;
      expect(location.endsWith(runs[0]!.id)).to.equal(true);
      for (const { status, headers } of answers)
        if (status === 303) expect(headers.get("location")!.endsWith(`/${runs[0]!.id}`)).to.equal(true);
    });
});
