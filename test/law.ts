/**
 * Who may import whom: the table of docs/architecture.md as code. A room may import itself and the rooms named here;
 * what is absent is forbidden. `protocols` and `detectors` are shelves: each folder on them is a room of its own.
 */
export const law: Readonly<Record<string, readonly string[]>> = {
  base: [],
  schema: ["base"],
  contract: ["base", "schema"],
  wire: ["base"],
  engine: ["base"],
  native: ["base"],
  capture: ["base", "contract", "wire", "native"],
  flow: ["base", "schema", "contract", "wire"],
  protocols: ["base", "schema", "contract", "wire"],
  detectors: ["base", "schema", "contract", "engine"],
  pipeline: ["base", "schema", "contract", "flow"],
  game: ["base", "schema", "contract", "engine", "native"],
  suricata: ["base", "schema", "contract", "engine", "native"],
  host: ["base", "schema", "contract", "engine", "native"],
  query: ["base", "schema"],
  store: ["base", "schema", "contract", "query"],
  bus: ["base", "schema", "contract", "query"],
  deliver: ["base", "schema", "contract", "query"],
  api: ["base", "schema", "contract", "query"],
  client: ["base", "schema", "query"],
  tui: ["base", "schema", "client"],
  web: ["base", "schema", "client"],
  cli: ["base", "schema", "client", "tui", "app"],
  app: ["*"],
};

/** Rooms that run in a browser too: nothing from Node. */
export const pureRooms = ["base", "schema", "contract", "wire", "engine", "flow", "protocols", "detectors"];

/** An import that breaks the law, as one line for people. */
export interface Violation {
  readonly file: string;
  readonly reason: string;
}

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g;

/** Violations of one file; `path` is relative to the repository: `src/flow/key.ts`. */
export function check(path: string, text: string, needs: (plugin: string) => readonly string[]): Violation[] {
  const [top, room = "", folder = ""] = path.split("/");
  const own = top === "web" ? "web" : room;
  const isTest = /\.test\.tsx?$|\/testing\.ts$|\.common\.ts$|\/[\w-]+-contract\.ts$/.test(path);
  const violations: Violation[] = [];
  for (const match of text.matchAll(importPattern)) {
    const target = match[1] ?? match[2] ?? match[3] ?? "";
    const reason = reasonAgainst(target, own, folder, isTest, path, needs);
    if (reason !== undefined) violations.push({ file: path, reason });
  }
  return violations;
}

function reasonAgainst(
  target: string,
  room: string,
  folder: string,
  isTest: boolean,
  path: string,
  needs: (plugin: string) => readonly string[],
): string | undefined {
  if (target.startsWith("../") && room !== "web") return `${target}: inside a room ./, across rooms #room/, never ../`;
  if (target.startsWith("node:"))
    return pureRooms.includes(room) && !isTest ? `${target}: ${room} is pure and imports nothing from Node` : undefined;
  if (!target.startsWith("#")) return undefined;
  const [other = "", plugin = ""] = target.slice(1).split("/");
  if (other === room)
    return isShelf(room) && !sharedOnShelf(path) && plugin !== folder && !needs(folder).includes(plugin)
      ? `${target}: ${folder} does not declare that it needs ${plugin}`
      : undefined;
  if (isTest && (other === "test" || other === "capture" || other === "pipeline")) return undefined;
  const allowed = law[room];
  if (allowed === undefined) return `${room} is no room of the law`;
  if (allowed.includes("*") || allowed.includes(other)) return undefined;
  return `${target}: ${room} may import ${allowed.join(", ") || "nothing"}`;
}

const isShelf = (room: string): boolean => room === "protocols" || room === "detectors";
/** Generated registries stand beside the folders of a shelf. */
const sharedOnShelf = (path: string): boolean => path.split("/").length === 3;
