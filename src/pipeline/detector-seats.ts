import type { Detector, DetectorDefinition, Finding, SettingValues } from "#contract/detector.ts";
import type { Config } from "#schema/config.ts";
import type { FactReader } from "./fact-reader.ts";
import type { FactWish } from "./facts.ts";

export interface Seat {
  readonly name: string;
  readonly detector: Detector;
  readonly reads: ReadonlySet<string>;
  /** Its settings as text: another text is another detector. */
  readonly settings: string;
}

export interface Hearer {
  readonly detector: Detector;
  readonly hear: (fact: FactReader) => void;
}

type FactMethod =
  | "onFlow"
  | "onFlowEnd"
  | "onFlowUpdate"
  | "onTransaction"
  | "onNeighbour"
  | "onFlowEstablished"
  | "onPacket"
  | "onFlowUnanswered";

/** The method that hears each kind of fact, in the order of `FactKind`. */
const methods: readonly FactMethod[] = [
  "onFlow",
  "onFlowEnd",
  "onFlowUpdate",
  "onTransaction",
  "onNeighbour",
  "onFlowEstablished",
  "onPacket",
  "onFlowUnanswered",
];

function hearerOf(detector: Detector, method: FactMethod): Hearer[] {
  const heard = detector[method];
  return heard === undefined ? [] : [{ detector, hear: heard.bind(detector) }];
}

const hearsFindingsOnly = (detector: Detector): boolean =>
  ([...methods, "onAlert", "onTick", "onEnd"] as const).every((method) => detector[method] === undefined);

export interface DetectorSeatsOptions {
  readonly config: Config;
  /** All that may be on, in the order in which they hear. */
  readonly definitions: readonly DetectorDefinition[];
  /** Those that always are. */
  readonly listeners: readonly DetectorDefinition[];
  readonly report: (definition: DetectorDefinition, finding: Finding) => void;
  /** What detectors have learnt in earlier runs, by name. */
  readonly saved: Readonly<Record<string, unknown>>;
  /** Reads a file that a setting names. */
  readonly readFile?: ((path: string) => Uint8Array) | undefined;
}

/**
 * The detectors that are on, who of them hears what, and what is kept of those that are off. They change while the
 * engine runs: whoever gets other settings is made anew with what it has learnt, and all others go on as they are.
 */
export class DetectorSeats {
  seats: readonly Seat[] = [];
  /** Who hears each kind of fact, by its number; messages are in `readers`. */
  hearers: readonly (readonly Hearer[])[] = [];
  /** Who hears the messages of a kind. */
  readers: ReadonlyMap<string, readonly Hearer[]> = new Map();
  /** Nobody listens to anything but findings. */
  isIdle = true;
  /** Kinds of messages by their numbers in facts. It only grows: facts that are under way keep their meaning. */
  readonly kinds: string[] = [];
  readonly #options: DetectorSeatsOptions;
  /** What those that are off have learnt while they were on. */
  readonly #parked: Map<string, unknown>;

  constructor(options: DetectorSeatsOptions) {
    this.#options = options;
    this.#parked = new Map(Object.entries(options.saved));
    this.seats = this.#seatsFor(options.config);
    this.#connect();
  }

  /**
   * Goes by another configuration from now on. The names of those that were switched or made anew; `isBenched` detectors are
   * made anew, too: what they have learnt may be what broke them, and is not taken along. Throws what the making of a
   * detector has thrown, and all stay as they are.
   */
  configure(config: Config, isBenched: (detector: Detector) => boolean): readonly string[] {
    const before = this.seats;
    for (const { name, detector } of before) {
      if (isBenched(detector)) this.#parked.delete(name);
      else if (detector.save !== undefined) this.#park(name, detector);
    }
    this.seats = this.#seatsFor(
      config,
      before.filter(({ detector }) => !isBenched(detector)),
    );
    this.#connect();
    const [left, come] = [before.filter((seat) => !this.seats.includes(seat)), this.seats.filter((seat) => !before.includes(seat))];
    return [...new Set([...left, ...come].map(({ name }) => name))];
  }

  #park(name: string, detector: Detector): void {
    try {
      this.#parked.set(name, detector.save?.());
    } catch {
      // Whoever cannot say what it has learnt begins anew.
      this.#parked.delete(name);
    }
  }

  /** What was learnt by those that are off now. */
  get parked(): Readonly<Record<string, unknown>> {
    const here = new Set(this.seats.map(({ name }) => name));
    const known = new Set(this.#options.definitions.map(({ name }) => name));
    return Object.fromEntries([...this.#parked].filter(([name, saved]) => saved !== undefined && known.has(name) && !here.has(name)));
  }

  /** What the detectors listen to: other facts need not be made. */
  get wish(): FactWish {
    const hears = (method: keyof Detector): boolean => this.seats.some(({ detector }) => detector[method] !== undefined);
    return {
      starts: hears("onFlow"),
      established: hears("onFlowEstablished"),
      ends: hears("onFlowEnd"),
      updates: hears("onFlowUpdate"),
      neighbours: hears("onNeighbour"),
      packets: hears("onPacket"),
      unanswered: hears("onFlowUnanswered"),
      kinds: [...this.kinds],
    };
  }

  #seatsFor(config: Config, present: readonly Seat[] = []): readonly Seat[] {
    const { definitions, listeners } = this.#options;
    const wanted = [...definitions.filter(({ name, isOn }) => isEnabled(config, name, isOn)), ...listeners];
    return wanted.map((definition) => {
      const values = settingsOf(config, definition);
      const settings = JSON.stringify(values);
      return (
        present.find((seat) => seat.name === definition.name && seat.settings === settings) ?? this.#seat(definition, values, settings)
      );
    });
  }

  #seat(definition: DetectorDefinition, settings: SettingValues<NonNullable<DetectorDefinition["settings"]>>, text: string): Seat {
    const { config, report, readFile } = this.#options;
    return {
      name: definition.name,
      reads: new Set(definition.reads),
      settings: text,
      detector: definition.create({
        report: (finding) => report(definition, finding),
        settings,
        seed: config["engine.seed"],
        saved: this.#parked.get(definition.name),
        readFile,
      }),
    };
  }

  #connect(): void {
    this.isIdle = this.seats.every(({ detector }) => hearsFindingsOnly(detector));
    this.hearers = methods.map((method) => this.seats.flatMap(({ detector }) => hearerOf(detector, method)));
    this.readers = new Map(
      [...new Set(this.seats.flatMap(({ reads }) => [...reads]))].map((kind) => [
        kind,
        this.seats.filter(({ reads }) => reads.has(kind)).flatMap(({ detector }) => hearerOf(detector, "onTransaction")),
      ]),
    );
    for (const { reads, detector } of this.seats)
      for (const kind of [...reads, ...(detector.onAlert === undefined ? [] : ["alert"])])
        if (!this.kinds.includes(kind)) this.kinds.push(kind);
  }
}

const settingOf = (config: Config, name: string): unknown => (config as Readonly<Record<string, unknown>>)[name];

const isEnabled = (config: Config, name: string, isOn = true): boolean => (settingOf(config, `${name}.enabled`) ?? isOn) === true;

/** The configured values of a detector's settings; its defaults where the configuration was made without them. */
function settingsOf(
  config: Config,
  { name, settings = {} }: DetectorDefinition,
): SettingValues<NonNullable<DetectorDefinition["settings"]>> {
  return Object.fromEntries(
    Object.entries(settings).map(([setting, key]) => [setting, settingOf(config, `${name}.${setting}`) ?? key.default]),
  ) as SettingValues<NonNullable<DetectorDefinition["settings"]>>;
}
