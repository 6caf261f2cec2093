import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Cartographic, EcefLocation } from "@itwin/core-common";
import { expect } from "chai";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { takePicture, type PictureOptions } from "itwin-connector-viewer";
import { launchChromium } from "../src/picture/chromium.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { at, box, Scene, streamOf } from "./Scene.js";
import { errorOf, makeHouse, makeTable } from "./scenes.js";

/** Two boxes in a row from west to east, the second one a part of an assembly. */
function makeBoxes(location?: EcefLocation): string {
  const scene = new Scene();
  if (location !== undefined) scene.imodel.updateEcefLocation(location);
  scene.add(streamOf(box(4, 4, 4)), at(0, 0, 0), { userLabel: "West" });
  const assembly = scene.add(streamOf(), at(10, 0, 0), { userLabel: "Assembly" });
  const parent = { id: assembly, relClassName: "BisCore:PhysicalElementAssemblesElements" };
  scene.add(streamOf(box(4, 4, 4)), at(10, 0, 0), { userLabel: "East", parent });
  scene.add(streamOf(), at(0, 0, 0), { userLabel: "Nothing" });
  return scene.save();
}

/** A place on the Earth in a map, where a metre of the iModel is so many metres of the ground. */
function inMap(scale: number): EcefLocation {
  const cartographicOrigin = Cartographic.fromDegrees({ longitude: 13.4, latitude: 52.5, height: 0 });
  const level = EcefLocation.createFromCartographicOrigin(cartographicOrigin);
  const { matrix } = level.getTransform();
  const [xVector, yVector] = [matrix.columnX().scale(scale), matrix.columnY().scale(scale)];
  return new EcefLocation({ ...level.toJSON(), cartographicOrigin, xVector, yVector });
}

/** In the browser, whose types tests do not have: what is in a picture. */
const count = `async (data) => {
  const image = await createImageBitmap(await (await fetch(data)).blob());
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const orange = [0, 0];
  const colors = new Set();
  for (let index = 0; index < pixels.length; index += 4) {
    const [red, green, blue] = pixels.subarray(index, index + 3);
    colors.add((red << 16) | (green << 8) | blue);
    const isOrange = red > 120 && green > red * 0.3 && green < red * 0.75 && blue < 60;
    if (isOrange) orange[(index / 4) % image.width < image.width / 2 ? 0 : 1]++;
  }
  return { orange, colors: colors.size };
}`;

interface Look {
  /** How many pixels are orange in the left half, and in the right half. */
  orange: [left: number, right: number];
  colors: number;
}

async function look(path: string): Promise<Look> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const data = `data:image/png;base64,${readFileSync(path).toString("base64")}`;
    return await page.evaluate<Look>(`(${count})(${JSON.stringify(data)})`);
  } finally {
    await browser.close();
  }
}

/** The path of a picture of the documentation, which `npm run pictures` takes. */
function documented(name: string): string {
  return fileURLToPath(new URL(`../../../docs/images/${name}.png`, import.meta.url));
}

/** The share of the pixels in which two pictures differ more than different versions of a browser draw them. */
function differenceOf(firstPath: string, secondPath: string): number {
  const [first, second] = [PNG.sync.read(readFileSync(firstPath)), PNG.sync.read(readFileSync(secondPath))];
  const { width, height } = first;
  return pixelmatch(first.data, second.data, undefined, width, height, { threshold: 0.2 }) / (width * height);
}

async function expectError(work: Promise<unknown>, code: string, ...texts: string[]): Promise<void> {
  const error = await errorOf(work);
  expect(error.code, error.stack).to.equal(code);
  for (const text of texts) expect(`${error.message} ${error.advice}`).to.contain(text);
}

describe("takePicture", () => {
  const folder = temporaryFolder();
  const out = join(folder, "boxes.png");
  let given: NodeJS.ProcessEnv;
  let boxes: string;
  before(() => (boxes = makeBoxes()));
  beforeEach(() => (given = { ...process.env }));
  afterEach(() => {
    process.env = { ...given };
  });

  async function take(options: PictureOptions): Promise<Look> {
    const picture = await takePicture(boxes, out, { width: 320, height: 200, overwrite: true, ...options });
    expect(picture).to.deep.include({ path: out, width: 320, height: 200 });
    expect(picture.size).to.equal(readFileSync(out).length);
    return look(out);
  }

  describe("with Chromium", () => {
    before(async function () {
      const browser = await launchChromium().catch(() => undefined);
      if (browser === undefined) {
        console.log("Skipped: the tests of pictures need Chromium.");
        this.skip();
      }
      await browser.close();
    });

    it("shows the model, and leaves nothing but the picture", async () => {
      const { colors, orange } = await take({});
      expect(colors).to.be.greaterThan(3);
      expect(orange).to.deep.equal([0, 0]);
      expect(readdirSync(folder)).to.deep.equal(["boxes.png"]);
    });

    it("highlights an element, from the side that is asked for", async () => {
      const front = await take({ view: "front", highlight: ["West"] });
      expect(front.orange[0]).to.be.greaterThan(500);
      expect(front.orange[1]).to.equal(0);
      const back = await take({ view: "back", highlight: ["West"] });
      expect(back.orange[0]).to.equal(0);
      expect(back.orange[1]).to.be.greaterThan(500);
    });

    for (const scale of [0.9996, 1.0004])
      it(`shows the same in a map with a scale of ${scale}`, async () => {
        const location = inMap(scale);
        const elsewhere = join(folder, "map.png");
        await take({ view: "top" });
        await takePicture(makeBoxes(location), elsewhere, { width: 320, height: 200, view: "top" });
        expect(differenceOf(out, elsewhere)).to.be.lessThan(0.01);
        rmSync(elsewhere);
      });

    it("looks like the pictures of the documentation @all", async () => {
      const house = await makeHouse();
      const pictures: [name: string, options: PictureOptions][] = [
        ["house", {}],
        ["highlight", { highlight: ["table 0", "table 1"] }],
      ];
      for (const [name, options] of pictures) {
        const path = join(folder, `${name}.png`);
        await takePicture(house, path, { width: 640, height: 400, ...options });
        expect(differenceOf(path, documented(name)), name).to.be.lessThan(0.01);
        rmSync(path);
      }
      expect(differenceOf(documented("house"), documented("highlight"))).to.be.greaterThan(0.01);
    });

    it("highlights the children of an element @all", async () => {
      const { orange } = await take({ view: "front", highlight: ["Assembly"] });
      expect(orange[0]).to.equal(0);
      expect(orange[1]).to.be.greaterThan(500);
    });

    it("refuses an iModel without graphics @all", async () => {
      const table = await makeTable("id,name\n1,one\n");
      await expectError(takePicture(table, join(folder, "none.png")), "viewer/no-geometry", "nothing that a picture");
      expect(existsSync(join(folder, "none.png"))).to.equal(false);
    });

    it("says so if it takes too long @all", async () => {
      const late = takePicture(boxes, join(folder, "late.png"), { timeoutSeconds: 0.001 });
      await expectError(late, "viewer/picture-timeout", "0.001 s");
    });
  });

  const refused: [title: string, out: string, options: PictureOptions, code: string, message: string][] = [
    ["another format", "boxes.jpg", {}, "usage/picture-format", "boxes.jpg"],
    ["a width that is not a number", "x.png", { width: NaN }, "usage/picture-size", "The width NaN"],
    ["a height of half a pixel", "x.png", { height: 0.5 }, "usage/picture-size", "The height 0.5"],
    ["a size that cannot be drawn", "x.png", { width: 8193 }, "usage/picture-size", "The width 8193"],
    ["a view that there is not", "x.png", { view: "inside" as "iso" }, "usage/picture-view", '"inside"'],
    ["to wait for less than no time", "x.png", { timeoutSeconds: -1 }, "usage/picture-timeout", "-1 s"],
    ["to highlight a part of a label", "x.png", { highlight: ["West", "Wes"] }, "viewer/no-element", '"Wes"'],
    ["to highlight what cannot be seen", "x.png", { highlight: ["Nothing"] }, "viewer/no-element", "have geometry"],
    ["an earlier iModel that is not there", "x.png", { before: "none.bim" }, "usage/missing-imodel", "none.bim"],
  ];
  for (const [title, name, options, code, message] of refused)
    it(`refuses ${title}`, async () => {
      await expectError(takePicture(boxes, join(folder, name), options), code, message);
      expect(existsSync(join(folder, name))).to.equal(false);
    });

  it("refuses a file that is no iModel", async () => {
    const file = join(temporaryFolder(), "text.bim");
    writeFileSync(file, "text");
    await expectError(takePicture(file, join(folder, "x.png")), "usage/not-an-imodel", file);
  });

  it("refuses to replace a picture, and the iModel always", async () => {
    const picture = join(temporaryFolder(), "there.png");
    writeFileSync(picture, "mine");
    await expectError(takePicture(boxes, picture), "usage/file-exists", picture);
    expect(readFileSync(picture, "utf8")).to.equal("mine");
    await expectError(takePicture(picture, picture, { overwrite: true }), "usage/file-exists", "the iModel itself");
  });

  it("says what to install where CHROMIUM_PATH leads nowhere", async () => {
    process.env.CHROMIUM_PATH = join(folder, "no-chromium");
    const picture = takePicture(boxes, join(folder, "x.png"));
    await expectError(picture, "viewer/no-chromium", process.env.CHROMIUM_PATH, "CHROMIUM_PATH");
    expect(existsSync(join(folder, "x.png"))).to.equal(false);
  });

  it("says which program does not start", async () => {
    process.env.CHROMIUM_PATH = process.execPath;
    await expectError(takePicture(boxes, join(folder, "x.png")), "viewer/chromium-failed", dirname(process.execPath));
  });
});
