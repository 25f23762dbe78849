import { defineConfig } from "vite";

/** Everything that the page needs comes out of `dist`: no font, script or call goes anywhere else. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
});
