import type { Finding } from "#contract/detector.ts";
import type { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";

/** Writes what detectors say as `finding` events. */
export class FindingWriter {
  readonly #writer: EventWriter;

  constructor(lines: EventLines) {
    this.#writer = new EventWriter(lines);
  }

  write(detector: string, finding: Finding): void {
    const { source, target, flowId, techniques } = finding;
    const members = {
      ...(flowId === undefined ? {} : { flow_id: flowId }),
      ...(source === undefined ? {} : { src_ip: source }),
      ...(target === undefined ? {} : { dest_ip: target }),
      pkt_src: "wire/pcap",
      finding: {
        detector,
        title: finding.title,
        severity: finding.severity,
        score: finding.score,
        why: finding.why,
        ...(techniques === undefined ? {} : { techniques }),
      },
    };
    this.#writer.plain(finding.time, finding.number, "finding", `,${JSON.stringify(members).slice(1, -1)}`, finding.number, 0);
  }
}
