import { type ErrorCode, OddwireError } from "#contract/errors.ts";
import type { ErrorBody } from "#schema/api.ts";

/** HTTP status of each failure that is not a bug of ours. */
const STATUS: { readonly [code in ErrorCode]?: number } = {
  ODW_PARAMETER_BAD: 400,
  ODW_QUERY_BAD: 400,
  ODW_REQUEST_BAD: 400,
  ODW_PATH_UNKNOWN: 404,
  ODW_FLOW_UNKNOWN: 404,
  ODW_PACKETS_ABSENT: 404,
  ODW_PLAYER_UNKNOWN: 404,
  ODW_FINDING_UNKNOWN: 404,
  ODW_PLUGIN_UNKNOWN: 404,
  ODW_CAPTURE_UNKNOWN: 404,
  ODW_CAPTURE_REFUSED: 409,
  ODW_HOST_REFUSED: 403,
  ODW_ORIGIN_REFUSED: 403,
  ODW_LIST_BAD: 400,
  ODW_SETTING_BAD: 400,
  ODW_TRIAL_ABSENT: 409,
  ODW_DETECTOR_UNKNOWN: 404,
  ODW_RELOAD_REFUSED: 409,
  ODW_FILE_MISSING: 409,
  ODW_OUT_UNWRITABLE: 409,
  ODW_STORE_ABSENT: 503,
  ODW_ENGINE_ABSENT: 503,
  ODW_GAMES_ABSENT: 503,
  ODW_BUSY: 503,
  ODW_QUERY_SLOW: 503,
  ODW_STORE_UNREADABLE: 503,
};

export interface Failure {
  readonly status: number;
  readonly body: ErrorBody;
}

/** What a client is told. The cause of a bug stays here; it may hold what strangers should not read. */
export function failureOf(thrown: unknown): Failure {
  const error = known(thrown);
  const message = error.message.endsWith(` (${error.mend})`) ? error.message.slice(0, -error.mend.length - 3) : error.message;
  const status = error.code === "ODW_REQUEST_BAD" ? (statusOf(thrown) ?? 400) : (STATUS[error.code] ?? 500);
  return { status, body: { error: { code: error.code, message, mend: error.mend } } };
}

function known(thrown: unknown): OddwireError {
  if (thrown instanceof OddwireError) return thrown;
  if (statusOf(thrown) === undefined) return new OddwireError("ODW_INTERNAL");
  return new OddwireError("ODW_REQUEST_BAD", { cause: (thrown as Error).message });
}

/** The status of a failure of the HTTP layer (a body too long, a broken address) that is the client's doing. */
function statusOf(thrown: unknown): number | undefined {
  const status = thrown instanceof Error && "statusCode" in thrown ? thrown.statusCode : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}
