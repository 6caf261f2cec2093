import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { chromium, type Browser, type Page } from "playwright-core";
import { kitModule } from "../../../../test/kit/KitTimeline.js";
import { populate } from "../populate.js";
import { TestService } from "../TestService.js";
import { openPage } from "../../../viewer/test/startBrowser.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe("The page of the service", () => {
  let test: TestService;
  let browser: Browser | undefined;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    if (executablePath === undefined) {
      console.log("Skipped: the tests of the page need Chromium.");
      this.skip();
    }
    test = await TestService.start({
      connectors: { KIT: { module: kitModule } },
      clients: [{ id: "tester", secret: "secret" }],
    });
    browser = await chromium.launch({ executablePath, args: flags });
  });
  after(async () => {
    if (browser === undefined) return; // skipped
    await browser.close();
    await test.close();
  });

  beforeEach(async () => {
    page = await openPage(browser!);
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  });
  afterEach(async () => {
    await page.close();
    expect(problems.splice(0)).to.deep.equal([]);
  });

  const signIn = async () => {
    await page.goto(test.url);
    await page.getByLabel("Client id").fill("tester");
    await page.getByLabel("Client secret").fill("secret");
    await page.getByRole("button", { name: "Sign in" }).click();
  };

  it("asks who it is before it shows anything", async () => {
    await page.goto(test.url);
    expect(await page.getByRole("button", { name: "Sign in" }).isVisible()).to.equal(true);
    await page.getByLabel("Client id").fill("tester");
    await page.getByLabel("Client secret").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The client id or its secret is wrong.").waitFor();
    problems.splice(0); // the browser notes the status 401
  });

  it("shows a run as it goes, its report, and gives every version to download", async () => {
    const { iModelId, connectionId } = await populate(test, "KIT", "kit.json", kit("a", "b"));
    await signIn();
    const imodel = page.locator(`[data-imodel="${iModelId}"]`);
    const connection = imodel.locator(`[data-connection="${connectionId}"]`);
    await connection.getByText("never").waitFor();
    expect(await imodel.locator("[data-version]").count()).to.equal(1);

    await connection.getByRole("button", { name: "Run" }).click();
    await connection.getByText("kit.json: Success").waitFor();
    await imodel.locator('[data-version="1"]').waitFor();

    await connection.getByRole("button", { name: "Report" }).click();
    const report = page.getByRole("dialog");
    await report.getByText(/[1-9] new/).waitFor();
    await report.getByRole("button", { name: "Close" }).click();

    const download = page.waitForEvent("download");
    await imodel.locator('[data-version="1"]').getByRole("button", { name: "Download" }).click();
    const path = await (await download).path();
    expect(readFileSync(path).subarray(0, 15).toString()).to.equal("SQLite format 3");
  });

  it("shows what failed, and with which advice", async () => {
    const { connectionId } = await populate(test, "NWD", "plant.nwd", "x");
    await signIn();
    const connection = page.locator(`[data-connection="${connectionId}"]`);
    await connection.getByRole("button", { name: "Run" }).click();
    await connection.getByText("plant.nwd: Error").waitFor();
    await connection.getByRole("button", { name: "Report" }).click();
    await page.getByRole("dialog").getByText("service/unknown-connector-type").waitFor();
  });

  it("takes names for text, not for HTML", async () => {
    const name = `<img src=x onerror="document.title='taken'">`;
    await test.request("POST", "/imodels", { iTwinId: test.iTwinId, name });
    await signIn();
    await page.getByText(name).waitFor();
    expect(await page.title()).to.equal("Synchronization");
  });
});

function kit(...ids: string[]): string {
  return JSON.stringify({ categories: ["Kit"], parts: ids.map((id) => ({ id })) });
}
