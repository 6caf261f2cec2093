import { ItemParams } from "./itemSchemas.js";

/** An operation that reads needs one of these scopes. */
export const readScopes = ["storage:read", "storage:modify"];

/** An operation that changes something needs one of these scopes. */
export const modifyScopes = ["storage:modify"];

/** In the OpenAPI document. */
export const tags = ["Storage"];

/** The part of their schemas that the operations on one item have in common. */
export const ofItem = { tags, params: ItemParams };
