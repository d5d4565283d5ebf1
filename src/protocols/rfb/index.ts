import type { ByteView } from "#base/bytes.ts";
import { definePlugin, Probe, type Side } from "#contract/plugin.ts";
import { rfbKind } from "./facts.ts";
import { isVersion, RfbParser, VERSION_BYTES } from "./parser.ts";
import { rfbWords } from "./words.ts";

function probe(_side: Side, { bytes, at, end }: ByteView): Probe {
  if (!isVersion(bytes, at, end)) return Probe.no;
  return end - at >= VERSION_BYTES ? Probe.yes : Probe.more;
}

export default definePlugin({
  name: "rfb",
  summary: "Shared desktops (VNC): versions, authentication, the desktop's name and size.",
  kinds: [rfbKind],
  words: rfbWords,
  protocols: [
    { name: "rfb", transports: ["tcp"], ports: [5900, 5901], depth: "parsed", probe, create: (context) => new RfbParser(context) },
  ],
});
