import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressed } from "./build/compressed.ts";

const api = process.env["ODDWIRE_API"] ?? "http://127.0.0.1:8090";

/** `vite build --config web/vite.config.ts` writes `web/dist`; `vite dev` passes the API on to `ODDWIRE_API`. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), compressed()],
  build: {
    target: "es2023",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      "/api": { target: api, ws: true },
      "/openapi.json": api,
      "/metrics": api,
    },
  },
});
