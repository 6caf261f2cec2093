import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

/** Every pixel is the average of so many by so many. */
const samples = 2;

/** Where the light comes from, as seen by the camera: from the upper left, and from behind it. */
const light = normalize([-0.4, 0.6, 0.7]);

/** The share of the light that comes from everywhere. */
const ambient = 0.55;

/** Above and below, in parts of 1. */
const [sky, ground] = [[0.8, 0.88, 0.96], [0.97, 0.97, 0.96]]; // prettier-ignore

/** A rasterizer with a depth buffer and a parallel projection. */
export class Picture {
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.columns = width * samples;
    this.rows = height * samples;
    this.depths = new Float64Array(this.columns * this.rows).fill(-Infinity);
    this.colors = new Float32Array(this.columns * this.rows * 3);
    for (let row = 0; row < this.rows; row++)
      for (let column = 0; column < this.columns; column++)
        this.colors.set(mix(sky, ground, row / this.rows), 3 * (row * this.columns + column));
  }

  /**
   * Draws triangles as seen from a direction, so that they fill the picture; what is transparent comes last, from the back
   * to the front.
   * @param triangles - each with `corners`, `color` and `transparency`
   * @param azimuth - from where it is seen, from south to east, in radians
   * @param elevation - how far from above, in radians
   */
  draw(triangles, azimuth, elevation) {
    const turned = triangles.map((triangle) => ({
      ...triangle,
      corners: triangle.corners.map((corner) => turn(corner, azimuth, elevation)),
    }));
    const fitted = this.fit(turned);
    for (const triangle of fitted.filter(({ transparency }) => transparency === 0)) this.fill(triangle);
    const clear = fitted.filter(({ transparency }) => transparency > 0);
    for (const triangle of clear.sort((left, right) => depthOf(left) - depthOf(right))) this.fill(triangle);
  }

  /** The picture as the bytes of a PNG file. */
  toPng() {
    const lines = Buffer.alloc(this.height * (1 + 3 * this.width));
    for (let row = 0; row < this.height; row++)
      for (let column = 0; column < this.width; column++)
        for (let channel = 0; channel < 3; channel++)
          lines[row * (1 + 3 * this.width) + 1 + 3 * column + channel] = Math.round(
            255 * this.average(row, column, channel),
          );
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    header.set([8, 2, 0, 0, 0], 8); // eight bits a channel, RGB
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(lines, { level: 9 })),
      chunk("IEND"),
    ]);
  }

  average(row, column, channel) {
    let sum = 0;
    for (let down = 0; down < samples; down++)
      for (let right = 0; right < samples; right++) {
        const pixel = (row * samples + down) * this.columns + column * samples + right;
        sum += this.colors[3 * pixel + channel];
      }
    return Math.min(1, sum / samples ** 2);
  }

  fit(triangles) {
    const bounds = [0, 1].map((axis) => {
      let [low, high] = [Infinity, -Infinity];
      for (const { corners } of triangles)
        for (const corner of corners) [low, high] = [Math.min(low, corner[axis]), Math.max(high, corner[axis])];
      return [low, high];
    });
    const [[left, right], [bottom, top]] = bounds;
    const scale = 0.92 * Math.min(this.columns / (right - left), this.rows / (top - bottom));
    const toPixel = ([x, y, z]) => [
      this.columns / 2 + (x - (left + right) / 2) * scale,
      this.rows / 2 - (y - (bottom + top) / 2) * scale,
      z,
    ];
    return triangles.map((triangle) => ({
      ...triangle,
      color: shade(triangle),
      corners: triangle.corners.map(toPixel),
    }));
  }

  fill({ corners: [a, b, c], color, transparency }) {
    const area = cross(a, b, c);
    if (area === 0) return;
    const [top, bottom] = range(a[1], b[1], c[1], this.rows);
    const [left, right] = range(a[0], b[0], c[0], this.columns);
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const point = [column + 0.5, row + 0.5];
        const shares = [cross(b, c, point) / area, cross(c, a, point) / area, cross(a, b, point) / area];
        if (shares.every((share) => share >= 0))
          this.plot(
            row * this.columns + column,
            a[2] * shares[0] + b[2] * shares[1] + c[2] * shares[2],
            color,
            transparency,
          );
      }
  }

  plot(pixel, depth, color, transparency) {
    if (depth < this.depths[pixel]) return;
    const behind = this.colors.subarray(3 * pixel, 3 * pixel + 3);
    behind.set(mix(color, behind, transparency));
    if (transparency === 0) this.depths[pixel] = depth;
  }
}

/** x to the right, y up, z to the camera. */
function turn([x, y, z], azimuth, elevation) {
  const right = x * Math.cos(azimuth) + y * Math.sin(azimuth);
  const away = -x * Math.sin(azimuth) + y * Math.cos(azimuth);
  const [sin, cos] = [Math.sin(elevation), Math.cos(elevation)];
  return [right, z * cos + away * sin, z * sin - away * cos];
}

/** Surfaces are lit from both sides. */
function shade({ corners: [a, b, c], color }) {
  const [u, v] = [b, c].map((corner) => corner.map((value, axis) => value - a[axis]));
  const normal = normalize([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]);
  const facing = normal[2] < 0 ? -1 : 1;
  const incidence = normal.reduce((sum, value, axis) => sum + facing * value * light[axis], 0);
  return color.map((value) => value * (ambient + (1 - ambient) * Math.max(0, incidence)));
}

function normalize(vector) {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function mix(front, behind, transparency) {
  return [0, 1, 2].map((channel) => front[channel] * (1 - transparency) + behind[channel] * transparency);
}

function depthOf({ corners }) {
  return corners.reduce((sum, corner) => sum + corner[2], 0);
}

function cross(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function range(a, b, c, size) {
  return [Math.max(0, Math.floor(Math.min(a, b, c))), Math.min(size - 1, Math.ceil(Math.max(a, b, c)))];
}

function chunk(type, data = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
