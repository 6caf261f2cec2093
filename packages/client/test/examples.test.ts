import { expect } from "chai";
import { bringIn } from "../../../docs/examples/client/populate.js";
import { removeFile } from "../../../docs/examples/client/errors.js";
import { synchronize } from "../../../docs/examples/client/steps.js";
import { collect } from "../src/http/api.js";
import { ClientTest } from "./ClientTest.js";

describe("The examples of docs/client.md", function () {
  let test: ClientTest;
  before(async () => {
    test = await ClientTest.start();
  });
  after(() => test.close());

  it("bring files in, in one call", async () => {
    const { url } = test.service;
    const { clientId, clientSecret } = test.owner;
    const path = test.write("pumps.csv", "id,name\n1,Pump\n");
    const told = await bringIn({ url, clientId, clientSecret }, await test.createIModel("One"), [path]);
    expect(told).to.deep.equal(["pumps.csv: Success, 1 new, 0 changed, 0 unchanged, 0 deleted."]);
  });

  it("bring a file in, step by step, and remove it", async () => {
    const client = test.client();
    const path = test.write("steps.csv", "id,name\n1,Pump\n");
    expect(await synchronize(client, await test.createIModel("Two"), path)).to.equal("Success");
    const files = await collect(client.storage.files(await client.storage.rootFolderId(test.iTwinId)));
    const { id } = files.find(({ displayName }) => displayName === "plant.csv")!;
    expect(await removeFile(client, id)).to.equal("removed");
    expect(await removeFile(client, id)).to.equal("not there");
    expect(await removeFile(test.client({ token: "none" }), id)).to.match(/^401 /);
    const nowhere = test.client({ url: "http://127.0.0.1:1", token: "none", retries: 0 });
    expect(await removeFile(nowhere, id)).to.match(/^no answer: .* cannot be reached/);
  });
});
