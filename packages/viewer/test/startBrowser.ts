import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** WebGL without a graphics card. */
const flags = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** Starts Chromium, or skips the tests that need it. */
export async function startBrowser(test: Mocha.Context): Promise<Browser> {
  if (executablePath === undefined) {
    console.log("Skipped: these tests of the viewer need Chromium.");
    test.skip();
  }
  return chromium.launch({ executablePath, args: flags });
}

/** Opens a page that has patience: with other tests beside it, drawing by software takes several times as long. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(120_000);
  return page;
}
