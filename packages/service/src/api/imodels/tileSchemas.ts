import { Type, type Static } from "typebox";
import { VersionParams } from "./iModelSchemas.js";

/** The tiles of a version, as clients see them. */
export const Tiles = Type.Object(
  {
    state: Type.Enum(["waiting", "made", "failed"]),
    count: Type.Optional(Type.Integer({ description: "Files with graphics; 0 if the version has nothing to show." })),
    error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  },
  { title: "Tiles" },
);

export const TileParams = Type.Object({
  ...VersionParams.properties,
  "*": Type.String({ description: "`tileset.json`, or a file that it names." }),
});

export type Tiles = Static<typeof Tiles>;
