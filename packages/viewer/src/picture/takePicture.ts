import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { Page } from "playwright-core";
import { ConnectorError } from "itwin-connector-framework";
import { openForReading, placeDurably, startHost } from "itwin-connector-framework/internal";
import { readBoxes } from "../elements/boxes.js";
import { findElements, withChildren } from "../elements/findElements.js";
import { checkOutput, explainFullDisk } from "../graphics/output.js";
import { viewIModel } from "../view/viewIModel.js";
import { launchChromium } from "./chromium.js";

/**
 * Where a picture is taken from. The sides are those of the iModel: the front looks north.
 * @public
 */
export type PictureView = "iso" | "top" | "bottom" | "front" | "back" | "left" | "right";

const views: readonly PictureView[] = ["iso", "top", "bottom", "front", "back", "left", "right"];

/**
 * What a picture shows.
 * @public
 */
export interface PictureOptions {
  /** Default: `iso`, from the south-west and above. */
  readonly view?: PictureView;
  /**
   * Ids, labels, codes or source identifiers of elements. They are drawn in orange with their children, and all others
   * transparent.
   */
  readonly highlight?: readonly string[];
  /** The path of an earlier iModel. The picture shows in colours what changed since. */
  readonly before?: string;
  /** In pixels. Default: 1280. */
  readonly width?: number;
  /** In pixels. Default: 800. */
  readonly height?: number;
  /** Replaces an earlier picture. Default: false. */
  readonly overwrite?: boolean;
  /** Seconds to wait for the picture to be complete. Default: 300. */
  readonly timeoutSeconds?: number;
}

/**
 * A picture that was taken.
 * @public
 */
export interface Picture {
  /** The complete path of its file. */
  readonly path: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** In bytes. */
  readonly size: number;
}

/**
 * Takes a picture of an iModel, by a Chromium that is on this machine.
 * @param file - the path of an iModel of any kind. It is opened for reading
 * @param out - the path of the picture, which ends with `.png`. It appears there when it is complete
 * @throws ConnectorError `usage/...`, `viewer/no-chromium`, `viewer/no-geometry`, `viewer/no-element`
 * @public
 */
export async function takePicture(file: string, out: string, options: PictureOptions = {}): Promise<Picture> {
  const { width = 1280, height = 800, before, highlight = [], overwrite } = options;
  const path = resolve(out);
  checkOptions(path, { ...options, width, height });
  checkOutput({ path, kind: "file", source: resolve(file), overwrite });
  const stopHost = await startHost();
  try {
    const highlighted = await elementsToHighlight(file, highlight);
    const server = await viewIModel(file, { before });
    try {
      const picture = await photograph(addressFor(server.url, options.view, highlighted), {
        ...options,
        width,
        height,
      });
      await placeDurably(path, async (unfinished) => writeFile(unfinished, picture));
      return { path, width, height, size: statSync(path).size };
    } finally {
      await server.close();
    }
  } catch (error) {
    throw explainFullDisk(error, path);
  } finally {
    await stopHost();
  }
}

/** The largest picture, in pixels of a side: what software rendering can draw. */
const largest = 8192;

function refuse(code: string, message: string, advice: string): never {
  throw new ConnectorError(`usage/${code}`, message, { advice });
}

function checkOptions(path: string, { view = "iso", width, height, timeoutSeconds = 1 }: PictureOptions): void {
  if (extname(path).toLowerCase() !== ".png")
    refuse(
      "picture-format",
      `Pictures are PNG files, but the name of ${path} does not end with .png.`,
      "Give a name that ends with .png.",
    );
  if (!views.includes(view))
    refuse("picture-view", `There is no view ${JSON.stringify(view)}.`, `Choose one of ${views.join(", ")}.`);
  checkSide("width", width);
  checkSide("height", height);
  if (!(timeoutSeconds > 0))
    refuse("picture-timeout", `A picture cannot be made in ${timeoutSeconds} s.`, "Give a number above 0.");
}

function checkSide(name: string, side = 0): void {
  if (Number.isInteger(side) && side >= 1 && side <= largest) return;
  refuse("picture-size", `The ${name} ${side} is not possible.`, `Give a whole number from 1 to ${largest}.`);
}

/** @throws ConnectorError `viewer/no-element` for what no element in space is named by */
async function elementsToHighlight(file: string, texts: readonly string[]): Promise<string[]> {
  if (texts.length === 0) return [];
  const { imodel, close } = openForReading(file);
  try {
    const ids = new Set<string>();
    for (const text of texts) {
      const found = await findElements(imodel, text);
      const boxes = readBoxes(imodel, [...(await withChildren(imodel, found))]);
      if (boxes.size === 0) throw nothingToHighlight(text, found.length > 0);
      for (const id of boxes.keys()) ids.add(id);
    }
    return [...ids];
  } finally {
    close();
  }
}

function nothingToHighlight(text: string, isFound: boolean): ConnectorError {
  const message = isFound
    ? `The element ${JSON.stringify(text)} cannot be highlighted: neither it nor its children have geometry.`
    : `No element has the id, label, code or source identifier ${JSON.stringify(text)}.`;
  return new ConnectorError("viewer/no-element", message, {
    advice: "Give the whole text, in upper and lower case as in the iModel.",
  });
}

/** The ids are in the fragment, which is not sent: it can be longer than a server accepts. */
function addressFor(url: string, view: string | undefined, highlighted: readonly string[]): string {
  const address = new URL(url);
  address.searchParams.set("picture", "");
  if (view !== undefined) address.searchParams.set("view", view);
  address.hash = highlighted.map((id) => `highlight=${id}`).join("&");
  return address.href;
}

async function photograph(address: string, options: PictureOptions): Promise<Buffer> {
  const { width = 0, height = 0, timeoutSeconds = 300 } = options;
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: "light" });
    await page.goto(address);
    await untilReady(page, timeoutSeconds);
    return await page.screenshot();
  } finally {
    await browser.close();
  }
}

/** Waits until everything is drawn. */
async function untilReady(page: Page, seconds: number): Promise<void> {
  const end = page.locator("body[data-state=ready], #message:not([hidden])").first();
  await end.waitFor({ state: "attached", timeout: seconds * 1000 }).catch((error: unknown) => {
    throw new ConnectorError("viewer/picture-timeout", `The picture was not complete after ${seconds} s.`, {
      cause: error,
      advice: "Give more time, or a smaller picture.",
    });
  });
  const message = page.locator("#message:not([hidden])");
  if ((await message.count()) > 0)
    throw new ConnectorError("viewer/picture-failed", (await message.textContent()) ?? "The page failed.");
  if ((await page.locator("body[data-graphics=false]").count()) > 0)
    throw new ConnectorError("viewer/no-geometry", "The iModel has nothing that a picture could show.", {
      advice: "Export a table of its elements instead: connector-runner export FILE OUT.csv",
    });
}
