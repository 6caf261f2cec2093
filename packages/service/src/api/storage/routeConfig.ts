import { ItemParams } from "./itemSchemas.js";

/** Scopes of which an operation that reads needs one. */
export const readScopes = ["storage:read", "storage:modify"];

/** Scopes of which an operation that changes something needs one. */
export const modifyScopes = ["storage:modify"];

/** In the OpenAPI document. */
export const tags = ["Storage"];

/** The part of their schemas that the operations on one item have in common. */
export const ofItem = { tags, params: ItemParams };
