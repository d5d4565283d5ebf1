import type { FastifyInstance, FastifyRequest } from "fastify";
import type { DetectorControl } from "#contract/detector-control.ts";
import type { DetectorTrials } from "#contract/detector-trials.ts";
import { OddwireError } from "#contract/errors.ts";
import { ref } from "./answer-schemas.ts";
import { addChange } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

const path = "/api/v1/detectors";
const trialPath = "/api/v1/trials/detectors";
const nameParameter = {
  type: "object",
  properties: { name: { type: "string", description: "Name of the detector." } },
  required: ["name"],
} as const;
const settingParameter = {
  type: "object",
  properties: { ...nameParameter.properties, setting: { type: "string", description: "Name of the setting." } },
  required: ["name", "setting"],
} as const;

/** Throws ODW_ENGINE_ABSENT where there is nothing that detects. */
function detectorsOf(context: ApiContext): DetectorControl {
  if (context.detectors === undefined) throw new OddwireError("ODW_ENGINE_ABSENT");
  return context.detectors;
}

/** Detectors: what there is and how it is set, and changes that hold at once and over restarts. */
export function addDetectorRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path,
    summary: "All detectors: what they find, whether they are on, how they are set, how much they have told.",
    tag: "detectors",
    operationId: "detectors",
    answer: ref("Detectors"),
    handle: () => detectorsOf(context).list(),
  });
  addChange(app, {
    method: "PATCH",
    path: `${path}/:name`,
    summary: "Switches a detector on or off, from now on and over restarts.",
    tag: "detectors",
    operationId: "detectors_switch",
    pathParameters: nameParameter,
    body: { on: { type: "boolean", doc: "Whether it looks at what comes.", required: true } },
    answer: ref("Detector"),
    handle: (body, request) => detectorsOf(context).switch(partsOf(request).name, body.flag("on") === true),
  });
  addChange(app, {
    method: "DELETE",
    path: `${path}/:name`,
    summary: "Lets a detector go by the configuration again.",
    tag: "detectors",
    operationId: "detectors_reset",
    pathParameters: nameParameter,
    answer: ref("Detector"),
    handle: (_body, request) => detectorsOf(context).reset(partsOf(request).name),
  });
  addChange(app, {
    method: "PUT",
    path: `${path}/:name/settings/:setting`,
    summary: "Sets a threshold or another setting, from now on and over restarts.",
    tag: "detectors",
    operationId: "detectors_set",
    pathParameters: settingParameter,
    body: { value: { type: "text", doc: "As the configuration would have it: `40`, `0.9`, `a,b`.", required: true } },
    answer: ref("Detector"),
    handle: (body, request) => {
      const { name, setting } = partsOf(request);
      return detectorsOf(context).set(name, setting, body.text("value") ?? "");
    },
  });
  addChange(app, {
    method: "DELETE",
    path: `${path}/:name/settings/:setting`,
    summary: "Lets a setting be as the configuration has it.",
    tag: "detectors",
    operationId: "detectors_reset_setting",
    pathParameters: settingParameter,
    answer: ref("Detector"),
    handle: (_body, request) => {
      const { name, setting } = partsOf(request);
      return detectorsOf(context).reset(name, setting);
    },
  });
}

/** Throws ODW_ENGINE_ABSENT where nothing can be tried. */
function trialsOf(context: ApiContext): DetectorTrials {
  if (context.trials === undefined) throw new OddwireError("ODW_ENGINE_ABSENT");
  return context.trials;
}

/** Trials: begun, asked for until they are done, and given up when nobody asks any more. */
export function addTrialRoutes(app: FastifyInstance, context: ApiContext): void {
  const tag = "detectors";
  const answer = ref("DetectorTrial");
  addRoute(app, {
    path: trialPath,
    summary: "How far the trial is, or what came of the last one.",
    tag,
    operationId: "detectors_trial",
    answer,
    handle: () => trialsOf(context).state(),
  });
  addChange(app, {
    method: "POST",
    path: trialPath,
    summary: "Tries other settings on the packets that were kept: which findings would come and go. One at a time.",
    tag,
    operationId: "detectors_trial_begin",
    body: { settings: { type: "text", doc: "One a line: `scan.targets-min=60`, `packet-novelty.enabled=true`.", required: true } },
    answer,
    handle: (body) => {
      const lines = (body.text("settings") ?? "").split("\n").map((line) => line.trim());
      return trialsOf(context).begin(lines.filter((line) => line !== ""));
    },
  });
  addChange(app, {
    method: "DELETE",
    path: trialPath,
    summary: "Gives the trial up, and forgets what came of it.",
    tag,
    operationId: "detectors_trial_cancel",
    answer,
    handle: () => trialsOf(context).cancel(),
  });
}

const partsOf = (request: FastifyRequest): { readonly name: string; readonly setting: string } =>
  request.params as { readonly name: string; readonly setting: string };
