import { type Finding, type FlowFact, placeOf } from "#contract/detector.ts";
import type { Standing } from "#engine/learn/destinations.ts";
import type { ClientPast } from "./client-past.ts";
import type { HourlyBytes } from "./hourly-bytes.ts";
import type { Limits } from "./upload.ts";
import type { UploadService } from "./upload-services.ts";
import type { UsualBytes } from "./usual-bytes.ts";

/** Why a large upload accuses nobody; `accused` where it does. */
export type Manner = "accused" | "no-past" | "for-copies" | "service" | "as-before" | "uploader" | "uploaders" | "beyond-limit";

const excuses: Readonly<Record<Manner, string>> = {
  accused: "",
  "no-past": "; it was not watched for long enough to say what is usual",
  "for-copies": "; a service for copies",
  service: "; others of the network use it, too",
  "as-before": "; not far beyond what it sends there",
  uploader: "; it uploads such amounts to new places now and then",
  uploaders: "; machines of the network upload such amounts to new places now and then",
  "beyond-limit": "; more of that kind than a day's accusations",
};

export interface Evidence {
  readonly pair: HourlyBytes;
  readonly past: ClientPast;
  /** Uploads of all clients to places that were new to them. */
  readonly network: UsualBytes;
  readonly standing: Standing;
  readonly manner: Manner;
}

/** Surprise in deviations as a finding shows it: what never was is as far away as can be. */
const surpriseMax = 20;

/** The finding of an hour in which a client sent a destination much. */
export function tellVolume(fact: FlowFact, { pair, past, network, standing, manner }: Evidence, limits: Limits): Finding {
  const { bytesMin, ratioMin, surpriseMin, uploadSurpriseMin, timesUsualMin, hoursMin } = limits;
  const isOdd = manner === "accused";
  const surprise = Math.min(surpriseMax, pair.usual.surprise(pair.sent));
  const uploadSurprise = Math.min(surpriseMax, past.uploads.surprise(pair.sent));
  const before = manner === "no-past" ? "" : pair.most === 0 ? ", where it sent nothing before" : `, ${timesOf(pair)} times its most there`;
  const networkSurprise = Math.min(surpriseMax, network.surprise(pair.sent));
  const outside = past.isOutsideItsHours;
  const score =
    (isOdd ? 0.55 : 0.2) +
    Math.max(0, Math.min(surprise, uploadSurprise, networkSurprise)) / 100 +
    Math.min(0.1, Math.log10(pair.sent / bytesMin) / 20) +
    (outside ? 0.05 : 0) +
    standing.odds / 20;
  return {
    ...placeOf(fact),
    title: `${fact.client} sent ${megabytes(pair.sent)} to ${fact.server} within an hour and got ${megabytes(pair.got)}${before}${excuses[manner]}`,
    category: isOdd ? "exfiltration" : "observation",
    severity: isOdd ? "medium" : "info",
    score: Math.max(0.1, Math.min(0.95, score)),
    confidence: isOdd ? (outside ? 0.6 : 0.5) : 0.3,
    why: [
      { feature: "bytes sent in the hour", value: pair.sent, threshold: bytesMin },
      { feature: "bytes sent for each byte got", value: pair.sent / Math.max(1, pair.got), threshold: ratioMin },
      { feature: "most bytes of an earlier hour, fading", value: Math.round(pair.most), threshold: pair.sent / timesUsualMin },
      { feature: "deviations above what it sends there", value: surprise, threshold: surpriseMin, sample: pair.usual.count },
      {
        feature: "deviations above what it uploads to new places",
        value: uploadSurprise,
        threshold: uploadSurpriseMin,
        sample: past.uploads.count,
      },
      {
        feature: "deviations above what the network's clients upload to new places",
        value: networkSurprise,
        threshold: uploadSurpriseMin,
        sample: network.count,
      },
      { feature: "hours since the client was first seen", value: past.hours, threshold: hoursMin },
      { feature: "clients that call the destination", value: standing.callers, sample: standing.clients },
      ...(outside ? [{ feature: "hour of the day (UTC) at which it hardly ever sent", value: pair.hour % 24 }] : []),
    ],
  };
}

/** The finding of a connection that sent much to a place for passing files on. */
export const tellService = (fact: FlowFact, { name, kind }: UploadService, serviceBytesMin: number): Finding => ({
  ...placeOf(fact),
  cause: `${fact.client} ${name}`,
  title: `${fact.client} sent ${megabytes(fact.bytesToServer)} to ${name}, ${kind}`,
  category: "policy",
  severity: "low",
  score: 0.5,
  techniques: ["T1567"],
  why: [{ feature: "bytes sent over one connection", value: fact.bytesToServer, threshold: serviceBytesMin }],
});

const timesOf = (pair: HourlyBytes): number => Math.round(pair.sent / pair.most);
const megabytes = (bytes: number): string => `${Number((bytes / 1e6).toPrecision(3))} MB`;
