import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseTime } from "#base/time.ts";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { FindingMarks } from "#contract/finding-marks.ts";
import type { Condition, Plan, Store } from "#contract/store.ts";
import {
  type FindingAnswer,
  type FindingMark,
  type FindingState,
  type FindingsAnswer,
  findingStates,
  type HostRisksAnswer,
  type TechniquesAnswer,
} from "#schema/finding-mark.ts";
import { ref } from "./answer-schemas.ts";
import { addChange, type ChangeBody } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { listParameters, planOf } from "./event-plan.ts";
import { allowOf, factsOf, findingRow } from "./finding-row.ts";
import { type FoundOnce, hostRisks, techniquesOf } from "./finding-summaries.ts";
import type { KindResource } from "./kind-resources.ts";
import type { Parameter, ParameterValues } from "./parameters.ts";
import { addRoute } from "./route.ts";
import { severityPage } from "./severity-order.ts";

const listPath = "/api/v1/findings/causes";
const onePath = "/api/v1/findings/:id";
/** Findings that summaries are made of. */
const summarisedMax = 1000;
const tellingsMax = 100;
const alertsMax = 50;
/** Marked findings that one list can be narrowed to. */
const markedMax = 10_000;
const whoCharactersMax = 100;

const idParameter = {
  type: "object",
  properties: { id: { type: "string", description: "Id of the finding." } },
  required: ["id"],
} as const;

const ownParameters: readonly Parameter[] = [
  {
    name: "state",
    type: "text",
    doc: "Only findings in this state; `open` for those that are new or seen.",
    choices: ["open", ...findingStates],
  },
  { name: "host", type: "text", doc: "Only findings with this address as source or target." },
];

/** Findings, each cause once: what is told of it, where it stands, what it adds to the risk of hosts. */
export function addFindingRoutes(app: FastifyInstance, context: ApiContext): void {
  const resource = context.resources.find(({ kind }) => kind.name === "finding");
  if (resource?.kind.columns.some(({ name }) => name === "id") !== true) return;
  addRoute(app, {
    path: listPath,
    summary: "Findings, each once, as its newest event tells it, with its state.",
    tag: "findings",
    operationId: "findings",
    parameters: [
      ...listParameters(resource)
        .filter(({ name }) => name !== "format")
        .map((one) =>
          one.name === "order" ? { ...one, doc: `${one.doc} \`-severity\`: the gravest first, the newest of them on top.` } : one,
        ),
      ...ownParameters,
    ],
    answer: ref("Findings"),
    handle: (values) => listAnswer(context, resource, values),
  });
  addRoute(app, {
    path: "/api/v1/findings/techniques",
    summary: "MITRE ATT&CK techniques that the newest findings name, with how many do.",
    tag: "findings",
    operationId: "techniques",
    answer: ref("Techniques"),
    handle: async (): Promise<TechniquesAnswer> => {
      const { found, truncated } = await newest(context);
      return { techniques: techniquesOf(found.map(({ row }) => row)), truncated };
    },
  });
  addRoute(app, {
    path: "/api/v1/hosts/risk",
    summary: "Hosts by their risk: what was found of them adds up and fades.",
    tag: "findings",
    operationId: "host_risks",
    answer: ref("HostRisks"),
    handle: async (): Promise<HostRisksAnswer> => {
      const { found, truncated } = await newest(context);
      // Of a store without an engine, risks are those of its end.
      const time = context.live?.summary?.time ?? parseTime(found[0]?.row.last ?? "") ?? context.now();
      const told = found.filter(({ row }) => context.allow?.covers(row.detector, row.source, row.target) !== true);
      return { time, hosts: hostRisks(told, time), truncated };
    },
  });
  addRoute(app, {
    path: onePath,
    summary: "A finding: everything told of it, its flow, alerts between its hosts, and how to keep it back.",
    tag: "findings",
    operationId: "finding",
    pathParameters: idParameter,
    answer: ref("Finding"),
    handle: (_values, request) => oneAnswer(context, idOf(request)),
  });
  addMark(app, context);
}

async function listAnswer(context: ApiContext, resource: KindResource, values: ParameterValues): Promise<FindingsAnswer> {
  const plan = planOf(resource, values, listPath, context.now());
  const host = values.text("host");
  const parts: Condition[] = [
    ...(plan.where === undefined ? [] : [plan.where]),
    ...(host === undefined ? [] : [between(host)]),
    ...stateConditions(context.findings, values.text("state")),
  ];
  const where: Condition | undefined = parts.length > 1 ? { op: "and", parts } : parts[0];
  const question: Plan = { ...plan, where, newestOf: "id" };
  const page = await context.gate.ask((store) =>
    question.order.column === "severity" ? severityPage(store, question) : store.query(question),
  );
  const findings = page.events.map((event) => findingRow(event, context.findings));
  return { findings, ...(page.next !== undefined && { next: page.next }) };
}

const between = (host: string): Condition => ({
  op: "or",
  parts: ["src_ip", "dest_ip"].map((column): Condition => ({ op: "in", column, values: [host] })),
});

/** A finding of which nobody has said anything is new: that is asked for by what it is not. */
function stateConditions(marks: FindingMarks | undefined, state: string | undefined): readonly Condition[] {
  if (state === undefined) return [];
  const wanted = (mark: FindingMark): boolean => (state === "open" ? mark.state === "new" || mark.state === "seen" : mark.state === state);
  const isNew = state === "new" || state === "open";
  const values = (marks?.all() ?? [])
    .filter((mark) => wanted(mark) !== isNew)
    .slice(0, markedMax)
    .map(({ finding }) => finding);
  const named: Condition = { op: "in", column: "id", values };
  return [isNew ? { op: "not", part: named } : named];
}

/** The newest findings, each once, that summaries are made of. */
async function newest(context: ApiContext): Promise<{ readonly found: readonly FoundOnce[]; readonly truncated: boolean }> {
  const plan: Plan = {
    kind: "finding",
    where: undefined,
    order: { column: "time", descending: true },
    limit: summarisedMax,
    newestOf: "id",
  };
  const page = await context.gate.ask((store) => store.query(plan));
  const found = page.events.map((event) => ({ event, row: findingRow(event, context.findings, false) }));
  return { found, truncated: page.next !== undefined };
}

async function oneAnswer(context: ApiContext, id: string): Promise<FindingAnswer> {
  return context.gate.ask(async (store): Promise<FindingAnswer> => {
    const tellings = await tellingsOf(store, id, tellingsMax);
    const finding = findingRow(tellings[0] as OddwireEvent, context.findings);
    const kinds = new Set(context.resources.map(({ kind }) => kind.name));
    const flow: Condition = { op: "=", column: "flow_id", value: finding.flow_id ?? 0 };
    const hosts = [finding.source, finding.target].filter((host) => host !== undefined);
    const pair: Condition = { op: "and", parts: hosts.map(between) };
    const advice = context.adviceOf?.(finding.detector);
    return {
      finding,
      tellings,
      flows: finding.flow_id === undefined || !kinds.has("flow") ? [] : (await store.query(eventsOf("flow", flow, 1))).events,
      alerts: hosts.length === 0 || !kinds.has("alert") ? [] : (await store.query(eventsOf("alert", pair, alertsMax))).events,
      allow: allowOf(finding),
      ...(advice === undefined ? {} : { advice }),
    };
  });
}

/** Throws ODW_FINDING_UNKNOWN when there is none. */
async function tellingsOf(store: Store, id: string, limit: number): Promise<readonly OddwireEvent[]> {
  const { events } = await store.query(eventsOf("finding", { op: "=", column: "id", value: id }, limit));
  if (events.length === 0) throw new OddwireError("ODW_FINDING_UNKNOWN", { finding: JSON.stringify(id.slice(0, 100)) });
  return events;
}

const eventsOf = (kind: string, where: Condition, limit: number): Plan => ({
  kind,
  where,
  order: { column: "time", descending: true },
  limit,
});

function addMark(app: FastifyInstance, context: ApiContext): void {
  addChange(app, {
    method: "PUT",
    path: `${onePath}/mark`,
    summary: "Says where a finding stands, or writes the note on it; what is not given stays. Verdicts are learned from.",
    tag: "findings",
    operationId: "finding_mark",
    pathParameters: idParameter,
    body: {
      state: { type: "text", doc: `${findingStates.map((state) => `\`${state}\``).join(", ")}.` },
      note: { type: "text", doc: "The note; empty for none." },
      who: { type: "text", doc: "Who says so." },
    },
    answer: ref("FindingMark"),
    handle: async (body, request): Promise<FindingMark> => {
      if (context.findings === undefined) throw new OddwireError("ODW_STORE_ABSENT");
      const change = changeOf(body);
      const id = idOf(request);
      const [event] = await context.gate.ask((store) => tellingsOf(store, id, 1));
      return context.findings.put(id, change, factsOf(event as OddwireEvent));
    },
  });
}

const bad = (cause: string): OddwireError => new OddwireError("ODW_PARAMETER_BAD", { cause, path: `${onePath}/mark` });

function changeOf(body: ChangeBody): { state?: FindingState; note?: string; who?: string } {
  const [given, note, who] = ["state", "note", "who"].map((name) => body.text(name));
  const state = findingStates.find((one) => one === given);
  if (given !== undefined && state === undefined) throw bad(`state must be one of ${findingStates.join(", ")}`);
  if (who !== undefined && who.length > whoCharactersMax) throw bad(`who is longer than ${whoCharactersMax} characters`);
  if (given === undefined && note === undefined) throw bad("nothing is to be changed: give state or note");
  return { ...(state !== undefined && { state }), ...(note !== undefined && { note }), ...(who !== undefined && { who }) };
}

const idOf = (request: FastifyRequest): string => (request.params as { readonly id: string }).id;
