import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

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
  {
    files: ["bench/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" }, // a measurement that has no value may fail
  },
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
      "@typescript-eslint/no-non-null-assertion": "off", // a test that meets undefined fails anyway
      "max-lines": "off",
    },
  },
);
