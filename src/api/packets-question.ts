import { microsOf } from "#base/time-words.ts";
import type { PacketsQuestion } from "#contract/flow-packets.ts";
import type { FlowAnswer } from "#schema/api.ts";

/** What to look for; `undefined` when the flow's ends or times are not known. */
export function packetsOf({ flow, live }: Pick<FlowAnswer, "flow" | "live">): PacketsQuestion | undefined {
  if (live !== undefined) return { ...live, from: live.start, to: live.last };
  const times = flow?.["flow"] as { readonly start?: unknown; readonly end?: unknown } | undefined;
  const [from, to] = [microsOf(times?.start), microsOf(times?.end)];
  if (flow?.src_ip === undefined || flow.dest_ip === undefined || from === undefined || to === undefined) return undefined;
  const { src_ip, src_port, dest_ip, dest_port, proto = "" } = flow;
  return { src_ip, src_port, dest_ip, dest_port, proto, from, to };
}
