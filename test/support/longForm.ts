// Preloaded by `npm run test:long`: an environment variable that can be set on every operating system.
process.env.LONG_TESTS = "1";
