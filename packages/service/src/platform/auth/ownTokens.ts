/** The claim of our own tokens, and by default of others', that lists iTwins. */
export const iTwinsClaim = "itwins";

/** The audience of our own tokens. */
export const ownAudience = "itwin-connector-service";
