import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";
import { openPage } from "./startBrowser.js";

/** How many pixels of a picture have which colour. */
export interface Colors {
  red: number;
  green: number;
  yellow: number;
}

/** Runs in the page, for which the tests have no types. Draws three pictures first. */
const countColors = `(async () => {
  for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
  const canvas = document.getElementById("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const found = { red: 0, green: 0, yellow: 0 };
  for (let place = 0; place < data.length; place += 4) {
    const [red, green, blue] = data.slice(place, place + 3);
    if (red > 2 * green && red > 2 * blue) found.red++;
    else if (green > 1.2 * red && green > 1.2 * blue) found.green++;
    else if (red > 2 * blue && green > 2 * blue) found.yellow++;
  }
  return found;
})()`;

const addScript = `new Promise((resolve) => {
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective));
  const script = document.createElement("script");
  script.textContent = "alert(3)";
  document.body.append(script);
})`;

/** A report that is open in the browser, from the disk. */
export class ReportPage {
  /** What the page complained about, and what it asked the network for. */
  public readonly problems: string[] = [];

  private constructor(public readonly page: Page) {
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.problems.push(message.text()));
    page.on("dialog", (dialog) => this.problems.push(dialog.message()));
    page.on("request", (request) => {
      if (/^https?:/.test(request.url())) this.problems.push(request.url());
    });
  }

  public static async open(browser: Browser, path: string): Promise<ReportPage> {
    const report = new ReportPage(await openPage(browser, { viewport: { width: 1000, height: 600 } }));
    await report.page.goto(pathToFileURL(path).href);
    await report.page.waitForSelector("body:not([data-state=loading])");
    return report;
  }

  /** Shows a panel. */
  public async panel(name: string): Promise<Locator> {
    await this.page.getByRole("tab", { name }).click();
    return this.page.getByRole("tabpanel", { name });
  }

  public get details(): Locator {
    return this.page.locator("#details");
  }

  /** Counts the pixels of the model by their colours, when the next picture is drawn. */
  public async colors(): Promise<Colors> {
    return this.page.evaluate(countColors);
  }

  /** Adds a script to the page. @returns which rule of the page has refused it */
  public async addScript(): Promise<string> {
    const refused: string = await this.page.evaluate(addScript);
    this.problems.length = 0; // the browser has reported it
    return refused;
  }

  public async close(): Promise<void> {
    await this.page.close();
    expect(this.problems).to.deep.equal([]);
  }
}
