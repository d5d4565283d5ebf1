import { parseAddress } from "#base/address.ts";
import { COMMUNITY_ID_BYTES, CommunityId } from "#flow/community-id.ts";
import * as R from "#flow/record.generated.ts";
import type { KnownFlow } from "#suricata/flow-table.ts";

/** Makes a function that tells the Community ID of a flow whose facts are known, as our events tell it. */
export function communityIdMaker(): (flow: KnownFlow) => string {
  const maker = new CommunityId();
  const words = new Int32Array(R.RECORD_WORDS);
  const text = Buffer.alloc(COMMUNITY_ID_BYTES);
  return ({ client, server, clientPort, serverPort, protocol }) => {
    const [a, b] = [parseAddress(client), parseAddress(server)];
    if (a === undefined || b === undefined) return "";
    words.set(a.words, R.CLIENT);
    words.set(b.words, R.SERVER);
    words[R.KIND] = protocol;
    words[R.PORTS] = (clientPort << 16) | serverPort;
    maker.write(words, 0, a.version === 6, text, 0);
    return text.toString("latin1");
  };
}
