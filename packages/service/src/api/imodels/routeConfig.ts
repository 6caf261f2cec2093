/** The code of 422 answers of all operations on iModels. */
export const invalidCode = "InvalidiModelsRequest";

/** What the routes of iModels say of tokens and errors. */
export const reads = { scopes: ["imodels:read", "imodels:modify"], invalidCode };
export const modifies = { scopes: ["imodels:modify"], invalidCode };

/** In the OpenAPI document. */
export const tags = ["iModels"];
