import { expect } from "chai";
import type { Browser } from "playwright-core";
import { ColorDef, type GeometryStreamProps } from "@itwin/core-common";
import { at, box, Scene, streamOf } from "./Scene.js";
import { PageDriver } from "./PageDriver.js";
import { isGreen, isRed } from "./Picture.js";
import { makeHouse, makeTable } from "./scenes.js";
import { startBrowser } from "./startBrowser.js";

const markup = "<img src=x onerror=document.title=1>";

/** A box of a colour. */
function colored(color: ColorDef): GeometryStreamProps {
  return [{ appearance: { color: color.toJSON() } }, ...streamOf(box())];
}

/** A red box in the middle of the view, and a green one to the right of it. */
function makeBoxes(greenAt = 3, blue = false): string {
  const scene = new Scene();
  scene.add(colored(ColorDef.red), at(0, 0, 0), { userLabel: markup, federationGuid: guids[0] });
  scene.add(colored(ColorDef.green), at(greenAt, 0, 0), { userLabel: "green", federationGuid: guids[1] });
  if (blue) scene.add(colored(ColorDef.blue), at(-3, 0, 0), { userLabel: "blue", federationGuid: guids[2] });
  return scene.save();
}

const guids = [1, 2, 3].map((digit) => `0000000${digit}-0000-4000-8000-000000000000`);

describe("The page of the viewer", function () {
  let browser: Browser | undefined;
  let driver: PageDriver | undefined;

  before(async function () {
    browser = await startBrowser(this);
  });
  after(async () => browser?.close());
  afterEach(async () => {
    const opened = driver;
    driver = undefined;
    await opened?.close();
  });

  const open = async (...args: Parameters<typeof PageDriver.open> extends [Browser, ...infer Rest] ? Rest : never) =>
    (driver = await PageDriver.open(browser!, ...args));

  it("shows the properties and the source of an element that is clicked", async () => {
    const { page, details } = await open(await makeHouse());
    const { x, y, width, height } = (await page.locator("#canvas").boundingBox())!;
    await page.mouse.click(x + width / 2, y + height / 2);
    await details.waitFor();
    const text = await details.innerText();
    for (const part of ["Ifc:", "Source", "Identifier", "house.ifc", "IFC"]) expect(text).to.include(part);
  });

  it("never runs markup in names", async () => {
    const { page } = await open(makeBoxes());
    const panel = await driver!.showPanel("Search");
    await panel.getByRole("searchbox").fill("onerror");
    await panel.getByRole("button", { name: markup }).click();
    await page.getByRole("heading", { name: markup }).waitFor();
    expect(await page.title()).to.equal("scene.bim");
    expect(await page.locator("#details img").count()).to.equal(0);
  });

  it("draws elements in their colours, and hides those of a category that is switched off", async () => {
    const { page } = await open(makeBoxes());
    await driver!.lookFrom("front");
    const before = await driver!.picture();
    expect(before.share(isRed)).to.be.greaterThan(0.01);
    expect(before.share(isGreen)).to.be.closeTo(before.share(isRed), 0.01);
    await page.goto(driver!.url);
    await page.waitForSelector("body[data-state=ready]");
    await page.getByRole("checkbox", { name: "Things" }).uncheck();
    const after = await driver!.picture();
    expect(after.share(isRed) + after.share(isGreen)).to.equal(0);
    expect(await page.locator("#status").innerText()).to.equal("2 elements are hidden.");
    await page.getByRole("button", { name: "Show all" }).click();
    expect((await driver!.picture()).share(isRed)).to.be.greaterThan(0.001);
  });

  it("isolates, hides and draws transparent what is selected, also by the keyboard @all", async () => {
    const { page } = await open(makeBoxes());
    const panel = await driver!.showPanel("Search");
    await panel.getByRole("searchbox").fill("green");
    await panel.getByRole("button", { name: "green", exact: true }).click();
    await page.getByRole("heading", { name: "green" }).waitFor();
    await page.locator("#canvas").focus();
    await page.keyboard.press("i");
    expect((await driver!.picture()).share(isRed)).to.equal(0);
    await page.keyboard.press("a");
    await page.keyboard.press("h");
    expect((await driver!.picture()).share(isGreen)).to.equal(0);
    await page.keyboard.press("Escape");
    expect(await driver!.details.isVisible()).to.equal(false);
  });

  it("is ready when no tile is asked for any more @all", async () => {
    const scene = new Scene();
    for (let index = 0; index < 3000; index++)
      scene.add(streamOf(box(index % 7 === 0 ? 9 : 1)), at((index % 60) * 10, Math.floor(index / 60) * 10, 0));
    const { page } = await open(scene.save());
    const late: string[] = [];
    page.on("request", (request) => late.push(request.url()));
    await page.waitForTimeout(1500);
    expect(late).to.deep.equal([]);
  });

  it("measures the distance between two points @all", async () => {
    const { page } = await open(makeBoxes());
    await page.getByLabel("View from").selectOption("front");
    await page.getByRole("button", { name: "Measure" }).click();
    const { x, y, width, height } = (await page.locator("#canvas").boundingBox())!;
    const picture = await driver!.picture();
    for (const color of [isRed, isGreen]) {
      const center = picture.center(color);
      await page.mouse.click(x + center.x * width, y + center.y * height);
    }
    // The sides of the boxes are seen as well, so the middles of the colours are a little nearer to each other.
    expect(Number.parseFloat(await page.locator("#status").innerText())).to.be.closeTo(3, 0.25);
  });

  it("shows a table of a class, sorted and filtered, whose rows lead to the elements", async () => {
    const { page } = await open(await makeTable("tag,mass\nA,3\nB,1\nC,2\n", { idColumn: "tag" }));
    const panel = await driver!.showPanel("Table");
    await panel.getByRole("button", { name: "mass" }).click();
    await panel.getByRole("button", { name: "mass ▲" }).waitFor();
    const rows = panel.locator("tbody tr");
    await rows.nth(2).waitFor();
    expect(await rows.first().innerText()).to.include("B");
    await panel.getByRole("searchbox").fill("A");
    await page.getByText("1 to 1 of 1").waitFor();
    await rows.first().click();
    await driver!.details.getByText("parts.csv").first().waitFor();
  });

  it("runs ECSQL, completes names, and says what is wrong with a query @all", async () => {
    const { page } = await open(makeBoxes());
    const panel = await driver!.showPanel("ECSQL");
    await panel.getByRole("textbox").fill("SELECT ECInstanceId, UserLabel FROM bis.PhysicalElement");
    await panel.getByRole("button", { name: "Run" }).click();
    await panel.getByText("2 rows").waitFor();
    await panel.locator("tbody tr").nth(1).click();
    await page.getByRole("heading", { name: "green" }).waitFor();
    driver!.expectStatus(422);
    await panel.getByRole("textbox").fill("SELECT nothing FROM bis.PhysicalElement");
    await panel.getByRole("textbox").press("Control+Enter");
    await panel.getByRole("alert").waitFor();
    expect(await panel.getByRole("alert").innerText()).to.include("nothing");
    await panel.getByRole("textbox").fill("SELECT * FROM BisCore.PhysicalEl");
    await panel.getByRole("button", { name: "BisCore.PhysicalElement", exact: true }).click();
    expect(await panel.getByRole("textbox").inputValue()).to.equal("SELECT * FROM BisCore.PhysicalElement");
  });

  it("cuts the model with a section box @all", async () => {
    const { page } = await open(makeBoxes());
    await page.getByRole("button", { name: "Section" }).click();
    await page.getByLabel("x to").fill("400");
    const colors = await driver!.picture();
    expect(colors.share(isGreen)).to.equal(0);
    expect(colors.share(isRed)).to.be.greaterThan(0.001);
  });

  it("shows what changed, and draws what is gone from the earlier iModel", async () => {
    const [before, after] = [makeBoxes(3, true), makeBoxes(5)];
    await open(after, { before, nameBefore: "before.bim" });
    const panel = await driver!.showPanel("Changes");
    for (const text of ["~ Changed 1", "− Deleted 1", "+ New 0"])
      await panel.getByRole("button", { name: text }).waitFor();
    const item = panel.getByRole("listitem").filter({ hasText: "green" });
    expect(await item.innerText())
      .to.include("Origin.X")
      .and.to.include("3")
      .and.to.include("5");
    const all = await driver!.picture();
    expect(all.share(isRed), "the deleted one, with stripes").to.be.greaterThan(0.0003);
    await panel.getByRole("button", { name: "− Deleted 1" }).click();
    expect((await driver!.picture()).share(isRed)).to.equal(0);
  });

  it("shows the tables of an iModel without graphics", async () => {
    const { page } = await open(await makeTable("tag\nA\n", { idColumn: "tag" }));
    expect(await page.locator("#status").innerText()).to.include("The iModel has no graphics.");
  });

  it("says that an iModel has no graphics if all of its geometry is damaged, or in drawings @all", async () => {
    const [damaged, flat] = [new Scene(), new Scene()];
    damaged.addDamaged();
    flat.addDrawing("Plan", streamOf(box()));
    for (const scene of [damaged, flat]) {
      await open(scene.save());
      expect(await driver!.page.locator("#status").innerText()).to.include("The iModel has no graphics.");
      await driver!.close();
    }
    driver = undefined;
  });

  it("is usable in the width of a phone", async () => {
    const { page } = await open(makeBoxes());
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).to.be.at.most(390);
    expect((await page.locator("#canvas").boundingBox())!.height).to.be.greaterThan(200);
  });

  it("says that the command has ended @all", async () => {
    const opened = await PageDriver.open(browser!, makeBoxes());
    const panel = await opened.showPanel("Search");
    await opened.stopServer();
    await panel.getByRole("searchbox").fill("x");
    await opened.page.getByRole("alert").filter({ hasText: "still running" }).waitFor();
    await opened.page.close();
  });
});
