import type { PNG } from "pngjs";

/** Tells whether a colour is one that is looked for. Light makes it brighter or darker. */
export type ColorTest = (red: number, green: number, blue: number) => boolean;

export const isRed: ColorTest = (red, green, blue) => red > 60 && red > 2 * green && red > 2 * blue;
export const isGreen: ColorTest = (red, green, blue) => green > 40 && green > 2 * red && green > 2 * blue;

/** A place in a picture, as a share of its width and height. */
interface Place {
  x: number;
  y: number;
}

/** A screenshot. */
export class Picture {
  public constructor(private readonly _png: PNG) {}

  /** The share of the picture that has a colour. */
  public share(test: ColorTest): number {
    return this._find(test).length / (this._png.width * this._png.height);
  }

  /** The middle of all that has a colour. */
  public center(test: ColorTest): Place {
    const { width, height } = this._png;
    const found = this._find(test);
    const sum = (coordinate: (pixel: number) => number) =>
      found.reduce((total, pixel) => total + coordinate(pixel), 0) / found.length;
    return { x: sum((pixel) => pixel % width) / width, y: sum((pixel) => Math.floor(pixel / width)) / height };
  }

  /** The numbers of the pixels that have a colour. */
  private _find(test: ColorTest): number[] {
    const { data, width, height } = this._png;
    const byte = (pixel: number, channel: number) => data[4 * pixel + channel] ?? 0;
    const pixels = Array.from({ length: width * height }, (_, pixel) => pixel);
    return pixels.filter((pixel) => test(byte(pixel, 0), byte(pixel, 1), byte(pixel, 2)));
  }
}
