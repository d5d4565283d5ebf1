import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";

protocolSuite(plugin, import.meta.dirname);
