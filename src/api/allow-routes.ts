import type { FastifyInstance } from "fastify";
import type { AllowControl } from "#contract/allow-control.ts";
import { OddwireError } from "#contract/errors.ts";
import { ref } from "./answer-schemas.ts";
import { addChange, type BodyMember } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

const path = "/api/v1/findings/allow";
const entryMember: BodyMember = {
  type: "text",
  doc: "WHO, WHO>WHOM, DETECTOR=WHO or DETECTOR=WHO>WHOM: addresses, networks or names.",
  required: true,
};

/** Throws ODW_STORE_ABSENT where nothing keeps it. */
function allowOf(context: ApiContext): AllowControl {
  if (context.allow === undefined) throw new OddwireError("ODW_STORE_ABSENT");
  return context.allow;
}

/** Who is never told: all entries with what they have kept back, and changes of those that are not the configuration's. */
export function addAllowRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path,
    summary: "Who is never told, since when, why, until when, and what was kept back because of it.",
    tag: "findings",
    operationId: "findings_allow",
    answer: ref("Allowed"),
    handle: () => allowOf(context).list(),
  });
  addChange(app, {
    method: "POST",
    path,
    summary: "Never tells of somebody again, from now on; an entry that there is gets the note and the end.",
    tag: "findings",
    operationId: "findings_allow_add",
    body: {
      entry: entryMember,
      note: { type: "text", doc: "Why." },
      who: { type: "text", doc: "Who says so." },
      expires: { type: "text", doc: "When it stops protecting: `12h`, `7d`, `2027-01-31`; never when absent." },
    },
    answer: ref("AllowedEntry"),
    handle: (body) => {
      const members = ["note", "who", "expires"].flatMap((name): [string, string][] => {
        const value = body.text(name);
        return value === undefined ? [] : [[name, value]];
      });
      return allowOf(context).add({ entry: body.text("entry") ?? "", ...Object.fromEntries(members) });
    },
  });
  addChange(app, {
    method: "DELETE",
    path,
    summary: "Tells of somebody again. What stands in the configuration stays.",
    tag: "findings",
    operationId: "findings_allow_remove",
    body: { entry: entryMember },
    answer: ref("Done"),
    handle: (body) => {
      allowOf(context).remove(body.text("entry") ?? "");
      return { done: true };
    },
  });
}
