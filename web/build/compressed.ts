import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:html|js|css|svg|json)$/;
/** Smaller files travel in one packet anyway. */
const SMALLEST_BYTES = 512;

/** Writes a `.br` and a `.gz` beside every text file of the build, so that the server never compresses. */
export function compressed(): Plugin {
  let directory = "";
  return {
    name: "oddwire-compressed",
    apply: "build",
    configResolved(config) {
      directory = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      for (const name of await readdir(directory, { recursive: true })) {
        if (TEXT.test(name)) await compressOne(join(directory, name));
      }
    },
  };
}

async function compressOne(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < SMALLEST_BYTES) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
