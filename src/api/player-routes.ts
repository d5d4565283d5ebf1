import type { FastifyInstance, FastifyRequest } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { PlayerMarks } from "#contract/player-marks.ts";
import type { Condition, Plan, Store } from "#contract/store.ts";
import type { PlayerAnswer, PlayerMark, PlayerMarkChange, PlayersAnswer } from "#schema/player.ts";
import { ref } from "./answer-schemas.ts";
import { addChange, type BodyMember, type ChangeBody } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { listParameters, planOf } from "./event-plan.ts";
import type { KindResource } from "./kind-resources.ts";
import type { Parameter, ParameterValues } from "./parameters.ts";
import { playerRow, pointOf, sessionsOf } from "./player-row.ts";
import { addRoute } from "./route.ts";

const path = "/api/v1/players";
/** Events of a player that its history and its sessions are made of: eight hours of play. */
const historyMax = 1000;
const findingsMax = 100;
/** Marked players that one list can be narrowed to. */
const markedMax = 10_000;

const idParameter = {
  type: "object",
  properties: { id: { type: "string", description: "Id of the player: `lantern:42`." } },
  required: ["id"],
} as const;

const marks = { watched: "watched", whitelisted: "whitelisted", noted: "note" } as const;

const ownParameters: readonly Parameter[] = [
  { name: "find", type: "text", doc: "A part of the player's name, id or address." },
  { name: "marked", type: "text", doc: "Only players that people marked so.", choices: Object.keys(marks) },
];

/** Players of games: how each stands now, what is known of one, and what people say of it. */
export function addPlayerRoutes(app: FastifyInstance, context: ApiContext): void {
  const resource = context.resources.find(({ kind }) => kind.name === "player");
  if (resource === undefined) return;
  addRoute(app, {
    path,
    summary: "Players of games, each once, as its newest event tells it. Every event of theirs is at `/api/v1/player-events`.",
    tag: "players",
    operationId: "players",
    parameters: [...listParameters(resource).filter(({ name }) => name !== "format"), ...ownParameters],
    answer: ref("Players"),
    handle: (values) => playersAnswer(context, resource, values),
  });
  addRoute(app, {
    path: `${path}/:id`,
    summary: "A player: newest event with statistics and evidence, history of its score, sessions and findings.",
    tag: "players",
    operationId: "player",
    pathParameters: idParameter,
    answer: ref("Player"),
    handle: (_values, request) => playerAnswer(context, idOf(request)),
  });
  addMarks(app, context);
}

async function playersAnswer(context: ApiContext, resource: KindResource, values: ParameterValues): Promise<PlayersAnswer> {
  const plan = planOf(resource, values, path, context.now());
  const parts = [...(plan.where === undefined ? [] : [plan.where]), ...ownConditions(context.marks, values)];
  const where: Condition | undefined = parts.length > 1 ? { op: "and", parts } : parts[0];
  const page = await context.gate.ask((store) => store.query({ ...plan, where, newestOf: "id" }));
  const players = page.events.map((event) => {
    const row = playerRow(event, undefined);
    return playerRow(event, context.marks?.get(row.id));
  });
  return { players, ...(page.next !== undefined && { next: page.next }) };
}

function ownConditions(held: PlayerMarks | undefined, values: ParameterValues): readonly Condition[] {
  const find = values.text("find") ?? "";
  const marked = values.text("marked") as keyof typeof marks | undefined;
  const parts: Condition[] = [];
  if (find !== "") parts.push({ op: "or", parts: ["name", "id", "src_ip"].map((column): Condition => ({ op: "~", column, value: find })) });
  if (marked !== undefined) {
    const ids = (held?.all() ?? []).filter((mark) => mark[marks[marked]] !== false && mark[marks[marked]] !== "");
    parts.push({ op: "in", column: "id", values: ids.slice(0, markedMax).map(({ player }) => player) });
  }
  return parts;
}

async function playerAnswer(context: ApiContext, id: string): Promise<PlayerAnswer> {
  return context.gate.ask(async (store): Promise<PlayerAnswer> => {
    const page = await store.query(eventsOf("player", "id", id, historyMax));
    const [event] = page.events;
    if (event === undefined) throw new OddwireError("ODW_PLAYER_UNKNOWN", { player: JSON.stringify(id.slice(0, 100)) });
    return {
      player: playerRow(event, context.marks?.get(id)),
      event,
      history: page.events.map(pointOf).toReversed(),
      sessions: sessionsOf(page.events),
      findings: await findingsOf(context, store, id),
      truncated: page.next !== undefined,
    };
  });
}

async function findingsOf({ resources }: ApiContext, store: Store, id: string): Promise<PlayerAnswer["findings"]> {
  const known = resources.some(({ kind }) => kind.name === "finding" && kind.columns.some(({ name }) => name === "player"));
  return known ? (await store.query(eventsOf("finding", "player", id, findingsMax))).events : [];
}

const eventsOf = (kind: string, column: string, value: string, limit: number): Plan => ({
  kind,
  where: { op: "=", column, value },
  order: { column: "time", descending: true },
  limit,
});

function addMarks(app: FastifyInstance, context: ApiContext): void {
  const onMember: BodyMember = { type: "boolean", doc: "Whether it stands on the list.", required: true };
  const noteMember: BodyMember = { type: "text", doc: "The note; empty for none.", required: true };
  const changes = [
    ["notes", "Writes the note on a player.", { text: noteMember }, (body) => ({ note: body.text("text") ?? "" })],
    ["watch", "Puts a player on the watch list, or takes it off.", { on: onMember }, (body) => ({ watched: body.flag("on") === true })],
    [
      "whitelist",
      "Puts a player on the whitelist, or takes it off: nothing is found of those on it, from their next event on.",
      { on: onMember },
      (body) => ({ whitelisted: body.flag("on") === true }),
    ],
  ] as const satisfies readonly (readonly [string, string, Record<string, BodyMember>, (body: ChangeBody) => PlayerMarkChange])[];
  for (const [name, summary, body, changeOf] of changes)
    addChange(app, {
      method: "PUT",
      path: `${path}/:id/${name}`,
      summary,
      tag: "players",
      operationId: `player_${name}`,
      pathParameters: idParameter,
      body,
      answer: ref("PlayerMark"),
      handle: (given, request): PlayerMark => marksOf(context).put(idOf(request), changeOf(given)),
    });
}

/** What people say of players. Throws ODW_STORE_ABSENT where nothing keeps it. */
function marksOf({ marks: held }: ApiContext): PlayerMarks {
  if (held === undefined) throw new OddwireError("ODW_STORE_ABSENT");
  return held;
}

const idOf = (request: FastifyRequest): string => (request.params as { readonly id: string }).id;
