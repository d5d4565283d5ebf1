/** What alerts show of the traffic beside what has matched: `alert.*` of the configuration. */
export interface AlertShows {
  /** Base64, and as text with dots for what cannot be shown. */
  readonly payload: boolean;
  readonly payloadPrintable: boolean;
  readonly payloadLength: boolean;
  readonly packet: boolean;
  readonly httpBody: boolean;
  readonly httpBodyPrintable: boolean;
  /** Bytes of a payload or body that one alert shows. */
  readonly bytesMax: number;
}

/** `undefined` when alerts show nothing of it. */
export function showsOf(config: Readonly<Record<string, unknown>>): AlertShows | undefined {
  const shows = {
    payload: config["alert.payload"] === true,
    payloadPrintable: config["alert.payload-printable"] === true,
    payloadLength: config["alert.payload-length"] === true,
    packet: config["alert.packet"] === true,
    httpBody: config["alert.http-body"] === true,
    httpBodyPrintable: config["alert.http-body-printable"] === true,
  };
  if (!Object.values(shows).includes(true)) return undefined;
  const bytesMax = config["alert.payload-bytes-max"];
  return { ...shows, bytesMax: typeof bytesMax === "number" ? bytesMax : 4096 };
}

/** Alerts show what a stream has carried, so that it is kept for them. */
export const showsPayload = (shows: AlertShows | undefined): boolean =>
  shows !== undefined && (shows.payload || shows.payloadPrintable || shows.payloadLength);

/** Bodies that have to be kept for alerts, by the name of their word. */
export const bodyWords = ["http.request_body", "http.response_body"] as const;

export const showsBodies = (shows: AlertShows | undefined): boolean => shows !== undefined && (shows.httpBody || shows.httpBodyPrintable);
