import { useMemo } from "react";
import type uPlot from "uplot";
import { clock, moment } from "#base/time-words.ts";
import type { PlayerPoint } from "#schema/player.ts";
import { axisOf, type Colour, Plot } from "#web/charts/plot.tsx";
import { Notice } from "#web/parts/notice.tsx";

const lines = [
  { name: "score", label: "score", colour: "--accent", width: 2 },
  { name: "classic", label: "four heuristics", colour: "--to-client", width: 1 },
  { name: "rhythm", label: "rhythm and order", colour: "--good", width: 1 },
] as const;

/** Hours and minutes; seconds when the marks stand closer than a minute. */
const tick = (seconds: number, [first = 0, second = 0]: readonly number[]): string =>
  second - first < 60 ? clock(seconds * 1e6) : clock(seconds * 1e6).slice(0, 5);

const optionsOf = (colour: Colour): Omit<uPlot.Options, "width" | "height"> => ({
  padding: [10, 14, 0, 0],
  legend: { show: false },
  cursor: { y: false, drag: { x: false, y: false } },
  scales: { y: { range: [0, 1] } },
  axes: [
    { ...axisOf(colour), size: 26, space: 70, values: (_plot, splits) => splits.map((split) => tick(split, splits)) },
    { ...axisOf(colour), size: 46, splits: () => [0, 0.25, 0.5, 0.75, 1], values: (_plot, splits) => splits.map(String) },
  ],
  series: [
    {},
    ...lines.map((line) => ({
      label: line.label,
      stroke: colour(line.colour),
      width: line.width,
      spanGaps: true,
      points: { size: 5 },
    })),
  ],
});

/** How the score went, with the two scorers that it comes from. */
export function ScorePlot({ history }: { readonly history: readonly PlayerPoint[] }) {
  const judged = history.filter(({ score }) => score !== undefined);
  const last = judged.at(-1);
  const data = useMemo(() => columnsOf(history), [history]);
  if (last === undefined) return <Notice title="Nothing judges this player.">A score needs opcodes that a plugin reads.</Notice>;
  const [first] = judged;
  return (
    <>
      <ul className="player-legend">
        {lines.map((line) => (
          <li key={line.name} style={{ ["--colour" as string]: `var(${line.colour})` }}>
            <span className="swatch">{line.label}</span>{" "}
            <b className="num">{last[line.name] === undefined ? "–" : (last[line.name] ?? 0).toFixed(2)}</b>
          </li>
        ))}
        <li className="dim">
          {moment(first?.time).slice(0, 16)} to {moment(last.time).slice(0, 16)}
        </li>
      </ul>
      <div className="player-plot">
        <Plot label={`Score over time, now ${(last.score ?? 0).toFixed(2)}`} data={data} options={optionsOf} shape="score" />
      </div>
    </>
  );
}

function columnsOf(history: readonly PlayerPoint[]): uPlot.AlignedData {
  const judged = history.filter(({ score }) => score !== undefined);
  // uPlot wants null where nothing is.
  const column = (name: (typeof lines)[number]["name"]) => judged.map((point) => point[name] ?? null);
  return [judged.map(({ time }) => time / 1e6), column("score"), column("classic"), column("rhythm")];
}
