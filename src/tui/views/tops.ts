import { bitRate, bytes, percent } from "#base/units.ts";
import { shortAddress } from "#client/flow-row.ts";
import type { LiveSummary } from "#schema/live.ts";
import { bar } from "#tui/parts/chart.ts";
import type { Area } from "#tui/screen/screen.ts";
import { style } from "#tui/screen/style.ts";
import { fill } from "#tui/screen/text.ts";
import type { Page } from "#tui/view.ts";

/** Who and what has most: now, or of all that is stored. */
export interface Tops {
  readonly protocols: readonly Top[];
  readonly talkers: readonly Top[];
}

interface Top {
  readonly name: string;
  readonly bytes: number;
  /** Behind the bytes' share. */
  readonly note: string;
}

const storedMax = 20;

/** Of the last interval. */
export const liveTops = ({ protocols, talkers, interval }: LiveSummary): Tops => ({
  protocols: protocols.map(({ name, bytes: amount }) => ({ name, bytes: amount, note: bitRate((amount * 8) / Math.max(interval, 1e-6)) })),
  talkers: talkers.map(({ address, bytes: amount }) => ({ name: address, bytes: amount, note: bytes(amount) })),
});

/** Of all flows that are stored: what servers sent, by protocol and by client. */
export async function storedTops(page: Page, signal: AbortSignal): Promise<Tops> {
  const ask = async (column: string): Promise<readonly Top[]> => {
    const group = { column, sum: "bytes_toclient", limit: storedMax };
    const { groups } = await page.api.top("flow", group, {}, signal);
    return groups.map(({ value, sum = 0 }) => ({ name: String(value ?? "unknown"), bytes: sum, note: bytes(sum) }));
  };
  const [protocols, talkers] = await Promise.all([ask("app_proto"), ask("src_ip")]);
  return { protocols, talkers };
}

/** Protocols with their shares at the left, talkers at the right. */
export function drawTops(area: Area, { protocols, talkers }: Tops): void {
  const half = Math.floor(area.width / 2);
  drawProtocols(area.part(0, 0, half - 1), protocols);
  drawTalkers(area.part(half + 1, 0), talkers);
}

function drawProtocols(area: Area, protocols: readonly Top[]): void {
  area.text(0, 0, "Protocols", style.strong);
  const total = protocols.reduce((sum, { bytes: amount }) => sum + amount, 0);
  const barWidth = Math.max(4, Math.min(30, area.width - 34));
  protocols.slice(0, area.height - 1).forEach(({ name, bytes: amount, note }, i) => {
    const share = total === 0 ? 0 : amount / total;
    let x = area.text(0, i + 1, fill(name, 10));
    x = area.text(x + 1, i + 1, bar(share, barWidth), style.accent);
    x = area.text(x, i + 1, percent(share).padStart(8));
    area.text(x, i + 1, note.padStart(14), style.dim);
  });
}

function drawTalkers(area: Area, talkers: readonly Top[]): void {
  area.text(0, 0, "Talkers", style.strong);
  talkers.slice(0, area.height - 1).forEach(({ name, note }, i) => {
    const x = area.text(0, i + 1, fill(shortAddress(name), Math.min(28, area.width - 11)));
    area.text(x, i + 1, note.padStart(11), style.dim);
  });
}
