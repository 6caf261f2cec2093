// Runs all tests, or some of them. A test with the tag @all in its title takes long, or needs the package registry.
// Usage: node scripts/test.js [--all | --long] [arguments for mocha]
//   (neither)  the tests without the tag
//   --all      the tests with the tag
//   --long     all tests, in their long form
import { everyday, runMocha, testFiles } from "./mocha.js";

const forms = {
  "--all": ["--fgrep", "@all"],
  "--long": ["--require", "test/support/longForm.ts"],
};

const given = process.argv.slice(2);
const form = forms[given[0]];
process.exitCode = runMocha(testFiles(), form === undefined ? [...everyday, ...given] : [...form, ...given.slice(1)]);
if (form === undefined)
  console.log(
    "Left out: installs, most faults and hostile sources, whole runs of the service, Postgres (tag @all). Run them: npm run test:all",
  );
