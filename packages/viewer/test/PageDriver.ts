import { expect } from "chai";
import { viewIModel, type IModelServer, type ViewOptions } from "itwin-connector-viewer";
import type { Browser, Locator, Page } from "playwright-core";
import { PNG } from "pngjs";
import { Picture } from "./Picture.js";
import { openPage } from "./startBrowser.js";

/** A page that shows an iModel. Whatever the page complains about fails the test, when it is closed. */
export class PageDriver {
  private readonly _problems: string[] = [];
  private readonly _expected: string[] = [];

  private constructor(
    public readonly page: Page,
    private readonly _server: IModelServer,
  ) {
    page.on("pageerror", (error) => this._problems.push(error.message));
    page.on("console", (message) => message.type() === "error" && this._problems.push(message.text()));
  }

  /** Opens the page, and waits until the picture is complete. */
  public static async open(browser: Browser, file: string, options: ViewOptions = {}): Promise<PageDriver> {
    const server = await viewIModel(file, options);
    try {
      const driver = new PageDriver(await openPage(browser, { viewport: { width: 1000, height: 600 } }), server);
      await driver.page.goto(server.url);
      await driver.page.waitForSelector("body[data-state=ready]");
      return driver;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  public get url(): string {
    return this._server.url;
  }

  public get details(): Locator {
    return this.page.locator("#details");
  }

  /** Leaves the model alone in the window, and looks at it from a side. */
  public async lookFrom(view: string): Promise<void> {
    await this.page.goto(`${this.url}&picture&view=${view}`);
    await this.page.waitForSelector("body[data-state=ready]");
  }

  public async showPanel(name: string): Promise<Locator> {
    await this.page.getByRole("tab", { name }).click();
    return this.page.getByRole("tabpanel", { name });
  }

  /** What the model looks like in the window now. */
  public async picture(): Promise<Picture> {
    return new Picture(PNG.sync.read(await this.page.locator("#canvas").screenshot()));
  }

  /** Takes note of an answer of the server that the page is about to get, which browsers report as a problem. */
  public expectStatus(status: number): void {
    this._expected.push(`status of ${status}`);
  }

  /** Ends the server behind the page. */
  public async stopServer(): Promise<void> {
    await this._server.close();
  }

  public async close(): Promise<void> {
    await this.page.close();
    await this._server.close();
    const isExpected = (problem: string) => this._expected.some((words) => problem.includes(words));
    expect(this._problems.filter((problem) => !isExpected(problem))).to.deep.equal([]);
  }
}
