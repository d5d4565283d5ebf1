import { bytes, percent, si } from "#base/units.ts";
import type { Coverage } from "#schema/live.ts";

/** One thing that could not be looked at. */
export interface CoverageItem {
  readonly key: keyof Coverage;
  readonly label: string;
  readonly value: string;
  /** `clear`: nothing was missed. `marked`: something was. `neutral`: a fact, neither good nor bad. */
  readonly tone: "clear" | "marked" | "neutral";
  readonly meaning: string;
}

interface Row {
  readonly key: keyof Coverage;
  readonly label: string;
  readonly show: (value: number) => string;
  readonly meaning: string;
  readonly mend: string;
  /** Shown only when there is something to tell: most systems never have it. */
  readonly rare?: boolean;
}

const rows: readonly Row[] = [
  {
    key: "kernel_drops",
    label: "kernel drops",
    show: si,
    meaning: "Frames that the kernel threw away before Oddwire could read them.",
    mend: "Whatever was in them is missing everywhere. A larger capture.ring-bytes, more engine.workers or a --filter helps.",
  },
  {
    key: "interface_drops",
    label: "lost before",
    show: si,
    meaning: "Frames that the network interface or the system's queue lost before any program could capture them.",
    mend: "Whatever was in them is missing everywhere. Larger rings of the card (ethtool -G) and net.core.netdev_max_backlog help.",
    rare: true,
  },
  {
    key: "truncated_packets",
    label: "truncated",
    show: si,
    meaning: "Frames cut short by the snap length of the capture.",
    mend: "Headers were read, the cut part was not. Capture with a larger snap length.",
  },
  {
    key: "undecoded_packets",
    label: "undecoded",
    show: si,
    meaning: "Frames of a link type or EtherType that Oddwire does not read.",
    mend: "They are counted, but nothing inside them was looked at.",
  },
  {
    key: "malformed_packets",
    label: "malformed",
    show: si,
    meaning: "Frames that break the rules of a header.",
    mend: "Read as far as they make sense; each kind is told as an anomaly event.",
  },
  {
    key: "stream_gap_bytes",
    label: "stream gaps",
    show: bytes,
    meaning: "Bytes of TCP streams that the capture does not hold.",
    mend: "Messages across a gap may be missing: lost packets, asymmetric routing, or a capture that began midway.",
  },
  {
    key: "evicted_flows",
    label: "evicted flows",
    show: si,
    meaning: "Flows ended early because the flow table was full.",
    mend: "Their later packets count as new flows. Raise flow.flows-max.",
  },
  {
    key: "events_dropped",
    label: "events dropped",
    show: si,
    meaning: "Events thrown away because a queue was full.",
    mend: "They stand neither in the store nor in eve.json. A slow disk or sink is the usual cause.",
  },
];

/** The coverage of a summary as the header shows it, always in the same order. */
export function coverageItems(coverage: Coverage): readonly CoverageItem[] {
  const told = rows.filter(({ key, rare }) => rare !== true || coverage[key] > 0);
  const losses = told.map(({ key, label, show, meaning, mend }): CoverageItem => {
    const marked = coverage[key] > 0;
    return {
      key,
      label,
      value: show(coverage[key]),
      tone: marked ? "marked" : "clear",
      meaning: marked ? `${meaning} ${mend}` : `${meaning} None so far.`,
    };
  });
  return [
    ...losses,
    {
      key: "encrypted_share",
      label: "encrypted",
      value: percent(coverage.encrypted_share),
      tone: "neutral",
      meaning:
        "Share of payload bytes that are encrypted. Inside them only sizes, times and handshakes can be judged: “not found” there means “not looked at”.",
    },
  ];
}
