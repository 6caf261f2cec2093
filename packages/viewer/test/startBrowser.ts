import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

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
