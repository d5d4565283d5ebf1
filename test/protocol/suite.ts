import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ByteView, fromHex, toHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { Probe, type ProtocolDefinition, type Side } from "#contract/parser.ts";
import type { Plugin } from "#contract/plugin.ts";
import type { Kind } from "#schema/field.ts";
import { fieldSchema } from "#schema/json-schema.ts";
import type { RuleWord } from "#schema/rule-word.ts";
import { type DriveOptions, drive, type Outcome, type Step } from "./drive.ts";
import { RecordingTap, valuesInEvents, type WordValue } from "./word-values.ts";

/** A flow as bytes, and what must be told of it. In a file of `golden/`. */
interface Golden {
  readonly about: string;
  /** Name of the protocol's definition in the plugin. */
  readonly protocol: string;
  readonly transport?: "tcp" | "udp";
  readonly serverPort?: number;
  readonly clientPort?: number;
  readonly from?: string;
  readonly expected?: { readonly [name: string]: unknown };
  /** False when the protocol is never found by content (it is handed over, or announced). */
  readonly probed?: boolean;
  /** Side (0 client), then bytes: hexadecimal, or text behind `text:`; a number for bytes that the capture lacks. */
  readonly steps: readonly (readonly [Side, string | number])[];
  readonly events: readonly unknown[];
  readonly anomalies: readonly string[];
  readonly expectations?: readonly unknown[];
  readonly handOvers?: readonly string[];
  /** Protocol and the bytes of both sides, of each stream inside. */
  readonly carried?: readonly unknown[];
  /** Where it is there: what rules see, by word: side, transaction, value. `{}` is filled in when the file is written. */
  readonly words?: { readonly [word: string]: readonly WordValue[] };
}

/** Set to `write`, the golden files get the events that the parser tells now: read the difference before you commit it. */
const writing = process.env["ODDWIRE_GOLDEN"] === "write";
const latin1Bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const bytesOf = (text: string): Uint8Array => (text.startsWith("text:") ? latin1Bytes(text.slice(5)) : fromHex(text));
const stepsOf = (golden: Golden): Step[] =>
  golden.steps.map(([side, what]): Step => [side, typeof what === "number" ? what : bytesOf(what)]);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function optionsOf(golden: Golden): DriveOptions {
  const { transport, serverPort, clientPort, from, expected } = golden;
  return Object.fromEntries(
    Object.entries({ transport, serverPort, clientPort, from, expected }).filter(([, value]) => value !== undefined),
  );
}

/** What a golden file says of an outcome. */
const told = (outcome: Outcome): Pick<Golden, "events" | "anomalies" | "expectations" | "handOvers" | "carried"> => ({
  events: plain(outcome.events) as unknown[],
  anomalies: outcome.anomalies,
  ...(outcome.expectations.length > 0 ? { expectations: plain(outcome.expectations) as unknown[] } : {}),
  ...(outcome.handOvers.length > 0 ? { handOvers: outcome.handOvers } : {}),
  ...(outcome.carried.length > 0
    ? { carried: outcome.carried.map(({ protocol, sides }) => [protocol, toHex(sides[0]), toHex(sides[1])]) }
    : {}),
});

/**
 * What every protocol of the shelf must keep, run over its golden flows: they are recognised, they give the events
 * written down, in whatever pieces the bytes arrive; every event fits its declared fields; and no change of the bytes
 * makes the parser throw, consume too much, or work without end. `lent` are kinds of the plugins that it needs.
 */
export function protocolSuite(plugin: Plugin, folder: string, fuzzRounds = 300, lent: readonly Kind[] = []): void {
  if (lent.length > 0) lentKinds.set(plugin.name, lent);
  const definitions = plugin.protocols as readonly ProtocolDefinition[];
  const goldenFolder = join(folder, "golden");
  const goldens = (existsSync(goldenFolder) ? readdirSync(goldenFolder) : [])
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name): readonly [string, Golden] => [name, JSON.parse(readFileSync(join(goldenFolder, name), "utf8")) as Golden]);
  const definitionOf = ({ protocol, transport }: Golden): ProtocolDefinition =>
    definitions.find((one) => one.name === protocol && (transport === undefined || one.transports.includes(transport))) ??
    (definitions.find((one) => one.name === protocol) as ProtocolDefinition);

  const tcpGoldens = goldens.filter(([, golden]) => (golden.transport ?? definitionOf(golden).transports[0]) === "tcp");

  describe(`${plugin.name}: golden flows`, () => {
    test("there are some", () => expect(goldens.length).toBeGreaterThan(0));

    test.each(goldens)("%s", (name, golden) => {
      const tap = new RecordingTap();
      const driven = drive(definitionOf(golden), stepsOf(golden), { ...optionsOf(golden), rules: tap });
      const words = golden.words === undefined ? {} : { words: wordsOf(plugin, tap, driven) };
      const outcome = { ...told(driven), ...words };
      if (writing) {
        const { events: _events, anomalies: _anomalies, expectations: _e, handOvers: _h, carried: _c, words: _w, ...given } = golden;
        writeFileSync(join(goldenFolder, name), `${JSON.stringify({ ...given, ...outcome }, undefined, 2)}\n`);
        return;
      }
      const { events, anomalies, expectations, handOvers, carried, words: values } = golden;
      const wanted = { events, anomalies, expectations, handOvers, carried, words: values };
      expect(outcome).toEqual(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)));
    });

    test.each(goldens.filter(([, golden]) => golden.probed !== false))("%s: recognised", (_name, golden) => {
      const first = golden.steps.find(([, what]) => typeof what === "string") as readonly [Side, string];
      const answer = definitionOf(golden).probe(first[0], ByteView.over(bytesOf(first[1])), true);
      expect([Probe.yes, Probe.maybe]).toContain(answer);
    });

    test.each(tcpGoldens)("%s: no beginning of a stream is refused that is recognised when there is more", (_name, golden) => {
      const first = golden.steps.find(([, what]) => typeof what === "string") as readonly [Side, string];
      const bytes = bytesOf(first[1]);
      for (const usualPort of [false, true]) {
        if (definitionOf(golden).probe(first[0], ByteView.over(bytes), usualPort) === Probe.no) continue;
        for (let length = 1; length < Math.min(bytes.length, 64); length++)
          expect(definitionOf(golden).probe(first[0], ByteView.over(bytes.slice(0, length)), usualPort), `${length} bytes`).not.toBe(
            Probe.no,
          );
      }
    });

    test.each(goldens)("%s: the events fit their kinds", (_name, golden) => {
      for (const [kind, , , fields, beside] of drive(definitionOf(golden), stepsOf(golden), optionsOf(golden)).events)
        if (kind !== "fileinfo") expect(misfits(plugin, kind, plain(fields), plain(beside ?? {}) as object)).toEqual([]);
    });

    test.each(goldens)("%s: what is given to rules has a word, and changes no event", async (_name, golden) => {
      const tap = new RecordingTap();
      const watched = told(drive(definitionOf(golden), stepsOf(golden), { ...optionsOf(golden), rules: tap }));
      const declared = new Set((await wordsInReach(plugin)).filter((word) => word.from === undefined).map((word) => word.name));
      expect([...tap.values.keys()].filter((name) => !declared.has(name))).toEqual([]);
      expect(watched).toEqual(told(drive(definitionOf(golden), stepsOf(golden), optionsOf(golden))));
    });

    test.each(tcpGoldens)("%s: the same in pieces of any size", (_name, golden) => {
      const whole = told(drive(definitionOf(golden), stepsOf(golden), optionsOf(golden)));
      const random = new Random(7);
      const wholeValues = new RecordingTap();
      drive(definitionOf(golden), stepsOf(golden), { ...optionsOf(golden), rules: wholeValues });
      for (const largest of [1, 2, 3, 7, 40, 300, 3000]) {
        const size = () => random.between(1, largest + 1);
        const rules = new RecordingTap();
        const cut = told(drive(definitionOf(golden), stepsOf(golden), { ...optionsOf(golden), size, rules }));
        expect(cut, `pieces up to ${largest}`).toEqual(whole);
        expect(Object.fromEntries(rules.values), `what rules see in pieces up to ${largest}`).toEqual(
          Object.fromEntries(wholeValues.values),
        );
      }
    });
  });

  describe(`${plugin.name}: hostile bytes`, () => {
    test.each(goldens)("%s: changed at random, nothing throws", (_name, golden) => {
      const random = new Random(11);
      const definition = definitionOf(golden);
      for (let round = 0; round < fuzzRounds; round++) {
        const steps = stepsOf(golden).map(([side, what]): Step => [side, typeof what === "number" ? what : changed(what, random)]);
        const first = steps.find(([, what]) => typeof what !== "number");
        if (first !== undefined) definition.probe(first[0], ByteView.over(first[1] as Uint8Array), random.between(0, 2) === 0);
        const rules = new RecordingTap();
        const outcome = drive(definition, steps, { ...optionsOf(golden), size: () => random.between(1, 400), rules });
        for (const [kind, , , fields, beside] of outcome.events)
          if (kind !== "fileinfo")
            expect(misfits(plugin, kind, plain(fields), plain(beside ?? {}) as object), `round ${round}`).toEqual([]);
      }
    });

    test.each(definitions.map((one) => [`${one.name} over ${one.transports.join(" and ")}`, one] as const))(
      "%s: noise, nothing throws",
      (_name, definition) => {
        const random = new Random(13);
        for (let round = 0; round < fuzzRounds; round++) {
          const steps = Array.from({ length: 3 }, (): Step => [random.between(0, 2) as Side, noise(random)]);
          definition.probe(0, ByteView.over(steps[0]?.[1] as Uint8Array), true);
          for (const transport of definition.transports) drive(definition, steps, { transport });
        }
      },
    );
  });
}

/** Words of a plugin and of those whose messages it tells. */
async function wordsInReach(plugin: Plugin): Promise<readonly RuleWord[]> {
  const lent: RuleWord[] = [];
  for (const name of plugin.needs ?? []) {
    // Some are code alone.
    if (!existsSync(join(import.meta.dirname, "../../src/protocols", name, "index.ts"))) continue;
    lent.push(...(((await import(`#protocols/${name}/index.ts`)) as { default: Plugin }).default.words ?? []));
  }
  return [...(plugin.words ?? []), ...lent];
}

/** What rules see of a flow: values that the parser gave, and those that stand in the events. */
function wordsOf(plugin: Plugin, tap: RecordingTap, { events }: Outcome): { readonly [word: string]: readonly WordValue[] } {
  const seen: [string, readonly WordValue[]][] = [];
  for (const word of plugin.words ?? []) {
    const values = word.from === undefined ? (tap.values.get(word.name) ?? []) : valuesInEvents(word, events);
    if (values.length > 0) seen.push([word.name, plain(values) as WordValue[]]);
  }
  return Object.fromEntries(seen);
}

const lentKinds = new Map<string, readonly Kind[]>();
const ajv = new Ajv2020({ allErrors: true });
const validators = new Map<string, ReturnType<typeof ajv.compile>>();

/** How an event's members differ from what its kind declares. */
function misfits(plugin: Plugin, kind: string, fields: unknown, beside: object): string[] {
  const kinds = [...(plugin.kinds ?? []), ...(lentKinds.get(plugin.name) ?? [])];
  const declared = kinds.find((one) => one.name === kind)?.fields;
  if (declared === undefined) return [`${plugin.name} declares no kind ${kind}`];
  const problems: string[] = [];
  for (const [name, value] of Object.entries({ [kind]: fields, ...beside })) {
    const field = declared[name];
    if (field === undefined) {
      problems.push(`${kind} declares no member ${name}`);
      continue;
    }
    const key = `${plugin.name} ${kind} ${name}`;
    const validate = validators.get(key) ?? ajv.compile(fieldSchema(field));
    validators.set(key, validate);
    if (!validate(value)) problems.push(`${name}${ajv.errorsText(validate.errors)}`);
  }
  return problems;
}

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x20];

/** A copy with some bytes changed, cut, repeated or removed. */
function changed(bytes: Uint8Array, random: Random): Uint8Array {
  let copy = bytes.slice();
  const changes = random.between(0, 5);
  for (let i = 0; i < changes && copy.length > 0; i++) {
    const at = random.between(0, copy.length);
    const what = random.between(0, 6);
    if (what <= 1) copy[at] = random.between(0, 256);
    else if (what === 2) copy[at] = INTERESTING[random.between(0, INTERESTING.length)] as number;
    else if (what === 3) copy = copy.slice(0, at);
    else if (what === 4) copy = Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(Math.max(0, at - 8))]);
    else copy = Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(Math.min(copy.length, at + random.between(1, 9)))]);
  }
  return copy;
}

const noise = (random: Random): Uint8Array => Uint8Array.from({ length: random.between(0, 200) }, () => random.between(0, 256));
