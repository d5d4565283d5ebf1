import { definePlugin } from "#contract/plugin.ts";
import { mysqlKind } from "./facts.ts";
import { MysqlParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "mysql",
  summary: "MySQL and MariaDB: logins, commands and their results.",
  kinds: [mysqlKind],
  protocols: [{ name: "mysql", transports: ["tcp"], ports: [3306, 3307], probe, create: (context) => new MysqlParser(context) }],
});
