import { parseAddress } from "#base/address.ts";
import { OldestFirstMap } from "#base/oldest-first.ts";
import { goesOn, MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { AlertFact, Detector, Finding, Reason, ToldFinding } from "#contract/detector.ts";
import { decayed, type RiskCause, riskOf, riskSeverity, ruleLabel, targetOf } from "#contract/host-risk.ts";
import type { Severity } from "#schema/finding.ts";
import { type RiskPart, risksFromSaved, risksToSaved } from "./saved-risks.ts";

export interface RiskLimits {
  readonly threshold: number;
  readonly halfLifeSeconds: number;
  readonly causesMin: number;
}

/** Hosts remembered at once; the one of which nothing was heard for longest goes first. */
const hostsMax = 10_000;
/** Causes remembered of a host; the one that weighs least goes first. */
const causesPerHostMax = 32;
/** Causes that a told risk names. */
const reasonsMax = 10;
/** What weighs less at the end of its life is forgotten. */
const weightMin = 0.01;
const techniquesMax = 32;
/** A rule knows less of what it has met than a detector that has watched. */
const alertConfidence = 0.6;

/** Severity of a rule by its number, as Suricata's classes have them. */
const alertSeverity = (number: unknown): Severity => (number === 1 ? "high" : number === 2 ? "medium" : number === 3 ? "low" : "info");

/** What is known of a host, by cause. */
type Host = Map<string, RiskPart>;

/** Addresses of groups are nobody's. */
const isGroup = (address: string): boolean => /^(?:22[4-9]|23\d)\.|^255\.255\.255\.255$|^ff/i.test(address);

/**
 * Adds up, for each host, what is found of it and which rules it met, in the way of Slips: threat level × confidence of
 * each different cause, each halved with every half-life since its last sign. A host above the threshold is told with
 * what made it so.
 */
export class HostRisk implements Detector {
  readonly #limits: RiskLimits;
  readonly #halfLife: number;
  readonly #report: (finding: Finding) => void;
  /** By address, in the order of their last sign. */
  #hosts = new OldestFirstMap<string, Host>(hostsMax);
  /** Time of the last sign. */
  #clock = 0;
  /** Time of the saved risks, until the first sign shows whether they go on. */
  #savedAt: number | undefined;

  /** Goes on with what `save` has returned in an earlier run; anything else is no risk. */
  constructor(limits: RiskLimits, report: (finding: Finding) => void, saved?: unknown) {
    this.#limits = limits;
    this.#halfLife = limits.halfLifeSeconds * MICROS_PER_SECOND;
    this.#report = report;
    const before = risksFromSaved(saved);
    if (before === undefined) return;
    this.#savedAt = before.clock;
    this.#clock = before.clock;
    for (const [address, causes] of before.hosts) this.#hosts.set(address, new Map(causes));
  }

  onAllow(covers: (detector: string, accused: { readonly source?: string; readonly target?: string }) => boolean): void {
    for (const [address, host] of this.#hosts.entries())
      for (const key of host.keys()) {
        const isTarget = key.startsWith(">");
        const name = isTarget ? key.slice(1) : key;
        // Alerts of rules are kept back by what is said of everybody, or of this detector.
        const detector = name.startsWith("rule ") ? "host-risk" : name;
        if (covers(detector, isTarget ? { target: address } : { source: address })) host.delete(key);
      }
  }

  save(): unknown {
    return risksToSaved(this.#clock, this.#hosts, (cause) => this.#left(cause, this.#clock) >= weightMin);
  }

  onFinding(told: ToldFinding): void {
    const { source, target, detector, title, time, number, techniques } = told;
    for (const [address, isTarget] of [[source, false] as const, [target, true] as const])
      if (address !== undefined) {
        const label = `${isTarget ? targetOf : ""}${detector}: ${title}`;
        // One detector weighs once on a host, whatever it names beside: a scanner of many networks is one scanner.
        this.#add(
          address,
          `${isTarget ? ">" : ""}${detector}`,
          { ...told, isTarget },
          { label, techniques, time, number, signs: told.signs },
        );
      }
  }

  onAlert({ source, target, fields, time, number }: AlertFact): void {
    const severity = alertSeverity(fields["severity"]);
    if (severity === "info") return;
    const key = `rule ${String(fields["gid"])}:${String(fields["signature_id"])}`;
    const techniques = techniquesOf(fields["metadata"]);
    for (const [address, isTarget] of [[source, false] as const, [target, true] as const]) {
      const name = `${isTarget ? ">" : ""}${key}`;
      const signs = (this.#hosts.get(address)?.get(name)?.signs ?? 0) + 1;
      const label = ruleLabel(fields["signature_id"], fields["signature"], isTarget);
      const cause: RiskCause = { category: "exploit", severity, confidence: alertConfidence, signs, isTarget };
      this.#add(address, name, cause, { label, techniques, time, number, signs });
    }
  }

  #add(address: string, key: string, what: RiskCause, sign: Omit<RiskPart, "weight"> & { readonly number: number }): void {
    this.#moveTo(sign.time);
    const weight = riskOf(what);
    if (weight === 0 || isGroup(address) || parseAddress(address) === undefined) return;
    const host = this.#hostOf(address);
    const { label, techniques, time, signs } = sign;
    const known = host.get(key);
    host.set(key, {
      label,
      techniques: known === undefined ? techniques : [...new Set([...known.techniques, ...techniques])].slice(0, techniquesMax),
      time: Math.max(time, known?.time ?? 0),
      signs: Math.max(signs, known?.signs ?? 0),
      weight: Math.max(weight, known === undefined ? 0 : this.#left(known, time)),
    });
    if (host.size > causesPerHostMax) this.#forgetLeast(host, time);
    // Rules are met often: between powers of ten a sign only keeps its cause fresh.
    if (known === undefined || weight > known.weight || /^10*$/.test(String(signs))) this.#judge(address, host, time, sign.number);
  }

  #judge(address: string, host: Host, time: number, number: number): void {
    const { threshold, causesMin } = this.#limits;
    const causes: { readonly cause: RiskPart; readonly weight: number }[] = [];
    for (const [key, cause] of host) {
      const weight = this.#left(cause, time);
      if (weight < weightMin) host.delete(key);
      else causes.push({ cause, weight });
    }
    const risk = causes.reduce((sum, { weight }) => sum + weight, 0);
    const severity = riskSeverity(risk, threshold);
    if (severity === undefined || causes.length < causesMin) return;
    causes.sort((a, b) => b.weight - a.weight || (a.cause.label < b.cause.label ? -1 : 1));
    const signs = causes.reduce((sum, { cause }) => sum + cause.signs, 0);
    const since = Math.min(...causes.map(({ cause }) => cause.time));
    this.#report({
      time: time as Micros,
      number,
      source: address,
      cause: address,
      title: `${address} has a risk of ${risk.toFixed(1)}: ${causes.length} different things were found of it within ${minutes(time - since)}`,
      severity,
      score: 1 - 0.5 ** (risk / threshold),
      confidence: 1 - 0.5 ** causes.length,
      why: [
        { feature: "risk", value: risk, threshold, sample: signs },
        ...causes.slice(0, reasonsMax).map(({ cause, weight }): Reason => ({ feature: cause.label, value: weight, sample: cause.signs })),
      ],
      techniques: [...new Set(causes.flatMap(({ cause }) => cause.techniques))].toSorted().slice(0, techniquesMax),
    });
  }

  /** Saved risks are of no use to packets from before their time: those are another capture's. */
  #moveTo(time: number): void {
    if (this.#savedAt !== undefined && !goesOn(this.#savedAt, time)) {
      this.#hosts = new OldestFirstMap(hostsMax);
      this.#clock = time;
    }
    this.#savedAt = undefined;
    if (time > this.#clock) this.#clock = time;
  }

  #left({ weight, time }: RiskPart, now: number): number {
    return decayed(weight, now - time, this.#halfLife);
  }

  #hostOf(address: string): Host {
    const host: Host = this.#hosts.get(address) ?? new Map();
    this.#hosts.renew(address, host);
    return host;
  }

  #forgetLeast(host: Host, now: number): void {
    let least: string | undefined;
    let weight = Number.POSITIVE_INFINITY;
    for (const [key, cause] of host) {
      const left = this.#left(cause, now);
      if (left < weight) [least, weight] = [key, left];
    }
    if (least !== undefined) host.delete(least);
  }
}

function minutes(time: number): string {
  const whole = Math.max(1, Math.ceil(time / MICROS_PER_SECOND / 60));
  return whole === 1 ? "a minute" : whole < 120 ? `${whole} minutes` : `${Math.round(whole / 60)} hours`;
}

/** Techniques that the rule's metadata names. */
function techniquesOf(metadata: unknown): readonly string[] {
  const given = (metadata as { readonly mitre_technique_id?: unknown } | undefined)?.mitre_technique_id;
  return Array.isArray(given) ? given.filter((one): one is string => typeof one === "string" && /^T\d{4}(\.\d{3})?$/.test(one)) : [];
}
