import { parseAddress } from "#base/address.ts";
import { combine32, mix32 } from "#base/hash.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { countryWords, type Places, systemWords } from "#base/place.ts";
import { goesOn, MICROS_PER_SECOND } from "#base/time.ts";
import type { DetectorDefinition, Finding, Reason, ToldFinding } from "#contract/detector.ts";
import type { Config } from "#schema/config.ts";
import { type Severity, severities } from "#schema/finding.ts";
import { AllowList } from "./allow-list.ts";
import type { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";
import { type Cause, causesFromSaved, causesToSaved } from "./saved-causes.ts";

/**
 * Causes remembered at once; the one that was silent for longest goes first. Nothing else makes them go: the capture's
 * clock is the largest time so far, which says nothing of the signs to come where packets are not in the order of time.
 */
const causesMax = 20_000;
/** Signs of one cause after which it is told again: 10, 100, 1,000 … */
const retellFactor = 10;

/**
 * Where detectors report: one cause is one finding, however often it is seen. The first sign is told at once; later
 * ones within the cool-down only count, until there are ten times as many or they are more severe. Who is on the
 * allow-list is never told.
 */
export class FindingDesk {
  /** Findings that the allow-list has kept back. */
  allowed = 0;
  /** Signs that were counted to a finding that stands. */
  repeated = 0;
  /** Who is never told. */
  readonly allow: AllowList;
  readonly #writer: EventWriter;
  #cooldown: number;
  readonly #onTold: ((told: ToldFinding) => void) | undefined;
  readonly #places: Places | undefined;
  /** By detector and cause, in the order of their last sign. */
  #causes = new OldestFirstMap<string, Cause>(causesMax);
  /** Largest time of a sign so far. */
  #clock = 0;
  /** Time of the saved causes, until the first sign shows whether they go on. */
  #savedAt: number | undefined;

  /** `around`: where addresses belong, and who is never told, which is `detect.allow` when absent. */
  constructor(
    config: Config,
    lines: EventLines,
    onTold?: (told: ToldFinding) => void,
    around: { readonly places?: Places | undefined; readonly allow?: AllowList | undefined } = {},
  ) {
    this.#writer = new EventWriter(lines);
    this.allow = around.allow ?? new AllowList(config["detect.allow"]);
    this.#cooldown = config["detect.cooldown-s"] * MICROS_PER_SECOND;
    this.#onTold = onTold;
    this.#places = around.places;
  }

  /** Packet time in which one cause is one finding, s. */
  set cooldown(seconds: number) {
    this.#cooldown = seconds * MICROS_PER_SECOND;
  }

  /** The causes that a next run goes on with: what stands at its beginning, as JSON. */
  save(): unknown {
    const open = this.#causes.entries().filter(([, cause]) => this.#clock - cause.last <= this.#cooldown);
    return causesToSaved(this.#clock, open);
  }

  /** Goes on with the causes of an earlier run. False, and nothing is changed, when they are no such thing. */
  restore(saved: unknown): boolean {
    const found = causesFromSaved(saved);
    if (found === undefined) return false;
    this.#savedAt = found.clock;
    this.#clock = found.clock;
    for (const [key, cause] of found.causes.slice(-causesMax)) this.#causes.set(key, cause);
    return true;
  }

  take(detector: Pick<DetectorDefinition, "name" | "category" | "techniques">, finding: Finding): void {
    if (this.allow.keepsBack(detector.name, finding, finding.time)) {
      this.allowed++;
      return;
    }
    this.#moveTo(finding.time);
    const key = `${detector.name} ${finding.cause ?? `${finding.source ?? ""}>${finding.target ?? ""}`}`;
    const severity = severities.indexOf(finding.severity);
    const known = this.#causes.get(key);
    if (known !== undefined && finding.time - known.last <= this.#cooldown) {
      this.#causes.renew(key, known);
      this.#again(detector, finding, known, severity);
      return;
    }
    const cause: Cause = {
      id: idOf(key, finding),
      first: finding.time,
      last: finding.time,
      signs: 1,
      retellAt: retellFactor,
      severity,
      score: finding.score,
    };
    this.#causes.renew(key, cause);
    this.#write(detector, finding, cause);
  }

  /** Saved causes are of no use to packets from before their time: those are another capture's. */
  #moveTo(time: number): void {
    if (this.#savedAt !== undefined && !goesOn(this.#savedAt, time)) {
      this.#causes = new OldestFirstMap(causesMax);
      this.#clock = time;
    }
    this.#savedAt = undefined;
    if (time > this.#clock) this.#clock = time;
  }

  #again(detector: Pick<DetectorDefinition, "name" | "category" | "techniques">, finding: Finding, known: Cause, severity: number): void {
    known.last = Math.max(known.last, finding.time);
    known.signs++;
    known.score = Math.max(known.score, finding.score);
    if (severity <= known.severity && known.signs < known.retellAt) {
      this.repeated++;
      return;
    }
    known.severity = Math.max(known.severity, severity);
    if (known.signs >= known.retellAt) known.retellAt *= retellFactor;
    this.#write(detector, finding, known);
  }

  #write(detector: Pick<DetectorDefinition, "name" | "category" | "techniques">, finding: Finding, cause: Cause): void {
    const { source, target, flowId } = finding;
    const techniques = finding.techniques ?? detector.techniques ?? [];
    const category = finding.category ?? detector.category;
    const severity = severities[cause.severity] as Severity;
    const confidence = rounded(finding.confidence ?? finding.score);
    const why = [...finding.why.map(roundedReason), ...this.#placeOf("source", source), ...this.#placeOf("target", target)];
    const members = {
      ...(flowId === undefined ? {} : { flow_id: flowId }),
      ...(source === undefined ? {} : { src_ip: source }),
      ...(target === undefined ? {} : { dest_ip: target }),
      pkt_src: "wire/pcap",
      finding: {
        id: cause.id,
        detector: detector.name,
        category,
        title: finding.title,
        severity,
        score: rounded(cause.score),
        confidence,
        signs: cause.signs,
        since: isoText(cause.first),
        why,
        ...(techniques.length === 0 ? {} : { techniques }),
      },
    };
    this.#writer.plain(finding.time, finding.number, "finding", `,${JSON.stringify(members).slice(1, -1)}`, finding.number, 0);
    this.#onTold?.({
      id: cause.id,
      detector: detector.name,
      category,
      time: finding.time,
      number: finding.number,
      source,
      target,
      title: finding.title,
      severity,
      confidence,
      signs: cause.signs,
      why,
      techniques,
    });
  }

  /** Where an end of the finding belongs, in words: who reads it need not look the address up. */
  #placeOf(end: "source" | "target", text: string | undefined): Reason[] {
    const address = text === undefined || this.#places === undefined ? undefined : parseAddress(text);
    const place = address === undefined ? undefined : this.#places?.find(address.words, 0, address.version === 6);
    if (place === undefined) return [];
    const [country, system] = [countryWords(place), systemWords(place)];
    return [
      ...(country === "" ? [] : [{ feature: `${end} country`, value: country }]),
      ...(system === "" ? [] : [{ feature: `${end} system`, value: system }]),
    ];
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Numbers as people read them: at most six significant digits. */
const roundedReason = (reason: Reason): Reason =>
  typeof reason.value === "number" && !Number.isInteger(reason.value) ? { ...reason, value: Number(reason.value.toPrecision(6)) } : reason;

const isoText = (time: number): string => new Date(time / 1000).toISOString();

const hex = (word: number): string => (mix32(word) >>> 0).toString(16).padStart(8, "0");

/** Identity of a finding: the same in every run over the same packets. Numbers begin anew with each run; times do not. */
function idOf(key: string, { number, time }: Finding): string {
  let low = combine32(combine32(0x0dd, number), time % 0x1_0000_0000);
  let high = combine32(combine32(0x317e, number), Math.floor(time / 0x1_0000_0000));
  for (let i = 0; i < key.length; i++) {
    low = combine32(low, key.charCodeAt(i));
    high = combine32(high, key.charCodeAt(i) ^ low);
  }
  return hex(high) + hex(low);
}
