import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeContract } from "#store/store-contract.ts";
import { testKinds } from "#store/testing.ts";
import { SqliteSink } from "./sink.ts";
import { SqliteStore } from "./store.ts";

for (const mode of ["file", "live"] as const)
  storeContract(`SQLite (${mode})`, async () => {
    const directory = mkdtempSync(join(tmpdir(), "oddwire-store-"));
    const path = join(directory, "oddwire.db");
    return {
      sink: new SqliteSink(path, testKinds, { mode, retentionDays: 0 }),
      open: async () => {
        const store = new SqliteStore(path, testKinds);
        await store.start();
        return store;
      },
      remove: async () => rmSync(directory, { recursive: true, force: true }),
    };
  });
