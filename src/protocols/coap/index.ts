import { MessageParser } from "#contract/message-parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { coapKind } from "./facts.ts";
import { probe, read } from "./parser.ts";

export default definePlugin({
  name: "coap",
  summary: "CoAP: requests to small devices.",
  kinds: [coapKind],
  protocols: [{ name: "coap", transports: ["udp"], ports: [5683], probe, create: (context) => new MessageParser(context, "coap", read) }],
});
