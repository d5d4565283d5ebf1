import { OddwireError } from "#app/errors.ts";

/** Flags of `oddwire live` for a Suricata or Zeek beside it. */
export interface BesideFlags {
  readonly suricata?: string | true;
  readonly zeek?: string;
}

/**
 * What they set. `--suricata` alone starts one on the same interfaces; `follow=PATH` reads somebody else's eve.json,
 * `socket=PATH` lets one connect.
 */
export function besideSettings({ suricata, zeek }: BesideFlags): string[] {
  const settings = zeek === undefined ? [] : [`zeek.logs=${zeek}`];
  if (suricata === undefined) return settings;
  const [mode = "", ...rest] = suricata === true ? ["start"] : suricata.split(/[=:]/);
  const path = rest.join("=");
  if (!["start", "follow", "socket", "off"].includes(mode) || (mode === "socket" && path === ""))
    throw new OddwireError("ODW_USAGE", { cause: `--suricata ${suricata}: write start, follow=EVE_JSON or socket=PATH` });
  settings.push(`suricata.mode=${mode}`);
  if (path !== "") settings.push(mode === "follow" ? `suricata.eve=${path}` : `suricata.socket=${path}`);
  return settings;
}
