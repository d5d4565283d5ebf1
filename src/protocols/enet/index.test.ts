import { gameKind } from "#protocols/game-query/facts.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite({ ...plugin, kinds: [gameKind] }, import.meta.dirname);
