import {
  AmbientLight,
  Box3,
  Color,
  DirectionalLight,
  PerspectiveCamera,
  Raycaster,
  Scene as ThreeScene,
  Sphere,
  Vector2,
  Vector3,
  WebGLRenderer,
  type Intersection,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { TileSource } from "../Api.js";
import type { ElementStates } from "./ElementStates.js";
import { SectionBox } from "./SectionBox.js";
import { Tiles } from "./Tiles.js";

/** Where the camera looks from, by the name that users give. z is up, and y is north. */
export const directions = {
  iso: [-1, -1, 0.8],
  top: [0, -1e-4, 1],
  bottom: [0, -1e-4, -1],
  front: [0, -1, 0],
  back: [0, 1, 0],
  left: [-1, 0, 0],
  right: [1, 0, 0],
} as const;

export type Direction = keyof typeof directions;

/** Tiles ask for those below them some time after they have come; a picture that stays complete so long, in ms, is the last. */
const settlingTime = 200;

/** Between two pictures until the first one is complete, in ms: without a graphics card a picture takes longer than a tile. */
const drawingPause = 500;

/** What a click hit. */
export interface Hit {
  elementId: string;
  /** The states of the tileset that it belongs to. */
  states: ElementStates;
  /** In the coordinates of the iModel, in metres. */
  point: Vector3;
}

/** The picture: camera, light and tiles. It draws only when something changed. */
export class Scene {
  public readonly section = new SectionBox();
  /** Where the camera looks from when the model has come. */
  public initialDirection: Direction = "iso";
  /** The extents of the project, in the coordinates of the iModel. */
  public extents = new Box3();
  private readonly _scene = new ThreeScene();
  private readonly _camera = new PerspectiveCamera(45, 1, 0.1, 10_000);
  private readonly _renderer: WebGLRenderer;
  private readonly _controls: OrbitControls;
  private readonly _raycaster = new Raycaster();
  private readonly _tiles: Tiles[] = [];
  private _isRequested = false;
  private _isFitted = false;
  /** Since when pictures are complete. */
  private _completeSince: number | undefined;
  /** Whether a picture was the last that loading asked for, and nothing was added after it. */
  private _wasSettled = false;
  /** When the next picture may be drawn, while tiles come. */
  private _pauseEnd: number | undefined;

  /** @param _onDrawn - called after each picture; `isComplete`: all tiles that the camera needs are in it */
  public constructor(
    private readonly _canvas: HTMLCanvasElement,
    private readonly _onDrawn: (isComplete: boolean) => void,
    private readonly _onFailure: (error: Error) => void,
  ) {
    this._renderer = new WebGLRenderer({ canvas: _canvas, antialias: true, preserveDrawingBuffer: true });
    this._renderer.localClippingEnabled = true;
    this._camera.up.set(0, 0, 1);
    this._controls = new OrbitControls(this._camera, _canvas);
    this._controls.zoomToCursor = true;
    this._controls.screenSpacePanning = true;
    this._controls.addEventListener("change", () => this.requestFrame());
    this._controls.listenToKeyEvents(_canvas);
    const light = new DirectionalLight(0xffffff, 2);
    light.position.set(0.5, 1, 1.5); // in the camera's frame: the light moves along
    this._camera.add(light);
    this._scene.add(new AmbientLight(0xffffff, 1.3), this._camera);
    new ResizeObserver(() => this._resize()).observe(_canvas);
    this._resize();
  }

  /** Shows a tileset beside those that are shown. */
  public addTiles(source: TileSource, states: ElementStates): Tiles {
    const tiles = new Tiles(source, states, this.section.planes, {
      changed: () => this.requestFrame(),
      failed: this._onFailure,
    });
    tiles.setCamera(this._camera, this._renderer);
    this._scene.add(tiles.group);
    this._tiles.push(tiles);
    this._isFitted = this._wasSettled = false; // what is added may lie outside of the picture
    this.requestFrame();
    return tiles;
  }

  /** Draws something that is no tileset, such as the marks of a measurement. */
  public add(object: ThreeScene["children"][number]): void {
    this._scene.add(object);
    this.requestFrame();
  }

  public set background(color: string) {
    this._scene.background = new Color(color);
    this.requestFrame();
  }

  /** How many draw calls the last picture took. */
  public get drawCalls(): number {
    return this._renderer.info.render.calls;
  }

  public requestFrame(): void {
    if (this._isRequested) return;
    this._isRequested = true;
    requestAnimationFrame(() => this._draw());
  }

  /**
   * The range of everything that the tilesets hold, in the coordinates of the iModel. The boxes of tiles are larger than
   * what they show, so the extents of the project bound it, unless nothing is within them.
   */
  public get bounds(): Box3 {
    const bounds = new Box3();
    for (const tiles of this._tiles) bounds.union(tiles.bounds);
    const within = bounds.clone().intersect(this.extents);
    return within.isEmpty() ? bounds : within;
  }

  /** Moves the camera so that a box fills the picture; without a box everything. Without a direction it keeps its own. */
  public fit(box: Box3 = this.bounds, direction?: Direction): void {
    if (box.isEmpty()) return;
    const center = box.getCenter(new Vector3());
    const away = direction
      ? new Vector3(...directions[direction])
      : this._camera.position.clone().sub(this._controls.target);
    this._camera.position.copy(center).addScaledVector(away.normalize(), distanceTo(box, away, this._camera));
    this._controls.target.copy(center);
    this._controls.update();
    this.requestFrame();
  }

  /** The element at a place of the canvas, in CSS pixels from its upper left corner. */
  public pick(x: number, y: number): Hit | undefined {
    const { clientWidth, clientHeight } = this._canvas;
    this._raycaster.setFromCamera(new Vector2((x / clientWidth) * 2 - 1, 1 - (y / clientHeight) * 2), this._camera);
    const tolerance = (this._camera.position.distanceTo(this._controls.target) * 6) / clientHeight;
    this._raycaster.params.Line.threshold = this._raycaster.params.Points.threshold = tolerance;
    for (const tiles of this._tiles) tiles.group.updateMatrixWorld();
    const hits = this._raycaster.intersectObjects(this._tiles.map(({ group }) => group));
    for (const hit of hits) {
      const element = this._elementOf(hit);
      if (element !== undefined && this.section.contains(hit.point)) return { ...element, point: hit.point };
    }
    return undefined;
  }

  private _elementOf(hit: Intersection): Omit<Hit, "point"> | undefined {
    for (const tiles of this._tiles) {
      const elementId = tiles.pickable(hit);
      if (elementId !== undefined) return { elementId, states: tiles.states };
    }
    return undefined;
  }

  private _draw(): void {
    this._isRequested = false;
    this._camera.updateMatrixWorld();
    for (const tiles of this._tiles) tiles.update();
    const wasFitted = this._isFitted;
    if (!wasFitted && this._tiles.every(({ isPlaced }) => isPlaced) && !this.bounds.isEmpty()) {
      this._isFitted = true;
      this.fit(undefined, this.initialDirection);
    }
    // The tiles that a camera needs are known after it was moved, so a picture in which it was fitted is not complete.
    const isSettled = this._isSettled(wasFitted && this._tiles.every(({ isComplete }) => isComplete));
    if (!isSettled && this._isTooEarly()) return;
    this._setDepthRange();
    this._renderer.render(this._scene, this._camera);
    this._pauseEnd = undefined;
    this._wasSettled ||= isSettled;
    this._onDrawn(isSettled);
  }

  /** Whether a picture that others will follow soon would only delay the first complete one; asks for one later then. */
  private _isTooEarly(): boolean {
    if (this._wasSettled) return false;
    this._pauseEnd ??= this._tiles.some(({ isShown }) => isShown) ? performance.now() + drawingPause : undefined;
    if (this._pauseEnd === undefined) return false; // an empty picture costs nothing
    const rest = this._pauseEnd - performance.now();
    if (rest <= 0) return false;
    setTimeout(() => this.requestFrame(), rest);
    return true;
  }

  /** Whether pictures have been complete for a while. */
  private _isSettled(isComplete: boolean): boolean {
    this._completeSince = isComplete ? (this._completeSince ?? performance.now()) : undefined;
    if (this._completeSince === undefined) return false;
    const isSettled = performance.now() - this._completeSince >= settlingTime;
    if (!isSettled) setTimeout(() => this.requestFrame(), settlingTime / 2);
    return isSettled;
  }

  /** The nearest and farthest planes enclose the model closely, so that depths stay exact at any size. */
  private _setDepthRange(): void {
    const { center, radius } = this.bounds.getBoundingSphere(new Sphere());
    const distance = this._camera.position.distanceTo(center);
    this._camera.far = distance + radius * 1.1 + 1;
    this._camera.near = Math.max(this._camera.far / 20_000, distance - radius * 1.1);
    this._camera.updateProjectionMatrix();
  }

  private _resize(): void {
    const { clientWidth, clientHeight } = this._canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this._renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this._renderer.setSize(clientWidth, clientHeight, false);
    this._camera.aspect = clientWidth / clientHeight;
    this._camera.updateProjectionMatrix();
    for (const tiles of this._tiles) tiles.setCamera(this._camera, this._renderer);
    this.requestFrame();
  }
}

/** How far from the middle of a box a camera sees all of its corners. @param away - from the middle to the camera */
function distanceTo(box: Box3, away: Vector3, { up, fov, aspect }: PerspectiveCamera): number {
  const across = new Vector3().crossVectors(up, away).normalize();
  const upright = new Vector3().crossVectors(away, across);
  const half = box.getSize(new Vector3()).divideScalar(2).addScalar(0.02);
  const height = Math.tan((fov * Math.PI) / 360) * 0.95; // leaves a margin
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    half.clone().multiply(new Vector3(bits & 1 ? 1 : -1, bits & 2 ? 1 : -1, bits & 4 ? 1 : -1)),
  );
  const needed = corners.map(
    (corner) =>
      corner.dot(away) + Math.max(Math.abs(corner.dot(across)) / aspect, Math.abs(corner.dot(upright))) / height,
  );
  return Math.max(...needed);
}
