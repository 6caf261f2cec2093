import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/** The folders of src, in the direction in which data flows: each imports only from those that follow it. */
const layers = ["cli", "testing", "compare", "run", "tables", "connector", "sync", "imodel", "bank", "files"];

/** For each folder, a rule that refuses imports of the folders before it. */
const layerRules = layers.slice(1).map((layer, index) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: layers.slice(0, index + 1).map((upper) => ({
          group: [`../${upper}/*`, `../../${upper}/*`],
          message: `src/${layer} lies below src/${upper}: data flows one way.`,
        })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["**/lib/", "**/node_modules/", "templates/", "packages/client/openapi/index.d.ts"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    // One program of all files: the project of each of them by itself takes twice as long.
    languageOptions: { parserOptions: { project: "tsconfig.eslint.json" } },
    rules: {
      // core-backend marks its synchronous statements as deprecated; the required, synchronous API needs them.
      "@typescript-eslint/no-deprecated": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/explicit-member-accessibility": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-extraneous-class": ["error", { allowStaticOnly: true }],
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/require-await": "off", // interfaces promise what some implementations do at once
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      complexity: ["error", 10],
      "max-lines": ["error", 400],
    },
  },
  ...layerRules,
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: {
        URL: "readonly",
        console: "readonly",
        process: "readonly",
        fetch: "readonly",
        module: "writable",
        require: "readonly",
      },
    },
  },
  {
    files: ["**/test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off", // chai: expect(x).to.be.true
      "max-lines": "off",
    },
  },
);
