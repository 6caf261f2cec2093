import {
  DataTexture,
  NearestFilter,
  RGBAFormat,
  UnsignedByteType,
  type Material,
  type WebGLProgramParametersWithUniforms,
} from "three";
import type { ElementStates } from "./ElementStates.js";

/** Texels in a row of a {@link FeatureTable}'s texture. */
const rowLength = 1024;

/** The elements of one tile: a texture that holds the state of each, for the shaders of the tile's meshes. */
export class FeatureTable {
  public readonly texture: DataTexture;
  private readonly _bytes: Uint8Array;

  /** @param positions - for each feature id of the tile, the position of its element in the index, or -1 */
  public constructor(public readonly positions: Int32Array) {
    const rows = Math.max(1, Math.ceil(positions.length / rowLength));
    this._bytes = new Uint8Array(rowLength * rows * 4);
    this.texture = new DataTexture(this._bytes, rowLength, rows, RGBAFormat, UnsignedByteType);
    this.texture.minFilter = this.texture.magFilter = NearestFilter;
  }

  public update(states: ElementStates): void {
    states.write(this.positions, this._bytes);
    this.texture.needsUpdate = true;
  }
}

const vertexHead = /* glsl */ `
attribute float FEATURE_ATTRIBUTE;
uniform sampler2D featureStates;
flat varying vec4 featureState;
`;

/** An element that is not visible is moved out of the view, so it costs no fragments. */
const vertexEnd = /* glsl */ `
int featureId = int(FEATURE_ATTRIBUTE + 0.5);
featureState = texelFetch(featureStates, ivec2(featureId % ${rowLength}, featureId / ${rowLength}), 0);
if (mod(floor(featureState.a * 255.0 + 0.5), 2.0) < 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
`;

const fragmentHead = /* glsl */ `
flat varying vec4 featureState;
`;

/** Transparent elements leave out three of four pixels: no order of drawing is needed, and one draw call stays one. */
const fragmentColor = /* glsl */ `
int stateFlags = int(featureState.a * 255.0 + 0.5);
vec2 pixel = floor(gl_FragCoord.xy);
if ((stateFlags & 2) != 0 && mod(pixel.x, 2.0) + mod(pixel.y, 2.0) > 0.5) discard;
if ((stateFlags & 4) != 0) diffuseColor.rgb = featureState.rgb;
if ((stateFlags & 16) != 0 && mod(pixel.x + pixel.y, 8.0) < 3.0) diffuseColor.rgb *= 0.35;
if ((stateFlags & 32) != 0 && mod(pixel.x, 6.0) < 2.0 && mod(pixel.y, 6.0) < 2.0) diffuseColor.rgb *= 0.35;
if ((stateFlags & 8) != 0) diffuseColor.rgb = mix(diffuseColor.rgb, vec3(1.0, 0.45, 0.0), 0.75);
`;

/** Makes a material draw each element by its state. */
export function drawByState(material: Material, table: FeatureTable, attribute: string): void {
  material.onBeforeCompile = (shader) => addStates(shader, table, attribute);
  material.customProgramCacheKey = () => `states ${attribute}`;
}

function addStates(shader: WebGLProgramParametersWithUniforms, table: FeatureTable, attribute: string): void {
  shader.uniforms.featureStates = { value: table.texture };
  const vertex = before(shader.vertexShader, "#include <fog_vertex>", vertexEnd);
  shader.vertexShader = (vertexHead + vertex).replaceAll("FEATURE_ATTRIBUTE", attribute);
  shader.fragmentShader = fragmentHead + before(shader.fragmentShader, "#include <alphatest_fragment>", fragmentColor);
}

/** Every material of three.js that is used here has these two marks. */
function before(shader: string, mark: string, text: string): string {
  if (!shader.includes(mark)) throw new Error(`The shader lacks ${mark}.`);
  return shader.replace(mark, `${text}\n${mark}`);
}
