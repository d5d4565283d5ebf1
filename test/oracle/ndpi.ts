import type { OddwireEvent } from "#schema/event.ts";
import type { CorpusFile } from "#test/e2e/corpora.ts";
import { among, EventsByPair, expectedOf, type Json, type Judge, listOf, pairKey, textOf } from "./judged.ts";
import { ourNames } from "./ndpi-names.ts";

/** Protocol of each flow that nDPI is sure of from the content. Its second name (`TLS.Google`) is the application's. */
export const judgeNdpi: Judge = (file: CorpusFile, events: readonly OddwireEvent[]) => {
  const pairs = new EventsByPair(events);
  return (listOf(expectedOf(file, "ndpi")?.["flows"]) as readonly Json[])
    .filter((flow) => flow["conf"] === "DPI" && /^(?:tcp|udp)$/i.test(textOf(flow["l4"])))
    .map((flow) => {
      const key = pairKey([flow["a"], flow["ap"]], [flow["b"], flow["bp"]]);
      const proto = textOf(flow["proto"]);
      const names = ourNames(proto);
      const found = pairs.of(key).flatMap((event) => [event["app_proto"], event["app_proto_orig"]]);
      const hit = names.find((name) => found.includes(name)) ?? names[0];
      return among(`${proto} ${key}`, hit, found);
    });
};
