import { httpKind } from "#protocols/http1/facts.ts";
import { sseKind } from "#protocols/server-sent-events/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite(plugin, import.meta.dirname, 300, [httpKind, sseKind]);
