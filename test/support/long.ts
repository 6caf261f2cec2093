/** Whether tests take their long form: `npm run test:long`. */
export const isLongTest = process.env.LONG_TESTS === "1";
