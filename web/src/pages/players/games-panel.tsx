import { count, plain } from "#base/units.ts";
import type { PluginRow, UnknownOpcodeRow } from "#schema/game.ts";
import { AwaitedLine, isAwaited } from "#web/parts/awaited-line.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import "#web/parts/facts.css";

/** How often plugins and opcodes are asked for. */
const everyMs = 10_000;
/** Opcodes and guesses of one that are shown. */
const opcodesMax = 50;
const lengthsMax = 4;

/** Plugins of games and the opcodes that they do not know: closed until somebody wants to see it, absent where there is nothing. */
export function GamesPanel() {
  const { api } = useServices();
  const kept = useLoaded("plugins", (signal) => api.games.plugins(signal), everyMs);
  const met = useLoaded("unknown", (signal) => api.games.unknown(signal), everyMs);
  if (isAwaited(kept) || isAwaited(met)) return <AwaitedLine />;
  const plugins = kept.data?.plugins ?? [];
  const unknown = met.data?.opcodes ?? [];
  if (plugins.length === 0 && unknown.length === 0) return null;
  return (
    <details className="games-panel">
      <summary>
        {count(plugins.length)} {plugins.length === 1 ? "plugin" : "plugins"}, {count(unknown.length)} unknown{" "}
        {unknown.length === 1 ? "opcode" : "opcodes"}
      </summary>
      <div className="player-tables">
        {plugins.length > 0 && <Plugins rows={plugins} />}
        {unknown.slice(0, opcodesMax).map((row) => (
          <Opcode key={`${row.game} ${row.direction} ${row.opcode}`} row={row} />
        ))}
        {unknown.length > 0 && (
          <p className="dim">
            <code>oddwire catalog unknown --header</code> prints these guesses as a C header to begin with.
          </p>
        )}
      </div>
    </details>
  );
}

function Plugins({ rows }: { readonly rows: readonly PluginRow[] }) {
  return (
    <table className="facts-table">
      <thead>
        <tr>
          <th scope="col">plugin</th>
          <th scope="col">state</th>
          <th scope="col">pieces</th>
          <th scope="col">failed</th>
          <th scope="col">trouble</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ file, name, game, version, state, requests, failures, trouble }) => (
          <tr key={file}>
            <th scope="row" title={file}>
              {name === undefined ? file.split("/").at(-1) : `${name} ${version ?? ""}`} <span className="dim">{game}</span>
            </th>
            <td>{state}</td>
            <td>{requests === undefined ? "–" : count(requests)}</td>
            <td>{failures === undefined ? "–" : count(failures)}</td>
            <td>{trouble ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Opcode({ row }: { readonly row: UnknownOpcodeRow }) {
  const lengths = row.lengths.slice(0, lengthsMax).map(({ length, count: packets }) => `${length} (${count(packets)})`);
  return (
    <table className="facts-table">
      <caption>
        <span className="mono">{row.opcode}</span> <span className="dim">{row.direction === "to_client" ? "to client" : "to server"}</span>{" "}
        {row.named ? "has a name and no struct" : "is unknown"}: {count(row.count)} packets of {lengths.join(", ")} bytes,{" "}
        {plain(row.entropy)} bits per byte ({row.entropy_says})
      </caption>
      <thead>
        <tr>
          <th scope="col">at</th>
          <th scope="col">bytes</th>
          <th scope="col">looks like</th>
          <th scope="col">why</th>
        </tr>
      </thead>
      <tbody>
        {row.fields.map(({ offset, bytes, looks_like, why }) => (
          <tr key={offset}>
            <th scope="row">{offset}</th>
            <td>{bytes}</td>
            <td>{looks_like}</td>
            <td>{why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
