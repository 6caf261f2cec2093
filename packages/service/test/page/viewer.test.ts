import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";
import { kitModule } from "../../../../test/kit/KitTimeline.js";
import { openPage, startBrowser } from "../../../viewer/test/startBrowser.js";
import { ServedIModel } from "../endToEnd/ServedIModel.js";
import { TestService } from "../TestService.js";

describe("The viewer in the page of the service", function () {
  let test: TestService;
  let browser: Browser | undefined;
  let page: Page;
  const problems: string[] = [];

  before(async function () {
    browser = await startBrowser(this);
    test = await TestService.start({
      connectors: { KIT: { module: kitModule } },
      clients: [{ id: "tester", secret: "secret" }],
    });
    const served = await ServedIModel.create(test, "Plant");
    const parts = [part("a", 1), part("b", 1), part("b", 3)];
    const fileId = await served.addFile("kit.json", kit(parts));
    const connection = await served.connect([{ storageFileId: fileId, connectorType: "KIT" }]);
    await served.run(connection);
    await served.replaceFile(fileId, kit([part("a", 2), part("c", 1), part("c", 3)]));
    await served.run(connection);
  });
  after(async () => {
    if (browser === undefined) return; // skipped
    await browser.close();
    await test.close();
  });

  beforeEach(async () => {
    page = await openPage(browser!, { viewport: { width: 1000, height: 600 } });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(test.url);
    await page.getByLabel("Client id").fill("tester");
    await page.getByLabel("Client secret").fill("secret");
    await page.getByRole("button", { name: "Sign in" }).click();
  });
  afterEach(async () => {
    await page.close();
    expect(problems.splice(0)).to.deep.equal([]);
  });

  const version = (index: number): Locator => page.locator(`[data-version="${index}"]`);

  async function follow(link: Locator): Promise<void> {
    await link.click();
    await page.waitForSelector("body[data-state=ready]");
  }

  it("shows a version, and the source of an element of it @all", async () => {
    await follow(version(1).getByRole("link", { name: "View" }));
    expect(await page.title()).to.equal("Plant, version 1");
    await page.getByRole("tab", { name: "Search" }).click();
    await page.getByRole("searchbox").fill("b");
    await page.getByRole("tabpanel", { name: "Search" }).getByRole("button").nth(1).waitFor();
    const canvas = (await page.locator("#canvas").boundingBox())!;
    await page.mouse.click(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2);
    await page.locator("#details").getByText("kit.json").first().waitFor();
  });

  it("shows what a version changed, and leads to the next one", async () => {
    await follow(version(2).getByRole("link", { name: "What it changed" }));
    const changes = page.getByRole("tabpanel", { name: "Changes" });
    for (const kind of [/new/i, /changed/i, /deleted/i]) await changes.getByText(kind).first().waitFor();
    await page.getByRole("tab", { name: "Versions" }).click();
    await page.getByRole("button", { name: "← Step back" }).click();
    await page.waitForURL(/from=0&to=1|to=1&from=0/);
    await page.waitForSelector("body[data-state=ready]");
    expect(await page.title()).to.equal("Plant, version 1");
  });

  it("shows what a run changed, and the element of an issue @all", async () => {
    await page.getByRole("button", { name: "Report" }).click();
    const report = page.getByRole("dialog");
    await report.getByRole("link", { name: "Show what the run changed" }).waitFor();
    await follow(report.getByRole("link", { name: "Show the element", exact: true }));
    await page.locator("#details").getByText("kit.json").first().waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Report" }).click();
    await follow(page.getByRole("link", { name: "Show what the run changed" }));
    expect(new URL(page.url()).search).to.match(/from=1/);
  });
});

function part(id: string, size: number): object {
  return { id, size };
}

function kit(parts: object[]): string {
  return JSON.stringify({ categories: ["Kit"], parts });
}
