import type { GuessedField } from "#schema/game.ts";
import { guessChecksum } from "./checksum-guess.ts";
import type { Sample } from "./unknown-opcode.ts";

/** Fewer samples say nothing. */
const samplesMin = 4;
/** Share of the samples that have to agree. */
const agreeMin = 0.9;
/** Floats of games: coordinates, angles, speeds. */
const floatMin = 1e-3;
const floatMax = 1e6;
/** A coordinate moves at most this far from one packet of a session to the next, of the range that it covers. */
const smoothMax = 0.5;
const textBytesMin = 4;
/** Units that have to pass before a number is taken for a clock, and how far it may be off. */
const clockUnitsMin = 20;
const clockErrorMax = 0.02;
/** Steps of a counter: the usual one is this share of all, or all are at most so large. */
const usualStepShareMin = 0.5;
const smallStepMax = 64;
/** Values of a small number. */
const smallMax = 256;

interface Scene {
  readonly samples: readonly Sample[];
  readonly views: readonly DataView[];
  readonly little: boolean;
}

/**
 * Guesses what stands where in the bodies of one opcode, from what the values do from packet to packet: a checksum, then
 * texts, words of four and two bytes, single bytes. A beginning for a researcher, not a layout.
 */
export function guessFields(samples: readonly Sample[], bigEndian: boolean): readonly GuessedField[] {
  if (samples.length < samplesMin) return [];
  const lengths = samples.map(({ bytes }) => bytes.length);
  const common = Math.min(...lengths);
  const views = samples.map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const scene: Scene = { samples, views, little: !bigEndian };
  const sum = guessChecksum(samples.filter(({ bytes, length }) => bytes.length === length).map(({ bytes }) => bytes));
  const [from, end] = [
    sum !== undefined && sum.offset >= 0 ? sum.bytes : 0,
    common - (sum !== undefined && sum.offset < 0 ? sum.bytes : 0),
  ];
  const fields: GuessedField[] = [];
  for (let at = from; at < end; ) {
    const field =
      textAt(scene, at, end) ??
      (at + 4 <= end ? wordAt(scene, at) : undefined) ??
      (at + 2 <= end ? halfAt(scene, at) : undefined) ??
      byteAt(scene, at);
    fields.push(field);
    at += field.bytes;
  }
  const guessed = positions(merged(fields));
  if (sum === undefined) return tagged(scene, guessed);
  if (sum.offset >= 0) return [sum, ...guessed];
  const isEven = lengths.every((length) => length === common);
  return [...guessed, isEven ? { ...sum, offset: common - sum.bytes } : sum];
}

/** Fewer samples, and chance leaves bits that are nearly always set. */
const tagSamplesMin = 32;
/** Each bit of a checksum or tag is set in this share of the packets, or as many less. */
const bitShareMin = 0.2;
const tagBytesMin = 2;
const tagBytesMax = 16;

/** What ends the body, varies in every bit, and stands beside fields that do not: a sum that is not one of the usual, or a tag. */
function tagged({ samples }: Scene, fields: readonly GuessedField[]): readonly GuessedField[] {
  const last = fields.at(-1);
  if (last?.looks_like !== "varies" || last.bytes < tagBytesMin || last.bytes > tagBytesMax) return fields;
  if (samples.length < tagSamplesMin || fields.length < 2 || fields.filter(({ looks_like }) => looks_like === "varies").length > 1)
    return fields;
  const values = new Set(samples.map(({ bytes }) => String(bytes.subarray(last.offset, last.offset + last.bytes))));
  const allBits = Array.from({ length: last.bytes * 8 }, (_, bit) => {
    const set = samples.filter(({ bytes }) => (((bytes[last.offset + (bit >> 3)] as number) >> (bit & 7)) & 1) === 1).length;
    return set / samples.length;
  });
  if (values.size < samples.length * agreeMin || allBits.some((share) => share < bitShareMin || share > 1 - bitShareMin)) return fields;
  const why = `ends the body, and each of its bits is set in about half of ${samples.length} packets: like a checksum or a tag, but no usual sum of the body`;
  return [...fields.slice(0, -1), { ...last, looks_like: "checksum", why }];
}

/** A counter of two bytes. */
function halfAt(scene: Scene, at: number): GuessedField | undefined {
  const halves = scene.views.map((view) => view.getUint16(at, scene.little));
  const counting = counter(scene, halves);
  return counting === undefined ? undefined : { offset: at, bytes: 2, ...counting };
}

function wordAt(scene: Scene, at: number): GuessedField | undefined {
  const words = scene.views.map((view) => view.getUint32(at, scene.little));
  const floats = scene.views.map((view) => view.getFloat32(at, scene.little));
  const field = (looks_like: GuessedField["looks_like"], why: string): GuessedField => ({ offset: at, bytes: 4, looks_like, why });
  if (words.every((word) => word === words[0])) return field("constant", `always 0x${(words[0] as number).toString(16)}`);
  const clock = timestamp(scene, words);
  if (clock !== undefined) return field(clock.looks_like, clock.why);
  // Before counters: what makes a sane float is a thousand million as a number.
  const sane = floats.filter(isSane);
  const telling = sane.filter((value) => value !== 0).length;
  if (sane.length >= floats.length * agreeMin && telling >= floats.length / 2) {
    const smooth = smoothShare(scene, floats);
    const range = `${Math.min(...sane).toPrecision(4)} to ${Math.max(...sane).toPrecision(4)}`;
    if (smooth >= agreeMin) return field("position", `a float from ${range} that moves little from packet to packet`);
    return field("float", `a float from ${range}`);
  }
  const counting = counter(scene, words);
  if (counting !== undefined) return field(counting.looks_like, counting.why);
  const most = Math.max(...words);
  return most < smallMax ? field("small number", `at most ${most}`) : undefined;
}

/** Zero, or a number as games have them. */
const isSane = (value: number): boolean =>
  value === 0 || (Number.isFinite(value) && Math.abs(value) >= floatMin && Math.abs(value) <= floatMax);

/** Steps from each packet of a session to its next one. */
function pairs<T>({ samples }: Scene, values: readonly T[], take: (before: T, after: T, elapsed: number) => void): void {
  const last = new Map<number, number>();
  samples.forEach(({ session, time }, i) => {
    const before = last.get(session);
    if (before !== undefined) take(values[before] as T, values[i] as T, time - (samples[before] as Sample).time);
    last.set(session, i);
  });
}

/** A number that grows by the same small step in all sessions. */
function counter(scene: Scene, words: readonly number[]): Pick<GuessedField, "looks_like" | "why"> | undefined {
  const steps = new Map<number, number>();
  let all = 0;
  pairs(scene, words, (before, after) => {
    all++;
    const step = (after - before) >>> 0;
    steps.set(step, (steps.get(step) ?? 0) + 1);
  });
  const growing = [...steps].filter(([step]) => step > 0 && step < 65_536);
  const grown = growing.reduce((sum, [, count]) => sum + count, 0);
  if (all < samplesMin - 1 || grown < all * agreeMin) return undefined;
  const [usual] = growing.toSorted(([, a], [, b]) => b - a);
  const small = growing.every(([step]) => step <= smallStepMax);
  if (!small && (usual?.[1] ?? 0) < all * usualStepShareMin) return undefined;
  return { looks_like: "counter", why: `grows from packet to packet, mostly by ${usual?.[0] ?? 0}` };
}

/** A number that grows with the clock, in a unit that people use: over a session, since single packets are late. */
function timestamp(scene: Scene, words: readonly number[]): Pick<GuessedField, "looks_like" | "why"> | undefined {
  const units = [
    ["s", 1e6],
    ["ms", 1e3],
    ["µs", 1],
  ] as const;
  let grown = 0;
  let elapsed = 0;
  let steps = 0;
  pairs(scene, words, (before, after, between) => {
    steps++;
    grown += (after - before) >>> 0;
    elapsed += between;
  });
  if (steps < samplesMin - 1) return undefined;
  for (const [unit, micros] of units) {
    const expected = elapsed / micros;
    if (expected >= clockUnitsMin && Math.abs(grown - expected) <= expected * clockErrorMax)
      return { looks_like: "timestamp", why: `grows with the clock, in ${unit}` };
  }
  return undefined;
}

/** Share of the steps that are small against the range of all values. */
function smoothShare(scene: Scene, floats: readonly number[]): number {
  const range = Math.max(...floats) - Math.min(...floats);
  let all = 0;
  let smooth = 0;
  pairs(scene, floats, (before, after) => {
    all++;
    if (Math.abs(after - before) <= range * smoothMax) smooth++;
  });
  return all < samplesMin - 1 ? 0 : smooth / all;
}

/** Bytes that are letters in nearly all samples, as far as they go. */
function textAt({ samples }: Scene, at: number, common: number): GuessedField | undefined {
  const readable = (place: number): boolean => {
    const letters = samples.filter(({ bytes }) => isLetter(bytes[place] as number)).length;
    return letters >= samples.length * agreeMin;
  };
  let end = at;
  while (end < common && readable(end)) end++;
  if (end - at < textBytesMin) return undefined;
  const example = String.fromCharCode(...(samples[0] as Sample).bytes.subarray(at, end));
  return { offset: at, bytes: end - at, looks_like: "text", why: `readable: ${JSON.stringify(example)}` };
}

const isLetter = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

function byteAt({ samples }: Scene, offset: number): GuessedField {
  const values = new Set(samples.map(({ bytes }) => bytes[offset]));
  if (values.size === 1) return { offset, bytes: 1, looks_like: "constant", why: `always ${[...values][0]}` };
  if (values.size <= 8) return { offset, bytes: 1, looks_like: "small number", why: `${values.size} values` };
  return { offset, bytes: 1, looks_like: "varies", why: `${values.size} values in ${samples.length} packets` };
}

/** Single bytes that vary side by side are one field. */
function merged(fields: readonly GuessedField[]): GuessedField[] {
  const out: GuessedField[] = [];
  for (const field of fields) {
    const before = out.at(-1);
    if (before?.looks_like === "varies" && field.looks_like === "varies")
      out[out.length - 1] = { ...before, bytes: before.bytes + field.bytes };
    else out.push(field);
  }
  return out;
}

/** One float that moves smoothly may be anything; two or three side by side are a place. */
const positions = (fields: readonly GuessedField[]): GuessedField[] =>
  fields.map((field, i) => {
    const beside = [fields[i - 1], fields[i + 1]].some((other) => other?.looks_like === "position" || other?.looks_like === "float");
    return field.looks_like === "position" && !beside ? { ...field, looks_like: "float" } : field;
  });
