const numbers = (count: number) => ({ type: "array", items: { type: "number" }, minItems: count, maxItems: count });

const extras = {};

/**
 * What the specification of 3D Tiles 1.1 asks of a tileset.json, as far as exports use it. Written after the tables of
 * properties in the specification, because no package of the registry has its JSON Schemas. Other members are refused.
 */
export const tilesetSchema = {
  type: "object",
  required: ["asset", "geometricError", "root"],
  additionalProperties: false,
  properties: {
    asset: {
      type: "object",
      required: ["version"],
      properties: { version: { const: "1.1" }, tilesetVersion: { type: "string" }, generator: { type: "string" } },
      additionalProperties: false,
    },
    geometricError: { type: "number", minimum: 0 },
    root: { $ref: "#/definitions/tile" },
    extras,
  },
  definitions: {
    tile: {
      type: "object",
      required: ["boundingVolume", "geometricError"],
      additionalProperties: false,
      properties: {
        boundingVolume: {
          type: "object",
          required: ["box"],
          additionalProperties: false,
          properties: { box: numbers(12) },
        },
        geometricError: { type: "number", minimum: 0 },
        refine: { enum: ["ADD", "REPLACE"] },
        transform: numbers(16),
        content: {
          type: "object",
          required: ["uri"],
          additionalProperties: false,
          properties: { uri: { type: "string", pattern: "^tiles/[0-9]+[.]glb$" } },
        },
        children: { type: "array", items: { $ref: "#/definitions/tile" }, minItems: 1, uniqueItems: true },
        extras,
      },
    },
  },
} as const;
